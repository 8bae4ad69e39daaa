package io.llmspell.state;

import io.llmspell.core.state.StateKey;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Tells of most keys that they are not in a map, without a search: nearly all reads are of keys that are not ephemeral.
 *
 * <pre>
 * bits     one for each hash, set while there is a key with it; small, so that it stays close to the processor.
 * counts   how many such keys there are, made with the first; under the lock of the map. One that has reached its end stays.
 * </pre>
 */
final class KeyFilter {
    private static final int LEAST = 1 << 6;
    private static final int MOST = 1 << 16;
    private static final byte END = Byte.MAX_VALUE;

    private final AtomicLongArray bits;
    private final int mask;
    private byte[] counts = {};

    /** Makes a filter for so many keys, of which it lets through one of about nine that are not there. */
    KeyFilter(int keys) {
        int size = LEAST;
        while (size < MOST && size < 8L * keys) {
            size <<= 1;
        }
        this.mask = size - 1;
        this.bits = new AtomicLongArray(size >>> 6);
    }

    boolean mayHold(StateKey key) {
        int place = place(key);
        return (bits.getAcquire(place >>> 6) & (1L << place)) != 0;
    }

    /** Before a key comes, with 1, and after it has gone, with -1; by one thread at a time. */
    void counted(StateKey key, int more) {
        if (counts.length == 0) {
            counts = new byte[mask + 1];
        }
        int place = place(key);
        if (counts[place] == END) {
            return;
        }
        counts[place] = (byte) (counts[place] + more);
        long bit = 1L << place;
        long word = bits.get(place >>> 6);
        bits.set(place >>> 6, counts[place] == 0 ? word & ~bit : word | bit);
    }

    private int place(StateKey key) {
        int hash = key.hashCode();
        return (hash ^ (hash >>> 16)) & mask;
    }
}

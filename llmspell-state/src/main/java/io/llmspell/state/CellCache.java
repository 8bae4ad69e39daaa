package io.llmspell.state;

import io.llmspell.core.state.StateKey;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the store holds under the keys that were used last, absent ones too. Never older than an acknowledged commit.
 *
 * <pre>
 * stripes   one word for each stripe of keys: the low bits count the commits in flight, the high bits count those begun.
 *           A writer begins before its batch is queued and ends after it was acknowledged or has failed.
 * cells     put by the commit listener, so in commit order; filled by readers under the rule below.
 *
 * Rule: a reader that misses notes the word, reads the store, and fills only if the word was at rest and is still the
 * same; the check and the fill are one step under the lock of the stripe, and so are begin and the listener's put. So from the
 * begin of a commit to its end nobody fills its stripe: what was cached before stays until the listener replaces it, and
 * what was read before the commit cannot come in after it.
 * </pre>
 */
final class CellCache {
    private static final int STRIPES = 1 << 10;
    private static final long BEGUN = 1L << 20;
    private static final long IN_FLIGHT = BEGUN - 1;

    private final AtomicLongArray stripes = new AtomicLongArray(STRIPES);
    private final Object[] locks = new Object[STRIPES];
    private final BoundedCells cells;
    private final int size;

    /** Makes a cache for so many values of up to 4 KiB of JSON; larger ones count several times. */
    CellCache(int size) {
        Arrays.setAll(locks, stripe -> new Object());
        this.size = size;
        this.cells = new BoundedCells(size, BoundedCells.Entry.AT_THE_NEWEST, (key, more) -> {});
    }

    Cell get(StateKey key, Function<StateKey, Cell> store) {
        Cell cached = cells.get(key);
        return cached == null ? load(key, store) : cached;
    }

    /** What is in the cache, or null. */
    @Nullable Cell cached(StateKey key) {
        return cells.get(key);
    }

    private Cell load(StateKey key, Function<StateKey, Cell> store) {
        int stripe = stripe(key);
        long word = stripes.get(stripe);
        Cell loaded = store.apply(key);
        if ((word & IN_FLIGHT) == 0) {
            synchronized (locks[stripe]) {
                if (stripes.get(stripe) == word) {
                    keep(key, loaded);
                    return loaded;
                }
            }
        }
        // A commit was or is under way, so the store may be ahead of a value that was cached since this read missed;
        // whoever
        // reads next meets that value, and must not see an older one than this read gives.
        Cell since = cells.get(key);
        return since == null ? loaded : since;
    }

    /** Under the lock of the stripe. One that is too large for the whole cache is not kept. */
    private void keep(StateKey key, Cell cell) {
        if (cell.weight() > size) {
            cells.remove(key);
        } else {
            cells.put(key, cell);
        }
    }

    /** Before a batch that writes the key is queued. Under the lock, so that a fill that was checked has landed. */
    void begin(StateKey key) {
        int stripe = stripe(key);
        synchronized (locks[stripe]) {
            stripes.addAndGet(stripe, BEGUN + 1);
        }
    }

    /**
     * In the commit listener: what the key holds from now on. With another commit in flight the store may be ahead
     * already, since a group is written as one, and a reader that missed may have seen that: then nothing is cached, so
     * that no later read goes back.
     */
    void put(StateKey key, Cell cell) {
        int stripe = stripe(key);
        synchronized (locks[stripe]) {
            if ((stripes.get(stripe) & IN_FLIGHT) > 1) {
                cells.remove(key);
            } else {
                keep(key, cell);
            }
        }
    }

    /** After the batch was acknowledged or has failed; once for each begin. */
    void end(StateKey key) {
        stripes.decrementAndGet(stripe(key));
    }

    private static int stripe(StateKey key) {
        int hash = key.hashCode();
        return (hash ^ (hash >>> 16)) & (STRIPES - 1);
    }
}

package io.llmspell.storage.spi;

import io.llmspell.core.storage.Bytes;

/**
 * The keys of a log's index: length of the prefix in 2 bytes, prefix, position in 8 bytes.
 *
 * <p>The length in front keeps all positions of one prefix together and in order, also if another prefix begins with
 * it. <b>Threads:</b> safe.
 */
public final class IndexKeys {
    private IndexKeys() {}

    /**
     * The range of all positions under a prefix is the prefix range of this.
     *
     * @param prefix the prefix that was given to the append
     * @return what the index keys of the prefix begin with
     */
    public static Bytes prefix(Bytes prefix) {
        byte[] length = {(byte) (prefix.length() >>> 8), (byte) prefix.length()};
        return Bytes.own(length).plus(prefix);
    }

    /**
     * The key of one append.
     *
     * @param prefix the prefix that was given to it
     * @param position its position
     * @return the key
     */
    public static Bytes key(Bytes prefix, long position) {
        return prefix(prefix).plus(Bytes.ofLong(position));
    }

    /**
     * The position in a key.
     *
     * @param key an index key
     * @return the position as the log's own key
     */
    public static Bytes position(Bytes key) {
        return key.slice(key.length() - Long.BYTES, key.length());
    }
}

package io.llmspell.core.storage;

/**
 * A range of keys, in unsigned byte order.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param from the first key, included
 * @param to the end, excluded; the empty sequence means no end
 * @param reverse whether a scan goes from the last key to the first
 */
public record Range(Bytes from, Bytes to, boolean reverse) {
    /**
     * All keys.
     *
     * @return the range
     */
    public static Range all() {
        return new Range(Bytes.empty(), Bytes.empty(), false);
    }

    /**
     * All keys that begin with a prefix.
     *
     * @param prefix the prefix
     * @return the range
     */
    public static Range prefix(Bytes prefix) {
        return new Range(prefix, prefix.prefixEnd(), false);
    }

    /**
     * The same keys in the other direction.
     *
     * @return the range
     */
    public Range reversed() {
        return new Range(from, to, !reverse);
    }

    /**
     * Whether a key lies in the range.
     *
     * @param key the key
     * @return true if it does
     */
    public boolean contains(Bytes key) {
        return key.compareTo(from) >= 0 && (to.length() == 0 || key.compareTo(to) < 0);
    }
}

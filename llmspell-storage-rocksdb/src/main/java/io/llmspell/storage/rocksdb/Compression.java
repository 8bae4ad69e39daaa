package io.llmspell.storage.rocksdb;

/**
 * How table files are compressed; the log is not. A store opens whatever its tables were written with.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum Compression {
    /** Not at all. */
    NONE,
    /** Fast, about half the size of text. */
    LZ4,
    /** Smaller, about a quarter of the size of text, and slower to write. */
    ZSTD
}

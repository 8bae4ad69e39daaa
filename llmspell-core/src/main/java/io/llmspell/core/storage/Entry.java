package io.llmspell.core.storage;

/**
 * A key with its value and revision.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param key the key
 * @param stored value and revision
 */
public record Entry(Bytes key, Stored stored) {}

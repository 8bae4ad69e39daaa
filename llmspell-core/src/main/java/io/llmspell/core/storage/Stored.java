package io.llmspell.core.storage;

/**
 * A value with its revision.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param value the value
 * @param revision the number of the commit that wrote it, from 1
 */
public record Stored(Bytes value, long revision) {}

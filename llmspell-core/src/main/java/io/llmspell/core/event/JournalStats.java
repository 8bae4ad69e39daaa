package io.llmspell.core.event;

/**
 * Counters and borders of a journal.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param appended events of this process that the journal wrote behind the publishers; those of changes are not counted
 * @param lost events that the journal should have kept and could not take: its queue was full, or the store failed
 * @param buffered events that wait to be written
 * @param oldest the position of the oldest event that is kept, 1 above {@code newest} if none is
 * @param newest the position of the newest event, 0 if there never was one
 */
public record JournalStats(long appended, long lost, long buffered, long oldest, long newest) {}

package io.llmspell.core.event;

/**
 * An event with its place in the journal.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param position its place, from 1, without gaps but for what retention has removed; cursors count positions
 * @param event the event, with secrets masked; its sequence is 0 if it never went out, or if another process has not
 *     yet noted it
 */
public record JournaledEvent(long position, UniversalEvent event) {}

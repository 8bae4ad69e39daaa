/**
 * The journal of a bus: what is kept in the store's log of events, how it is read, followed and thinned out.
 * Not here: numbers, queues and hooks of events ({@code io.llmspell.events}); links between events
 * ({@code io.llmspell.events.correlation}).
 * Start with {@link io.llmspell.events.journal.StoredJournal} and {@link io.llmspell.events.journal.JournalReader}.
 */
@NullMarked
package io.llmspell.events.journal;

import org.jspecify.annotations.NullMarked;

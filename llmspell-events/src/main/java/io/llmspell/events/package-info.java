/**
 * The event bus: subscriptions by pattern, a bounded queue for each, and delivery away from the publisher's
 * thread.
 * Not here: the event types and the bus contract, which are in {@code io.llmspell.core.event}, and the store
 * that keeps events, which the bus reaches through core.
 * Start with the contracts in {@code io.llmspell.core.event}; this package implements them.
 */
@NullMarked
package io.llmspell.events;

import org.jspecify.annotations.NullMarked;

package io.llmspell.core.event;

import java.time.Instant;

/**
 * An event that a handler failed on, as the bus remembers it.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param event the event
 * @param subscriptionId whose handler failed
 * @param pattern the pattern of the subscription
 * @param code the code of the error, such as {@code timeout}
 * @param text what the error said, with secrets masked
 * @param at when, by the wall clock
 */
public record DeadLetter(
        UniversalEvent event, String subscriptionId, String pattern, String code, String text, Instant at) {}

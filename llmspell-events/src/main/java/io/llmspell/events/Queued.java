package io.llmspell.events;

import io.llmspell.core.event.UniversalEvent;

/**
 * What stands in a queue: an event without time to live stands there itself, one with it in this wrapper.
 *
 * @param event the event
 * @param expiresAt when it ends to be delivered, a reading of {@code TimeSource.nanos()}
 */
record Queued(UniversalEvent event, long expiresAt) {
    static final long NEVER = Long.MAX_VALUE;

    static Object of(UniversalEvent event, long expiresAt) {
        return expiresAt == NEVER ? event : new Queued(event, expiresAt);
    }

    static UniversalEvent event(Object item) {
        return item instanceof Queued queued ? queued.event : (UniversalEvent) item;
    }

    static boolean expired(long expiresAt, long now) {
        return expiresAt != NEVER && now - expiresAt >= 0;
    }
}

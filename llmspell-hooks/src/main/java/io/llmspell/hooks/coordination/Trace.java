package io.llmspell.hooks.coordination;

import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonObject;
import java.time.Instant;
import java.util.List;

/**
 * What happened in one run, over all components.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param correlation the run
 * @param events in the order in which they were noted; copied
 * @param dropped how many older ones there were
 */
public record Trace(CorrelationId correlation, List<Event> events, long dropped) {
    /**
     * Copies the events.
     *
     * @param correlation the run
     * @param events the events
     * @param dropped how many older ones there were
     */
    public Trace {
        events = List.copyOf(events);
    }

    /**
     * One event.
     *
     * @param timestamp when, by the wall clock
     * @param component where
     * @param type what happened, such as {@code step.started}
     * @param details more about it
     */
    public record Event(Instant timestamp, Component component, String type, JsonObject details) {}
}

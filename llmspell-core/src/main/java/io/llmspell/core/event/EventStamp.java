package io.llmspell.core.event;

import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the bus adds to a {@link EventDraft draft} to make an {@link UniversalEvent event}.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param id unique, time-ordered
 * @param timestamp when, by the wall clock
 * @param sequence its place in the order of the bus
 * @param language the language in which it was published
 * @param correlation the run
 * @param traceparent the W3C trace context, or null
 * @param schemaVersion the version of the event's form
 */
public record EventStamp(
        UUID id,
        Instant timestamp,
        long sequence,
        Language language,
        CorrelationId correlation,
        @Nullable String traceparent,
        String schemaVersion) {}

package io.llmspell.core.event;

import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened. The bus makes events from {@link EventDraft drafts}; readers of kept events make them again
 * with {@link #of}.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param id unique, time-ordered
 * @param type dot-separated words, such as {@code tool.completed}
 * @param payload a JSON value
 * @param source what it happened to or in
 * @param language the language in which it was published
 * @param timestamp when, by the wall clock; for people, not for order
 * @param sequence its place in the order of the bus, from 1; never goes back
 * @param correlation the run
 * @param causation the id of the event that caused it, or null
 * @param target for whom it is meant, or null
 * @param priority how urgent it was to the publisher, or null; it never changes the order
 * @param tags free words; copied
 * @param attributes members of the publisher's own
 * @param ttl how long after its publication it is still delivered, or null for always
 * @param traceparent the W3C trace context in which it was published, or null
 * @param schemaVersion the version of the event's form
 */
public record UniversalEvent(
        UUID id,
        String type,
        @Nullable Object payload,
        Component source,
        Language language,
        Instant timestamp,
        long sequence,
        CorrelationId correlation,
        @Nullable String causation,
        @Nullable String target,
        @Nullable Integer priority,
        Set<String> tags,
        JsonObject attributes,
        @Nullable Duration ttl,
        @Nullable String traceparent,
        String schemaVersion) {
    /** The version of the form that this release writes. */
    public static final String SCHEMA_VERSION = "1.0";

    /**
     * Copies the tags.
     *
     * @param id the id
     * @param type the type
     * @param payload the payload
     * @param source the source
     * @param language the language
     * @param timestamp when
     * @param sequence its number
     * @param correlation the run
     * @param causation the cause, or null
     * @param target for whom, or null
     * @param priority how urgent, or null
     * @param tags free words
     * @param attributes further members
     * @param ttl time to live, or null
     * @param traceparent the trace context, or null
     * @param schemaVersion the version
     */
    public UniversalEvent {
        tags = Set.copyOf(tags);
    }

    /**
     * An event from what its publisher said and what the bus added.
     *
     * @param draft what the publisher said
     * @param stamp what the bus added
     * @return the event
     */
    public static UniversalEvent of(EventDraft draft, EventStamp stamp) {
        return new UniversalEvent(
                stamp.id(),
                draft.type(),
                draft.payload(),
                draft.source(),
                stamp.language(),
                stamp.timestamp(),
                stamp.sequence(),
                stamp.correlation(),
                draft.causation(),
                draft.target(),
                draft.priority(),
                draft.tags(),
                draft.attributes(),
                draft.ttl(),
                stamp.traceparent(),
                stamp.schemaVersion());
    }

    /**
     * What the publisher said, to be published again.
     *
     * @return a draft with all members but those of {@link #stamp}
     */
    public EventDraft draft() {
        return new EventDraft(type, payload, source, causation, target, priority, tags, attributes, ttl, false);
    }

    /**
     * What the bus added.
     *
     * @return the stamp
     */
    public EventStamp stamp() {
        return new EventStamp(id, timestamp, sequence, language, correlation, traceparent, schemaVersion);
    }
}

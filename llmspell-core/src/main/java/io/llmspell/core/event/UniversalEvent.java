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
 * Something that happened. Only the bus makes events, from {@link EventDraft drafts}.
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
 * @param tags free words; copied
 * @param attributes members of the publisher's own
 * @param ttl how long after its publication it is still delivered, or null for always
 * @param schemaVersion the version of the payload's form
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
        Set<String> tags,
        JsonObject attributes,
        @Nullable Duration ttl,
        String schemaVersion) {
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
     * @param tags free words
     * @param attributes further members
     * @param ttl time to live, or null
     * @param schemaVersion the version
     */
    public UniversalEvent {
        tags = Set.copyOf(tags);
    }
}

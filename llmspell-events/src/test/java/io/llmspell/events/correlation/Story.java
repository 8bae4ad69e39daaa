package io.llmspell.events.correlation;

import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventStamp;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes events that happened at given moments. */
final class Story {
    static final Instant BEGIN = Instant.parse("2026-01-02T03:04:05Z");

    private final List<UniversalEvent> events = new ArrayList<>();

    static UUID id(long number) {
        return new UUID(7, number);
    }

    Story add(long millis, String type, String component) {
        return add(millis, type, component, "run", null);
    }

    Story add(long millis, String type, String component, String run, @Nullable UUID cause) {
        long number = events.size() + 1L;
        EventDraft draft = EventDraft.of(
                        type, JsonObject.of("n", number), Component.named(ComponentType.SYSTEM, component))
                .withLinks(cause == null ? null : cause.toString(), null)
                .withTags(Set.of("t" + number % 2));
        EventStamp stamp = new EventStamp(
                id(number),
                BEGIN.plusMillis(millis),
                number,
                number % 2 == 0 ? Language.LUA : Language.JAVA,
                new CorrelationId(run),
                null,
                UniversalEvent.SCHEMA_VERSION);
        events.add(UniversalEvent.of(draft, stamp));
        return this;
    }

    List<UniversalEvent> events() {
        return List.copyOf(events);
    }
}

package io.llmspell.events;

import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Events and their parts as JSON values. */
final class EventJson {
    private EventJson() {}

    /** The whole event but its sequence, with the payload in the form that is given. */
    static JsonObject record(UniversalEvent event, @Nullable Object payload, @Nullable Object attributes) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("id", event.id().toString());
        members.put("type", event.type());
        members.put("payload", payload);
        members.put(
                "source",
                JsonObject.of(
                        "type",
                        event.source().type().name(),
                        "name",
                        event.source().name(),
                        "id",
                        event.source().id().toString()));
        members.put("language", event.language().id());
        members.put("timestamp", event.timestamp().toString());
        members.put("correlation_id", event.correlation().text());
        putUnlessNull(members, "causation_id", event.causation());
        putUnlessNull(members, "target", event.target());
        members.put("tags", tags(event.tags()));
        members.put("attributes", attributes);
        putUnlessNull(members, "ttl_seconds", seconds(event.ttl()));
        members.put("schema_version", event.schemaVersion());
        return JsonValues.object(members, JsonLimits.TOOL);
    }

    private static void putUnlessNull(Map<String, @Nullable Object> members, String name, @Nullable Object value) {
        if (value != null) {
            members.put(name, value);
        }
    }

    /** Sorted, so that equal events have equal texts. */
    static JsonArray tags(Set<String> tags) {
        return JsonArray.of(tags.stream().sorted().toArray());
    }

    /** A time to live as a number of seconds, whole ones as an integer. */
    static @Nullable Object seconds(@Nullable Duration ttl) {
        if (ttl == null) {
            return null;
        }
        return ttl.getNano() == 0
                ? (Object) ttl.getSeconds()
                : BigDecimal.valueOf(ttl.getSeconds()).add(BigDecimal.valueOf(ttl.getNano(), 9));
    }
}

package io.llmspell.bridge.globals;

import io.llmspell.core.event.UniversalEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** An event as scripts see it. */
final class EventView {
    private EventView() {}

    static Map<String, @Nullable Object> of(UniversalEvent event) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("id", event.id().toString());
        shown.put("event_type", event.type());
        shown.put("type", event.type());
        shown.put("data", event.payload());
        shown.put("payload", event.payload());
        shown.put("timestamp", event.timestamp().toString());
        shown.put("sequence", event.sequence());
        shown.put("correlation_id", event.correlation().text());
        shown.put("causation_id", event.causation());
        shown.put("language", event.language().id());
        shown.put("ttl", ttl(event));
        shown.put("source", source(event));
        shown.put("target", event.target());
        shown.put("metadata", metadata(event));
        shown.put("schema_version", event.schemaVersion());
        shown.put("version", event.schemaVersion());
        return shown;
    }

    private static @Nullable Object ttl(UniversalEvent event) {
        if (event.ttl() == null) {
            return null;
        }
        long millis = event.ttl().toMillis();
        return millis % 1000 == 0 ? (Object) (millis / 1000) : (Object) (millis / 1000.0);
    }

    private static Map<String, Object> source(UniversalEvent event) {
        Map<String, Object> source = new LinkedHashMap<>();
        source.put("component", event.source().name());
        source.put("instance_id", event.source().id().toString());
        source.put("language", event.language().id());
        return source;
    }

    private static Map<String, @Nullable Object> metadata(UniversalEvent event) {
        Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
        metadata.put("correlation_id", event.correlation().text());
        metadata.put("source", event.source().name());
        metadata.put("source_language", event.language().id());
        metadata.put("target", event.target());
        metadata.put("tags", List.copyOf(new TreeSet<>(event.tags())));
        metadata.put("priority", event.priority());
        metadata.put("ttl", ttl(event));
        metadata.put("timestamp", event.timestamp().toString());
        metadata.putAll(event.attributes());
        return metadata;
    }
}

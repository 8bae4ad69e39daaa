package io.llmspell.events.correlation;

import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.redact.Redactor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Timelines as JSON values, with secrets masked. */
final class TimelineJson {
    private final Redactor redactor;

    TimelineJson(Redactor redactor) {
        this.redactor = redactor;
    }

    Map<String, Object> of(Timeline timeline) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("entries", timeline.entries().stream().map(this::entry).toList());
        json.put(
                "causal_chains",
                timeline.causalChains().stream().map(TimelineJson::ids).toList());
        json.put("stats", stats(timeline.stats()));
        return json;
    }

    private Map<String, Object> entry(Timeline.Entry entry) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("event", event(entry.event()));
        json.put("position", (long) entry.position());
        json.put("relative_time_ms", entry.millis());
        json.put("causality_depth", (long) entry.depth());
        json.put("causes", entry.causes().stream().map(TimelineJson::link).toList());
        json.put("effects", ids(entry.effects()));
        json.put("concurrent", ids(entry.concurrent()));
        return json;
    }

    private Map<String, @Nullable Object> event(UniversalEvent event) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", event.id().toString());
        json.put("event_type", event.type());
        json.put("component", event.source().name());
        json.put("component_type", event.source().type().name());
        json.put("timestamp", event.timestamp().toString());
        json.put("sequence", event.sequence());
        json.put("correlation_id", event.correlation().text());
        json.put("causation_id", event.causation());
        json.put("language", event.language().id());
        json.put("tags", List.copyOf(new TreeSet<>(event.tags())));
        json.put("data", redactor.value(event.payload()));
        json.put("attributes", redactor.value(event.attributes()));
        return json;
    }

    private static Map<String, Object> link(EventLink link) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("event_id", link.to().toString());
        json.put("relationship", link.kind().id());
        json.put("strength", link.strength());
        return json;
    }

    private static List<String> ids(List<UUID> ids) {
        return ids.stream().map(UUID::toString).toList();
    }

    private static Map<String, Object> stats(Timeline.Stats stats) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("events", (long) stats.events());
        json.put("left_out", (long) stats.left());
        json.put("correlations", (long) stats.correlations());
        json.put("components", (long) stats.components());
        json.put("duration_ms", stats.duration().toNanos() / 1e6);
        json.put("max_causality_depth", (long) stats.maxDepth());
        Map<String, Object> links = new TreeMap<>();
        stats.links().forEach((kind, count) -> links.put(kind.id(), (long) count));
        json.put("links", links);
        return json;
    }
}

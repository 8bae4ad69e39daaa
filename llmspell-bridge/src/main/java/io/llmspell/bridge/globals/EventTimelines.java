package io.llmspell.bridge.globals;

import io.llmspell.core.event.EventQuery;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.events.correlation.LinkKind;
import io.llmspell.events.correlation.Timeline;
import io.llmspell.events.correlation.TimelineQuery;
import io.llmspell.events.correlation.Timelines;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code Event.timeline}: what happened in a run, with causes. */
final class EventTimelines {
    private static final Set<String> QUERY = Set.of(
            "correlation_id",
            "correlation_ids",
            "event_type",
            "event_types",
            "start_time",
            "end_time",
            "components",
            "languages",
            "tags",
            "causality_depth_range",
            "relationships",
            "root_causes_only",
            "leaf_effects_only",
            "min_events",
            "max_events",
            "sort_order",
            "limit");
    private static final int MOST = 1_000_000;

    private final GlobalServices services;
    private final EventQueries queries;

    EventTimelines(GlobalServices services, EventQueries queries) {
        this.services = services;
        this.queries = queries;
    }

    Object timeline(ScriptCall call) {
        Map<String, @Nullable Object> raw =
                call.raw(0) instanceof String run ? Map.of("correlation_id", run) : call.map(0, "query");
        OptionReader options = new OptionReader(call.function(), raw, QUERY);
        Set<String> runs = new LinkedHashSet<>(options.texts("correlation_ids"));
        if (options.has("correlation_id")) {
            runs.add(options.text("correlation_id", ""));
        }
        TimelineQuery query = TimelineQuery.of(builder -> choose(call, options, builder.correlationIds(runs)));
        Timelines timelines = services.timelines().get();
        return shown(timelines, timelines.of(events(call, runs), query));
    }

    private List<UniversalEvent> events(ScriptCall call, Set<String> runs) {
        if (runs.isEmpty()) {
            return queries.read(call, EventQuery.all(), event -> true, MOST);
        }
        List<UniversalEvent> events = new ArrayList<>();
        for (String run : runs) {
            EventQuery one = EventQuery.all().run(new CorrelationId(run));
            events.addAll(queries.read(call, one, event -> true, MOST));
        }
        return events;
    }

    private static void choose(ScriptCall call, OptionReader options, TimelineQuery.Builder builder) {
        List<String> types = new ArrayList<>(options.texts("event_types"));
        types.addAll(EventQueries.types(options));
        builder.eventTypes(types)
                .timeRange(EventQueries.time(call, options, "start_time"), EventQueries.time(call, options, "end_time"))
                .components(Set.copyOf(options.texts("components")))
                .languages(options.texts("languages").stream()
                        .map(each -> OptionReader.language(call.function() + ": languages", each))
                        .collect(Collectors.toSet()))
                .tags(Set.copyOf(options.texts("tags")))
                .relationships(options.texts("relationships").stream()
                        .map(LinkKind::of)
                        .collect(Collectors.toSet()))
                .rootCausesOnly(options.flag("root_causes_only", false))
                .leafEffectsOnly(options.flag("leaf_effects_only", false))
                .eventsPerRun(
                        (int) options.whole("min_events", 0, 0, MOST), (int) options.whole("max_events", MOST, 0, MOST))
                .sortOrder(TimelineQuery.SortOrder.of(options.text("sort_order", "chronological_asc")))
                .limit(options.whole("limit", 1_000, 0, MOST));
        if (options.has("causality_depth_range")) {
            depths(call, options, builder);
        }
    }

    private static void depths(ScriptCall call, OptionReader options, TimelineQuery.Builder builder) {
        if (options.raw("causality_depth_range") instanceof List<?> range
                && range.size() == 2
                && range.get(0) instanceof Number least
                && range.get(1) instanceof Number most) {
            builder.causalityDepth(least.intValue(), most.intValue());
            return;
        }
        throw call.wrong(
                0, "causality_depth_range", "{least, most}, two numbers", options.raw("causality_depth_range"));
    }

    /** As JSON, but with events as scripts see them everywhere. */
    private static Object shown(Timelines timelines, Timeline timeline) {
        Map<String, Object> shown = new LinkedHashMap<>(timelines.json(timeline));
        List<Object> entries = new ArrayList<>();
        for (Object each : (List<?>) shown.getOrDefault("entries", List.of())) {
            Map<String, @Nullable Object> entry = new LinkedHashMap<>();
            ((Map<?, ?>) each).forEach((name, value) -> entry.put((String) name, value));
            entry.put(
                    "event", EventView.of(timeline.entries().get(entries.size()).event()));
            entries.add(entry);
        }
        shown.put("entries", entries);
        return shown;
    }
}

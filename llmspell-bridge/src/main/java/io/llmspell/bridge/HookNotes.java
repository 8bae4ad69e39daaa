package io.llmspell.bridge;

import io.llmspell.bridge.globals.HookFigures;
import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.hook.HookMetrics;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All hooks of a registry at a moment, as JSON.
 *
 * @param rows the hooks in running order, by their ids
 * @param points what {@link HookRegistry#explain} says of the points that have hooks
 */
record HookNotes(Map<String, Map<String, @Nullable Object>> rows, Map<String, String> points) {
    private static final HookFilter ALL =
            new HookFilter(null, null, null, null, HookOptions.HIGHEST, HookOptions.LOWEST, true);

    static HookNotes of(HookRegistry registry) {
        Map<String, Map<String, @Nullable Object>> rows = new LinkedHashMap<>();
        Set<HookPoint> points = new LinkedHashSet<>();
        Map<String, HookMetrics> figures = registry.metricsById(ALL);
        for (HookInfo hook : registry.list(ALL)) {
            rows.put(hook.id(), row(hook, figures.get(hook.id())));
            points.add(hook.point());
        }
        Map<String, String> texts = new LinkedHashMap<>();
        points.forEach(point -> texts.put(point.name(), registry.explain(point)));
        return new HookNotes(rows, texts);
    }

    private static Map<String, @Nullable Object> row(HookInfo hook, @Nullable HookMetrics metrics) {
        HookOptions options = hook.options();
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("hook_point", hook.point().name());
        row.put("name", hook.name());
        row.put("id", hook.id());
        row.put("band", hook.system() ? "system" : "user");
        row.put("priority", (long) options.priority());
        row.put("failure_policy", options.failurePolicy().name().toLowerCase(Locale.ROOT));
        row.put("language", hook.language().id());
        row.put("version", options.version());
        row.put("description", options.description());
        row.put("tags", List.copyOf(options.sortedTags()));
        row.put("enabled", hook.enabled());
        if (metrics != null) {
            row.put("breaker", metrics.breaker().id());
            row.put("metrics", HookFigures.of(metrics));
        }
        return row;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** The hooks of these notes that are no longer registered. */
    List<Map<String, @Nullable Object>> goneFrom(HookRegistry registry) {
        Set<String> there = registry.list(ALL).stream().map(HookInfo::id).collect(Collectors.toSet());
        List<Map<String, @Nullable Object>> missing = new ArrayList<>();
        rows.forEach((id, row) -> {
            if (!there.contains(id)) {
                missing.add(row);
            }
        });
        return missing;
    }
}

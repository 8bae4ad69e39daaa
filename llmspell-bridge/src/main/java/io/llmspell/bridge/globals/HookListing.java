package io.llmspell.bridge.globals;

import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.hook.HookMetrics;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookPointInfo;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptFunction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Shows scripts which hooks there are, in which order they run and what they cost. */
final class HookListing {
    private static final Set<String> FILTER =
            Set.of("hook_point", "point", "language", "priority", "tag", "name", "system");
    private static final HookFilter ALL =
            new HookFilter(null, null, null, null, HookOptions.HIGHEST, HookOptions.LOWEST, true);

    private final HookRegistry registry;

    HookListing(HookRegistry registry) {
        this.registry = registry;
    }

    List<ScriptFunction> functions() {
        return List.of(
                ScriptFunction.plain("list", "point or filter?", "The registered hooks in running order.", this::list),
                ScriptFunction.plain("points", "", "All hook points of the house.", call -> points()),
                ScriptFunction.plain(
                        "explain", "point", "Which hooks run at a point, in which order and why.", this::explain),
                ScriptFunction.plain(
                        "metrics", "name?", "The figures of a hook, or of all hooks by name.", this::metrics));
    }

    private Object list(ScriptCall call) {
        return rows(filter(call));
    }

    private List<Object> rows(HookFilter filter) {
        Map<String, HookMetrics> figures = registry.metricsById(filter);
        List<Object> rows = new ArrayList<>();
        for (HookInfo hook : registry.list(filter)) {
            rows.add(row(hook, figures.get(hook.id())));
        }
        return rows;
    }

    private static HookFilter filter(ScriptCall call) {
        if (call.raw(0) instanceof String point) {
            return HookFilter.at(HookPoint.parse(point));
        }
        OptionReader wanted = new OptionReader(call.function(), call.map(0, "filter"), FILTER);
        String point = wanted.has("hook_point") ? wanted.optionalText("hook_point") : wanted.optionalText("point");
        boolean anyPriority = !wanted.has("priority");
        int priority = HookRegistrar.priority(wanted.raw("priority"));
        return new HookFilter(
                point == null ? null : HookPoint.parse(point),
                wanted.language("language"),
                wanted.optionalText("tag"),
                wanted.optionalText("name"),
                anyPriority ? HookOptions.HIGHEST : priority,
                anyPriority ? HookOptions.LOWEST : priority,
                wanted.flag("system", false));
    }

    private static Map<String, @Nullable Object> row(HookInfo hook, @Nullable HookMetrics figures) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("name", hook.name());
        row.put("id", hook.id());
        row.put("hook_point", hook.point().name());
        row.put("priority", HookRegistrar.level(hook.options().priority()));
        row.put("language", hook.language().id());
        row.put("version", hook.options().version());
        row.put("description", hook.options().description());
        row.put("tags", List.copyOf(hook.options().sortedTags()));
        row.put("enabled", hook.enabled());
        row.put("breaker", figures == null ? null : figures.breaker().id());
        return row;
    }

    private static Object points() {
        List<Object> rows = new ArrayList<>();
        for (HookPointInfo point : HookPoint.known()) {
            List<String> results =
                    point.phase().results().stream().map(HookResultKind::id).toList();
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", point.name());
            row.put("group", point.group());
            row.put("results", results);
            rows.add(row);
        }
        return rows;
    }

    private Object explain(ScriptCall call) {
        HookPoint point = HookPoint.parse(call.text(0, "point"));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("hooks", rows(HookFilter.at(point)));
        answer.put("text", registry.explain(point));
        return answer;
    }

    private Object metrics(ScriptCall call) {
        if (call.has(0)) {
            return figures(call.text(0, "name"));
        }
        Map<String, Map<String, Object>> byPoint = new LinkedHashMap<>();
        Map<String, HookMetrics> byId = registry.metricsById(ALL);
        for (HookInfo hook : registry.list(ALL)) {
            HookMetrics own = byId.get(hook.id());
            if (own != null) {
                byPoint.computeIfAbsent(hook.name(), name -> new LinkedHashMap<>())
                        .put(hook.point().name(), HookFigures.of(own));
            }
        }
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        registry.metricsByName(ALL).forEach((name, figures) -> {
            Map<String, @Nullable Object> row = HookFigures.of(figures);
            row.put("by_point", byPoint.getOrDefault(name, Map.of()));
            all.put(name, row);
        });
        return all;
    }

    private Map<String, @Nullable Object> figures(String name) {
        Map<String, @Nullable Object> figures = HookFigures.of(registry.metrics(name));
        Map<String, Object> points = new LinkedHashMap<>();
        registry.metricsByPoint(name).forEach((point, own) -> points.put(point.name(), HookFigures.of(own)));
        figures.put("by_point", points);
        return figures;
    }
}

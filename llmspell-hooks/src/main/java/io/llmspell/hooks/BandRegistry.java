package io.llmspell.hooks;

import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookPointInfo;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.hook.ReactiveHook;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The registry as it is handed out: it registers in one band and lists all of them. */
final class BandRegistry implements HookRegistry {
    private static final Map<String, Integer> CATALOGUE = catalogue();

    private final HookTable table;
    private final Band band;

    BandRegistry(HookTable table, Band band) {
        this.table = table;
        this.band = band;
    }

    private static Map<String, Integer> catalogue() {
        Map<String, Integer> places = new HashMap<>();
        for (HookPointInfo point : HookPoint.known()) {
            places.put(point.name(), places.size());
        }
        return places;
    }

    @Override
    public HookHandle register(HookPoint point, HookOptions options, Hook hook) {
        return add(point, options, new HookCode.Direct(Objects.requireNonNull(hook, "hook")));
    }

    @Override
    public HookHandle registerReactive(HookPoint point, HookOptions options, ReactiveHook hook) {
        return add(point, options, new HookCode.Reactive(Objects.requireNonNull(hook, "hook")));
    }

    private HookHandle add(HookPoint point, HookOptions options, HookCode code) {
        return table.add(
                band, Objects.requireNonNull(point, "point"), Objects.requireNonNull(options, "options"), code);
    }

    @Override
    public List<HookInfo> list(HookFilter filter) {
        List<HookPoint> points = new ArrayList<>(table.points());
        points.sort((a, b) -> {
            int places = Integer.compare(place(a), place(b));
            return places == 0 ? a.name().compareTo(b.name()) : places;
        });
        return points.stream()
                .flatMap(point -> table.at(point).stream())
                .map(Registration::info)
                .filter(filter::accepts)
                .toList();
    }

    private static int place(HookPoint point) {
        return CATALOGUE.getOrDefault(point.name(), Integer.MAX_VALUE);
    }

    @Override
    public String explain(HookPoint point) {
        return Explanation.of(point, table.at(point));
    }
}

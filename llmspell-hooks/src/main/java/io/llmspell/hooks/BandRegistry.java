package io.llmspell.hooks;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.hook.AroundHook;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.hook.HookMetrics;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPhase;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookPointInfo;
import io.llmspell.core.hook.HookRegistration;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.ReactiveHook;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.text.Nearest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The registry as it is handed out: it registers in one band and lists all of them. */
final class BandRegistry implements HookRegistry {
    private static final Map<String, Integer> CATALOGUE = catalogue();

    private final HookTable table;
    private final Band band;
    private final @Nullable Caller by;

    BandRegistry(HookTable table, Band band, @Nullable Caller by) {
        this.table = table;
        this.band = band;
        this.by = by;
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
        return add(point, options, new HookCode.Direct(given(hook, "hook")));
    }

    @Override
    public HookHandle registerReactive(HookPoint point, HookOptions options, ReactiveHook hook) {
        return add(point, options, new HookCode.Reactive(given(hook, "hook")));
    }

    @Override
    public HookHandle registerAround(OperationKind kind, HookOptions options, AroundHook hook) {
        HookPoint point = HookPoint.around(kind);
        given(options, "hook options");
        return table.add(band, point, options, new HookCode.Around(given(hook, "hook")), by);
    }

    private HookHandle add(HookPoint point, HookOptions options, HookCode code) {
        return table.add(band, inner(point), given(options, "hook options"), code, by);
    }

    private static <T> T given(@Nullable T value, String what) {
        return ArgumentException.given(value, what, "given");
    }

    private static HookPoint inner(HookPoint point) {
        if (given(point, "hook point").info().phase() == HookPhase.AROUND) {
            throw new ArgumentException(
                    "hook point", point.name(), "a point that operations pass; around-hooks have registerAround");
        }
        return point;
    }

    @Override
    public List<HookHandle> registerAll(List<HookRegistration> hooks) {
        return List.copyOf(table.addAll(
                band,
                given(hooks, "hook registrations").stream()
                        .map(BandRegistry::wanted)
                        .toList(),
                by));
    }

    private static HookTable.Wanted wanted(HookRegistration each) {
        HookRegistration wanted = given(each, "hook registration");
        return new HookTable.Wanted(
                inner(wanted.point()),
                given(wanted.options(), "hook options"),
                new HookCode.Direct(given(wanted.hook(), "hook")));
    }

    @Override
    public int unregisterAll(HookFilter filter) {
        return table.removeAll(own(filter));
    }

    @Override
    public int enableAll(HookFilter filter, boolean on) {
        return (int) own(filter).stream()
                .filter(hook -> table.enable(hook, on) != on)
                .count();
    }

    /** The chosen hooks of the own band. */
    private List<Registration> own(HookFilter filter) {
        return all().stream()
                .filter(hook -> hook.band() == band && filter.accepts(hook.info()))
                .toList();
    }

    @Override
    public HookMetrics metrics(String name) {
        return table.metrics(named(name));
    }

    @Override
    public Map<HookPoint, HookMetrics> metricsByPoint(String name) {
        Map<HookPoint, HookMetrics> byPoint = new LinkedHashMap<>();
        named(name).forEach(hook -> byPoint.put(hook.info().point(), hook.metrics()));
        return Collections.unmodifiableMap(byPoint);
    }

    @Override
    public Map<String, HookMetrics> metricsByName(HookFilter filter) {
        Map<String, List<Registration>> named = new LinkedHashMap<>();
        for (Registration hook : all()) {
            if (filter.accepts(hook.info())) {
                named.computeIfAbsent(hook.info().name(), name -> new ArrayList<>())
                        .add(hook);
            }
        }
        return Collections.unmodifiableMap(table.metrics(named));
    }

    @Override
    public Map<String, HookMetrics> metricsById(HookFilter filter) {
        Map<String, HookMetrics> byId = new LinkedHashMap<>();
        for (Registration hook : all()) {
            if (filter.accepts(hook.info())) {
                byId.put(hook.info().id(), hook.metrics());
            }
        }
        return Collections.unmodifiableMap(byId);
    }

    private List<Registration> named(String name) {
        List<Registration> all = all();
        List<Registration> named =
                all.stream().filter(hook -> hook.info().name().equals(name)).toList();
        if (named.isEmpty()) {
            Set<String> names = all.stream().map(hook -> hook.info().name()).collect(Collectors.toSet());
            throw HookException.notFound(name, Nearest.of(name, names));
        }
        return named;
    }

    @Override
    public List<HookInfo> list(HookFilter filter) {
        return all().stream().map(Registration::info).filter(filter::accepts).toList();
    }

    /** All hooks, by point in the order of the catalogue. */
    private List<Registration> all() {
        return table.read(() -> {
                    List<HookPoint> points = new ArrayList<>(table.points());
                    points.sort(BandRegistry::inOrder);
                    return points.stream()
                            .flatMap(point -> table.at(point).stream())
                            .toList();
                })
                .value();
    }

    /** Not composed of comparators, for which the JDK makes classes at run time: each script's end comes here. */
    private static int inOrder(HookPoint one, HookPoint other) {
        int places = Integer.compare(place(one), place(other));
        return places == 0 ? one.name().compareTo(other.name()) : places;
    }

    static int place(HookPoint point) {
        return CATALOGUE.getOrDefault(point.name(), Integer.MAX_VALUE);
    }

    @Override
    public String explain(HookPoint point) {
        return Explanation.of(point, table.read(() -> table.at(point)).value());
    }
}

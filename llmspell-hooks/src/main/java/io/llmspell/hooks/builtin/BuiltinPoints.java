package io.llmspell.hooks.builtin;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookPhase;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookPointInfo;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Lists of hook points in settings. */
final class BuiltinPoints {
    private BuiltinPoints() {}

    /** All points of the house; custom points are no part of it and can be named one by one. */
    static List<HookPoint> all() {
        return HookPoint.known().stream()
                .map(HookPointInfo::name)
                .map(HookPoint::new)
                .toList();
    }

    /** Reads an option that lists points. */
    static List<HookPoint> read(ConfigSection options, String name, List<HookPoint> fallback) {
        if (!options.has(name)) {
            return fallback;
        }
        Set<HookPoint> points = new LinkedHashSet<>();
        for (String text : options.texts(name, List.of())) {
            points.add(point(options, name, text));
        }
        return List.copyOf(new ArrayList<>(points));
    }

    private static HookPoint point(ConfigSection options, String name, String text) {
        try {
            HookPoint point = HookPoint.parse(text);
            if (point.info().phase() != HookPhase.AROUND) {
                return point;
            }
        } catch (HookException unknown) {
            throw options.wrong(name, "a list of hook points: " + unknown.text());
        }
        throw options.wrong(name, "a list of hook points, without the places of around-hooks");
    }

    /** The names as configuration and statistics show them. */
    static List<String> names(List<HookPoint> points) {
        return points.stream().map(HookPoint::name).toList();
    }
}

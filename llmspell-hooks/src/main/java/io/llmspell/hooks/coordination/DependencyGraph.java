package io.llmspell.hooks.coordination;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.text.Nearest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Names that need each other, without a circle; immutable. */
final class DependencyGraph {
    /** By name, in topological order; what nothing orders keeps the order in which it was declared. */
    private final Map<String, Set<String>> needs = new LinkedHashMap<>();

    private DependencyGraph() {}

    /**
     * Checks and orders a graph.
     *
     * @param what what the names are, for messages, such as {@code features}
     * @param declared by name what it needs
     */
    static DependencyGraph of(String what, Map<String, ? extends Collection<String>> declared) {
        declared.forEach((name, needed) -> needed.forEach(each -> checkKnown(what, name, each, declared.keySet())));
        DependencyGraph graph = new DependencyGraph();
        Map<String, Collection<String>> rest = new LinkedHashMap<>(declared);
        boolean progress = true;
        while (progress) {
            progress = rest.entrySet().removeIf(entry -> {
                boolean ready = graph.needs.keySet().containsAll(entry.getValue());
                if (ready) {
                    graph.needs.put(entry.getKey(), Set.copyOf(entry.getValue()));
                }
                return ready;
            });
        }
        if (!rest.isEmpty()) {
            throw cycle(what, rest);
        }
        return graph;
    }

    private static void checkKnown(String what, String name, String needed, Collection<String> known) {
        if (!known.contains(needed)) {
            throw unknown(what + " that \"" + name + "\" needs", needed, known);
        }
    }

    private static ArgumentException unknown(String what, String name, Collection<String> known) {
        String hint = Nearest.hint(name, known);
        return new ArgumentException(
                what, name, "one of " + String.join(", ", known) + (hint.isEmpty() ? "" : "; " + hint));
    }

    /** Every name of the rest needs one of the rest, so following them must come back to one that was met. */
    private static HookException cycle(String what, Map<String, Collection<String>> rest) {
        List<String> path = new ArrayList<>();
        String at = rest.keySet().iterator().next();
        while (!path.contains(at)) {
            path.add(at);
            at = rest.getOrDefault(at, Set.of()).stream()
                    .filter(rest::containsKey)
                    .findFirst()
                    .orElseThrow();
        }
        List<String> circle = new ArrayList<>(path.subList(path.indexOf(at), path.size()));
        circle.add(at);
        return new HookException(
                ErrorCode.DEPENDENCY_CYCLE,
                what + " need each other in a circle: " + String.join(" -> ", circle)
                        + "; one of these dependencies must go",
                Map.of("cycle", circle),
                null);
    }

    /** All names, each after what it needs. */
    List<String> order() {
        return List.copyOf(needs.keySet());
    }

    /** What a name needs directly. */
    Set<String> needs(String name) {
        return needs.getOrDefault(name, Set.of());
    }

    void check(String what, String name) {
        if (!needs.containsKey(name)) {
            throw unknown(what, name, needs.keySet());
        }
    }

    /** The name and all that it needs, also indirectly, each after what it needs. */
    Set<String> closure(String name) {
        Set<String> met = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(name));
        while (!open.isEmpty()) {
            String each = open.pop();
            if (met.add(each)) {
                open.addAll(needs(each));
            }
        }
        return ordered(met);
    }

    /** The name and all that need it, also indirectly, each before what it needs. */
    Set<String> dependents(String name) {
        Set<String> met = new LinkedHashSet<>(Set.of(name));
        for (String each : needs.keySet()) { // in topological order, so one pass finds them all
            if (needs(each).stream().anyMatch(met::contains)) {
                met.add(each);
            }
        }
        List<String> reversed = new ArrayList<>(ordered(met));
        Collections.reverse(reversed);
        return new LinkedHashSet<>(reversed);
    }

    private Set<String> ordered(Set<String> names) {
        Set<String> all = new LinkedHashSet<>(needs.keySet());
        all.retainAll(names);
        return all;
    }
}

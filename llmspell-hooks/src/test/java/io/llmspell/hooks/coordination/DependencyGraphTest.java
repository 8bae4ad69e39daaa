package io.llmspell.hooks.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.hook.HookException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DependencyGraphTest {
    private static Map<String, Set<String>> edges(String... lines) {
        Map<String, Set<String>> graph = new LinkedHashMap<>();
        for (String line : lines) {
            String[] words = line.split(" ");
            graph.put(words[0], Set.of(List.of(words).subList(1, words.length).toArray(new String[0])));
        }
        return graph;
    }

    @Test
    void names_standAfterWhatTheyNeedAndElseAsDeclared() {
        assertThat(DependencyGraph.of("x", edges("top left right", "left base", "right base", "base", "free"))
                        .order())
                .containsExactly("base", "free", "left", "right", "top");
    }

    @Test
    void closureAndDependents_areOrdered() {
        DependencyGraph graph =
                DependencyGraph.of("x", edges("top left right", "left base", "right base", "base", "free"));

        assertThat(graph.closure("top")).containsExactly("base", "left", "right", "top");
        assertThat(graph.closure("left")).containsExactly("base", "left");
        assertThat(graph.dependents("base")).containsExactly("top", "right", "left", "base");
        assertThat(graph.dependents("free")).containsExactly("free");
    }

    @Test
    void circle_isPrinted() {
        assertThatThrownBy(() -> DependencyGraph.of("features", edges("in a", "a b", "b c", "c a", "d")))
                .isInstanceOfSatisfying(HookException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.DEPENDENCY_CYCLE);
                    assertThat(failure.details()).containsEntry("cycle", List.of("a", "b", "c", "a"));
                })
                .hasMessageContaining("features need each other in a circle: a -> b -> c -> a");
        assertThatThrownBy(() -> DependencyGraph.of("x", edges("a a"))).hasMessageContaining("a -> a");
    }

    @Test
    void unknownName_isRefusedWithTheNearest() {
        assertThatThrownBy(() -> DependencyGraph.of("features", edges("security", "audit securty")))
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("\"audit\"")
                .hasMessageContaining("did you mean \"security\"?");
    }

    @Property(tries = 200)
    void anyGraph_isOrderedOrHasTheCircleThatIsPrinted(
            @ForAll @IntRange(min = 1, max = 30) int size, @ForAll @IntRange(max = 60) int edges, @ForAll long seed) {
        Random random = new Random(seed);
        Map<String, Set<String>> declared = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            declared.put("n" + i, new HashSet<>());
        }
        for (int i = 0; i < edges; i++) {
            declared.get("n" + random.nextInt(size)).add("n" + random.nextInt(size));
        }
        try {
            List<String> order = DependencyGraph.of("x", declared).order();
            List<String> seen = new ArrayList<>();
            for (String name : order) {
                assertThat(seen).containsAll(declared.get(name));
                seen.add(name);
            }
            assertThat(seen).containsExactlyInAnyOrderElementsOf(declared.keySet());
        } catch (HookException cyclic) {
            List<?> circle = (List<?>) cyclic.details().get("cycle");
            assertThat(circle.get(0)).isEqualTo(circle.get(circle.size() - 1));
            for (int i = 0; i + 1 < circle.size(); i++) {
                assertThat(declared.get((String) circle.get(i)).contains(circle.get(i + 1)))
                        .isTrue();
            }
        }
    }

    @Test
    void longChain_needsNoStack() {
        Map<String, Set<String>> declared = new LinkedHashMap<>();
        for (int i = 0; i < 3_000; i++) {
            declared.put("n" + i, i == 0 ? Set.of() : Set.of("n" + (i - 1)));
        }
        assertThat(DependencyGraph.of("x", declared).closure("n2999")).hasSize(3_000);
        declared.put("n0", Collections.singleton("n2999"));
        assertThatThrownBy(() -> DependencyGraph.of("x", declared)).isInstanceOf(HookException.class);
    }
}

package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.json.JsonValues;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AlignmentTest {
    @Test
    void numbersThatAreTheSame_areTheSameElement() {
        List<Object> shown = List.of(1L, Map.of("a", 0.5), "x", -0.0);
        List<Object> given = List.of(0.0, new BigDecimal("1.00"), "y", "x", Map.of("a", new BigDecimal("0.50")));

        assertThat(Alignment.of(given, shown)).containsExactly(3, 0, -1, 2, 1);
    }

    /** What comes back as it was shown is found in any order, each place once. */
    @Property(tries = 300)
    void elementsInAnyOrder_areFound(
            @ForAll @Size(max = 30) List<@IntRange(max = 9) Integer> shown, @ForAll long seed) {
        List<Integer> given = new ArrayList<>(shown);
        Collections.shuffle(given, new Random(seed));
        given.subList(0, given.size() / 4).clear();

        int[] places = Alignment.of(given, shown);
        assertThat(places).doesNotHaveDuplicates().doesNotContain(Alignment.NEW);
        for (int i = 0; i < places.length; i++) {
            assertThat(JsonValues.same(given.get(i), shown.get(places[i]))).isTrue();
        }
    }

    /** Whatever a hook does, no element is two of those that were shown. */
    @Property(tries = 300)
    void anyLists_useEachPlaceOnce(
            @ForAll @Size(max = 12) List<@IntRange(max = 5) Integer> given,
            @ForAll @Size(max = 12) List<@IntRange(max = 5) Integer> shown) {
        List<Integer> places = new ArrayList<>();
        for (int place : Alignment.of(given, shown)) {
            if (place != Alignment.NEW) {
                places.add(place);
            }
        }
        assertThat(places).doesNotHaveDuplicates().allMatch(place -> place >= 0 && place < shown.size());
    }
}

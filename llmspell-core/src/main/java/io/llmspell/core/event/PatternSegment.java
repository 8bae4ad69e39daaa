package io.llmspell.core.event;

import java.util.List;

/**
 * One segment of a pattern: {@code **}, or alternatives of which one must match the whole segment of a type.
 *
 * @param alternatives the globs; empty for {@code **}
 */
record PatternSegment(List<PatternGlob> alternatives) {
    static final PatternSegment ANY_NUMBER = new PatternSegment(List.of());

    PatternSegment {
        alternatives = List.copyOf(alternatives);
    }

    boolean anyNumber() {
        return alternatives.isEmpty();
    }

    boolean matches(String type, int from, int to) {
        for (int i = 0; i < alternatives.size(); i++) {
            if (alternatives.get(i).matches(type, from, to)) {
                return true;
            }
        }
        return false;
    }
}

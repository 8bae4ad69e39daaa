package io.llmspell.state;

import io.llmspell.core.json.JsonValues;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds which element of a list that a hook gave is which of the list that it was shown.
 *
 * <p>What is as it was shown is that element, wherever it stands now. The others are known by their place, but only where
 * as many were shown between the same neighbours; else nobody knows which they are.
 */
final class Alignment {
    /** The place of an element that was not shown. */
    static final int NEW = -1;

    private final List<?> given;
    private final List<?> shown;
    private final int[] from;
    private final boolean[] used;

    private Alignment(List<?> given, List<?> shown) {
        this.given = given;
        this.shown = shown;
        this.from = new int[given.size()];
        this.used = new boolean[shown.size()];
        Arrays.fill(from, NEW);
    }

    /** For each given element, where it stood in the list that was shown, or {@link #NEW}. */
    static int[] of(List<?> given, List<?> shown) {
        Alignment found = new Alignment(given, shown);
        int front = found.front();
        found.moved(front, found.back(front));
        found.changed();
        return found.from;
    }

    private boolean match(int i, int j) {
        if (!JsonValues.same(given.get(i), shown.get(j))) {
            return false;
        }
        from[i] = j;
        used[j] = true;
        return true;
    }

    private int front() {
        int front = 0;
        while (front < from.length && front < used.length && match(front, front)) {
            front++;
        }
        return front;
    }

    private int back(int front) {
        int back = 0;
        while (front + back < Math.min(from.length, used.length)
                && match(from.length - 1 - back, used.length - 1 - back)) {
            back++;
        }
        return back;
    }

    private void moved(int front, int back) {
        Map<Integer, Deque<Integer>> places = new HashMap<>();
        for (int j = front; j < used.length - back; j++) {
            places.computeIfAbsent(hash(shown.get(j)), hash -> new ArrayDeque<>())
                    .add(j);
        }
        for (int i = front; i < from.length - back; i++) {
            Deque<Integer> alike = places.getOrDefault(hash(given.get(i)), new ArrayDeque<>(0));
            for (Iterator<Integer> each = alike.iterator(); from[i] == NEW && each.hasNext(); ) {
                if (match(i, each.next())) {
                    each.remove();
                }
            }
        }
    }

    private void changed() {
        int begin = 0;
        while (begin < from.length) {
            int end = begin;
            while (end < from.length && from[end] == NEW) {
                end++;
            }
            int left = begin == 0 ? -1 : from[begin - 1];
            int right = end == from.length ? used.length : from[end];
            if (right - left - 1 == end - begin && free(left + 1, right)) {
                for (int i = begin; i < end; i++) {
                    from[i] = left + 1 + i - begin;
                }
            }
            begin = end + 1;
        }
    }

    private boolean free(int begin, int end) {
        for (int j = begin; j < end; j++) {
            if (used[j]) {
                return false;
            }
        }
        return true;
    }

    /** The same for values that are the same. */
    private static int hash(@Nullable Object json) {
        int hash = 0;
        if (json instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> member : map.entrySet()) {
                hash += String.valueOf(member.getKey()).hashCode() ^ 31 * hash(member.getValue());
            }
        } else if (json instanceof List<?> list) {
            for (Object element : list) {
                hash = 31 * hash + hash(element);
            }
        } else if (json instanceof Number number) {
            hash = Double.hashCode(number.doubleValue() + 0.0); // no negative zero
        } else if (json != null) {
            hash = json.hashCode();
        }
        return hash;
    }
}

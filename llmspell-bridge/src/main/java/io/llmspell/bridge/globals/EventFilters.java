package io.llmspell.bridge.globals;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.text.Nearest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The conditions {@code {["data.x"] = {">=", 5}}} of a query: a path into the event as scripts see it, a comparison and a
 * value; a bare value means equality. Numbers and texts have an order, a missing member fits no comparison but
 * {@code ~=}.
 */
final class EventFilters {
    private static final List<String> COMPARISONS = List.of("==", "~=", "<", "<=", ">", ">=", "in", "contains");

    private EventFilters() {}

    /**
     * One condition.
     *
     * @param path the names of the members, outermost first
     * @param comparison one of the comparisons
     * @param wanted the value on the right
     */
    private record Condition(
            List<String> path, String comparison, @Nullable Object wanted) {
        boolean holds(Map<String, @Nullable Object> event) {
            Object found = event;
            for (String name : path) {
                found = found instanceof Map<?, ?> map ? map.get(name) : null;
            }
            return compare(found);
        }

        private boolean compare(@Nullable Object found) {
            return switch (comparison) {
                case "==" -> JsonValues.same(found, wanted);
                case "~=" -> !JsonValues.same(found, wanted);
                case "in" -> wanted instanceof List<?> list && has(list, found);
                case "contains" -> contains(found);
                default -> ordered(found);
            };
        }

        private boolean contains(@Nullable Object found) {
            if (found instanceof String text) {
                return wanted instanceof String part && text.contains(part);
            }
            return found instanceof List<?> list && has(list, wanted);
        }

        private static boolean has(List<?> list, @Nullable Object element) {
            return list.stream().anyMatch(each -> JsonValues.same(each, element));
        }

        private boolean ordered(@Nullable Object found) {
            int sign;
            if (found instanceof Number one && wanted instanceof Number other) {
                sign = new BigDecimal(one.toString()).compareTo(new BigDecimal(other.toString()));
            } else if (found instanceof String one && wanted instanceof String other) {
                sign = one.compareTo(other);
            } else {
                return false;
            }
            return switch (comparison) {
                case "<" -> sign < 0;
                case "<=" -> sign <= 0;
                case ">" -> sign > 0;
                default -> sign >= 0;
            };
        }
    }

    static Predicate<UniversalEvent> of(String function, Map<String, @Nullable Object> filters) {
        List<Condition> conditions = new ArrayList<>();
        filters.forEach((path, given) -> conditions.add(condition(function, path, ScriptCall.plain(given))));
        return event -> {
            Map<String, @Nullable Object> shown = conditions.isEmpty() ? Map.of() : EventView.of(event);
            return conditions.stream().allMatch(each -> each.holds(shown));
        };
    }

    private static Condition condition(String function, String path, @Nullable Object given) {
        List<String> names = List.of(path.split("\\.", -1));
        if (!(given instanceof List<?> pair) || pair.size() != 2 || !(pair.get(0) instanceof String comparison)) {
            return new Condition(names, "==", given);
        }
        String known = comparison.equals("!=") ? "~=" : comparison.equals("=") ? "==" : comparison;
        if (!COMPARISONS.contains(known)) {
            String hint = Nearest.hint(comparison, COMPARISONS);
            throw new ArgumentException(function + ": filter \"" + path + "\": unknown comparison \"" + comparison
                    + "\"" + (hint.isEmpty() ? "; known are " + String.join(", ", COMPARISONS) : ", " + hint));
        }
        return new Condition(names, known, pair.get(1));
    }
}

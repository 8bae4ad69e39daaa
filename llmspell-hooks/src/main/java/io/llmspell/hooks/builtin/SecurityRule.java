package io.llmspell.hooks.builtin;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.hook.HookPoint;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A rule of the built-in hook that watches over security.
 *
 * <p><b>Threads:</b> immutable if its condition is.
 *
 * @param name its name, 1 to 64 characters
 * @param points where it is looked at; at least one; copied
 * @param condition when it is broken
 * @param kind what its events are about
 * @param severity how grave they are
 * @param actions what happens then; copied
 */
public record SecurityRule(
        String name,
        Set<HookPoint> points,
        SecurityCondition condition,
        SecurityEventKind kind,
        SecuritySeverity severity,
        Set<SecurityAction> actions) {
    /**
     * Checks and copies the members.
     *
     * @param name its name
     * @param points where it is looked at
     * @param condition when it is broken
     * @param kind what its events are about
     * @param severity how grave they are
     * @param actions what happens then
     * @throws ArgumentException {@code invalid_argument} if the name is malformed or there is no point
     */
    public SecurityRule {
        if (name.isBlank() || name.length() > 64) {
            throw new ArgumentException("name of a security rule", name, "1 to 64 characters");
        }
        points = Set.copyOf(points);
        if (points.isEmpty()) {
            throw new ArgumentException("points of security rule \"" + name + "\"", "empty", "at least one point");
        }
        Objects.requireNonNull(condition, "condition");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(severity, "severity");
        actions = Set.copyOf(actions);
    }

    Map<String, @Nullable Object> values() {
        return Map.of(
                "name", name,
                "points",
                        List.copyOf(new TreeSet<>(
                                points.stream().map(HookPoint::name).toList())),
                "kind", kind.id(),
                "severity", severity.id(),
                "actions",
                        List.copyOf(new TreeSet<>(
                                actions.stream().map(SecurityAction::id).toList())));
    }
}

package io.llmspell.hooks.builtin;

import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.json.JsonObject;
import java.util.List;

/**
 * Describes a built-in hook.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param name its name
 * @param version its semantic version
 * @param description what it does
 * @param enabled whether it runs
 * @param points where it runs, or would run with its defaults if it is not enabled; copied
 * @param config its settings in effect, the defaults if it is not enabled; without {@code points}
 */
public record BuiltinInfo(
        String name, String version, String description, boolean enabled, List<HookPoint> points, JsonObject config) {
    /**
     * Copies the points.
     *
     * @param name its name
     * @param version its version
     * @param description what it does
     * @param enabled whether it runs
     * @param points where it runs
     * @param config its settings in effect
     */
    public BuiltinInfo {
        points = List.copyOf(points);
    }
}

package io.llmspell.hooks.builtin;

import io.llmspell.core.hook.HookPoint;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one built-in hook; each hook has a record of its own with a builder.
 *
 * <p><b>Threads:</b> immutable.
 */
public interface BuiltinConfig {
    /**
     * The hook that the settings are for.
     *
     * @return its name, such as {@code logging}
     */
    String hook();

    /**
     * Where the hook shall run.
     *
     * @return the points, unmodifiable; empty for the hook's own choice
     */
    List<HookPoint> points();

    /**
     * The settings in effect, defaults included, under the names that configuration files use.
     *
     * @return JSON values by option, in a fixed order; without {@code points}
     */
    Map<String, @Nullable Object> values();
}

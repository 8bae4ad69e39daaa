package io.llmspell.hooks.builtin;

import io.llmspell.core.hook.HookPoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the hook {@code state_metrics}, which counts and times the operations on state.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param reads whether reads are counted too: a read from the cache is quicker than its count, so that the gate switches
 *     the hook off for its share where there is little else; default false
 */
public record StateMetricsConfig(boolean reads) implements BuiltinConfig {
    static final String NAME = "state_metrics";

    /**
     * Makes the settings.
     *
     * @param reads whether reads are counted too
     */
    public StateMetricsConfig {}

    @Override
    public String hook() {
        return NAME;
    }

    @Override
    public List<HookPoint> points() {
        List<HookPoint> writes = List.of(HookPoint.BEFORE_STATE_WRITE, HookPoint.AFTER_STATE_WRITE);
        return reads ? List.of(HookPoint.BEFORE_STATE_READ, writes.get(0), writes.get(1)) : writes;
    }

    @Override
    public Map<String, @Nullable Object> values() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("reads", reads);
        return values;
    }
}

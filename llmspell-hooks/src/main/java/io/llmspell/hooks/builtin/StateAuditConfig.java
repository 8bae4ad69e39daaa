package io.llmspell.hooks.builtin;

import io.llmspell.core.hook.HookPoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the hook {@code state_audit}, which writes changes of state into the audit log.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param reads whether reads are written down too, each with a commit of its own; default false
 */
public record StateAuditConfig(boolean reads) implements BuiltinConfig {
    static final String NAME = "state_audit";

    /**
     * Makes the settings.
     *
     * @param reads whether reads are written down too
     */
    public StateAuditConfig {}

    @Override
    public String hook() {
        return NAME;
    }

    @Override
    public List<HookPoint> points() {
        return reads
                ? List.of(HookPoint.BEFORE_STATE_WRITE, HookPoint.BEFORE_STATE_READ)
                : List.of(HookPoint.BEFORE_STATE_WRITE);
    }

    @Override
    public Map<String, @Nullable Object> values() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("reads", reads);
        return values;
    }
}

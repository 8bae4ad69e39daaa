package io.llmspell.hooks.builtin;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.hook.HookPoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the hook {@code state_validation}, which refuses values of state that do not fit their rules.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param rules what values must be like, at most 1,000; a value must fit every rule that covers its key; copied
 */
public record StateValidationConfig(List<StateRule> rules) implements BuiltinConfig {
    static final String NAME = "state_validation";
    static final int MOST_RULES = 1_000;

    /**
     * Checks and copies the rules.
     *
     * @param rules what values must be like
     * @throws ArgumentException {@code invalid_argument} if there are too many
     */
    public StateValidationConfig {
        rules = List.copyOf(rules);
        if (rules.size() > MOST_RULES) {
            throw new ArgumentException("rules", String.valueOf(rules.size()), "at most " + MOST_RULES);
        }
    }

    /**
     * Begins without rules.
     *
     * @return a builder
     */
    public static StateValidationConfigBuilder builder() {
        return new StateValidationConfigBuilder();
    }

    @Override
    public String hook() {
        return NAME;
    }

    /** Where the rules can be kept, if there are any. */
    @Override
    public List<HookPoint> points() {
        return rules.isEmpty() ? List.of() : List.of(HookPoint.BEFORE_STATE_WRITE);
    }

    @Override
    public Map<String, @Nullable Object> values() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("rules", rules.stream().map(StateRule::values).toList());
        return values;
    }
}

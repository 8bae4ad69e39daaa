package io.llmspell.hooks.builtin;

import io.llmspell.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds a {@link StateValidationConfig}.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class StateValidationConfigBuilder {
    private final List<StateRule> rules = new ArrayList<>();

    StateValidationConfigBuilder() {}

    /**
     * Adds a rule.
     *
     * @param rule what some values must be like
     * @return this builder
     */
    public StateValidationConfigBuilder rule(StateRule rule) {
        rules.add(rule);
        return this;
    }

    /**
     * Adds a schema.
     *
     * @param scope a pattern of scopes as text, such as {@code agent:*}
     * @param keys a pattern of keys, such as {@code profile:*}
     * @param schema what each value under such a key must fit
     * @return this builder
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if a pattern is empty or too long
     */
    public StateValidationConfigBuilder schema(String scope, String keys, JsonObject schema) {
        return rule(StateRule.schema(scope, keys, schema));
    }

    /**
     * Adds a limit of the size.
     *
     * @param scope a pattern of scopes as text, such as {@code session:*}
     * @param keys a pattern of keys
     * @param bytes how large each value under such a key may be as compact JSON, 1 byte to 1 MiB
     * @return this builder
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if one is out of range
     */
    public StateValidationConfigBuilder maxBytes(String scope, String keys, long bytes) {
        return rule(StateRule.size(scope, keys, bytes));
    }

    /**
     * Makes the settings.
     *
     * @return the settings
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if there are more than 1,000 rules
     */
    public StateValidationConfig build() {
        return new StateValidationConfig(rules);
    }
}

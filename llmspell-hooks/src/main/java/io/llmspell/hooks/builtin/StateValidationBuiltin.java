package io.llmspell.hooks.builtin;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.hooks.Hooks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The built-in hook {@code state_validation}.
 *
 * @param hooks give it the whole values
 * @param services what it needs
 */
record StateValidationBuiltin(Hooks hooks, BuiltinServices services) implements Builtin<StateValidationConfig> {
    private static final String SCHEMA = "schema";
    private static final Duration LONGEST = Duration.ofSeconds(5);

    @Override
    public String name() {
        return StateValidationConfig.NAME;
    }

    @Override
    public String description() {
        return "Refuses values of state that do not fit the schemas and sizes of their rules.";
    }

    /** Where users cannot switch it off, and behind their hooks, which may repair a value. */
    @Override
    public Place place() {
        return Place.SYSTEM_LAST;
    }

    @Override
    public int priority() {
        return HookOptions.HIGH;
    }

    @Override
    public Class<StateValidationConfig> configType() {
        return StateValidationConfig.class;
    }

    /** None without rules. */
    @Override
    public List<HookPoint> defaultPoints() {
        return List.of();
    }

    @Override
    public boolean idle(StateValidationConfig config) {
        return config.rules().isEmpty();
    }

    @Override
    public FailurePolicy failurePolicy(StateValidationConfig config) {
        return FailurePolicy.FAIL_CLOSED;
    }

    /** A large value at a costly schema takes its time, and the first one loads the classes that check it. */
    @Override
    public Duration timeout() {
        return LONGEST;
    }

    @Override
    public StateValidationConfig read(ConfigSection options, List<HookPoint> points) {
        StatePoints.check(options, points, List.of(HookPoint.BEFORE_STATE_WRITE));
        List<StateRule> rules = new ArrayList<>();
        for (ConfigSection each : options.sections("rules")) {
            rules.add(rule(each));
        }
        return Options.checked(options, () -> new StateValidationConfig(rules));
    }

    private StateRule rule(ConfigSection section) {
        String scope = section.text("scope", "*");
        String keys = section.text("keys", "*");
        JsonObject schema = schema(section);
        long bytes = section.bytes("max_bytes", StateRule.MOST_BYTES, 1, StateRule.MOST_BYTES);
        section.end();
        if (schema == null && bytes == StateRule.MOST_BYTES) {
            throw section.wrong(SCHEMA, "a JSON Schema, unless the rule has max_bytes");
        }
        StateRule rule = Options.checked(section, () -> new StateRule(scope, keys, schema, bytes));
        if (schema != null) {
            try {
                services.schemas().compile(schema);
            } catch (LlmSpellException wrong) {
                throw section.wrong(SCHEMA, "a JSON Schema: " + wrong.text());
            }
        }
        return rule;
    }

    /** A table, or JSON text, which can say more than TOML. */
    private @Nullable JsonObject schema(ConfigSection section) {
        Object raw = section.raw(SCHEMA);
        Object json = raw instanceof String text ? parsed(section, text) : raw;
        if (json != null && !(json instanceof Map<?, ?>)) {
            throw section.wrong(SCHEMA, "a table, or a JSON object as text");
        }
        return json == null ? null : JsonValues.object((Map<?, ?>) json, JsonLimits.VALUE);
    }

    private @Nullable Object parsed(ConfigSection section, String text) {
        try {
            return services.json().parse(text, JsonLimits.VALUE);
        } catch (LlmSpellException wrong) {
            throw section.wrong(SCHEMA, "a table, or a JSON object as text: " + wrong.text());
        }
    }

    @Override
    public RunningBuiltin start(StateValidationConfig config, @Nullable RunningBuiltin previous) {
        StateValidationHook old = previous instanceof StateValidationHook hook ? hook : null;
        return new StateValidationHook(config, hooks, services, old);
    }
}

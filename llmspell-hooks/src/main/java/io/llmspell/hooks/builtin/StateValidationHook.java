package io.llmspell.hooks.builtin;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.json.CompiledSchema;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.hooks.Hooks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Refuses values of state that do not fit their rules.
 *
 * <p>It looks at the whole value, not at the masked one that other hooks see: a mask fits no schema of a number, and any of
 * a text. What does not fit is a veto and no failure, so bad values never open its breaker; and as it fails closed, the
 * gate asks it again when a hook behind it has changed the value. <b>Threads:</b> safe; all figures are adders.
 */
final class StateValidationHook implements RunningBuiltin {
    private static final int MOST_SHOWN = 100;

    private final List<Checked> rules;
    private final Hooks hooks;
    private final Map<String, Figures> figures;

    /**
     * Makes the hook.
     *
     * @param before what ran before, whose figures go on as far as its rules do; or null
     */
    StateValidationHook(
            StateValidationConfig config, Hooks hooks, BuiltinServices services, @Nullable StateValidationHook before) {
        this.hooks = hooks;
        this.figures = new ConcurrentHashMap<>();
        List<Checked> checks = new ArrayList<>();
        for (StateRule rule : config.rules()) {
            JsonObject schema = rule.schema();
            Figures earlier = before == null ? null : before.figures.get(rule.title());
            Figures own = figures.computeIfAbsent(
                    rule.title(), title -> earlier == null ? new Figures(new LongAdder(), new LongAdder()) : earlier);
            checks.add(
                    new Checked(rule, schema == null ? null : services.schemas().compile(schema), own));
        }
        this.rules = List.copyOf(checks);
    }

    /** How many values a rule looked at, and how many of them it refused. */
    private record Figures(LongAdder checked, LongAdder refused) {}

    /** A rule that is ready to check. */
    private record Checked(StateRule rule, @Nullable CompiledSchema schema, Figures figures) {
        /** What is wrong with a value, empty if nothing is. */
        List<String> problems(@Nullable Object value) {
            List<String> problems = new ArrayList<>();
            long bytes = JsonValues.bytes(value);
            if (bytes > rule.maxBytes()) {
                problems.add("it has " + bytes + " bytes, but may have at most " + rule.maxBytes());
            }
            CompiledSchema form = schema;
            if (form != null) {
                try {
                    form.validate(value).forEach(each -> problems.add(each.path() + " " + each.message()));
                } catch (LlmSpellException undecided) { // a costly pattern, or a schema without end
                    problems.add("it cannot be checked: " + undecided.text());
                }
            }
            figures.checked().increment();
            if (!problems.isEmpty()) {
                figures.refused().increment();
            }
            return problems;
        }
    }

    @Override
    public HookResult execute(HookContext context) {
        String scope = StatePoints.note(context, "scope");
        String key = StatePoints.note(context, "key");
        StringBuilder refusal = null;
        JsonObject whole = null;
        for (Checked each : rules) {
            if (each.rule().covers(scope, key)) {
                whole = whole == null ? whole(context) : whole;
                if (!"set".equals(whole.get("change"))) {
                    return HookResult.proceed();
                }
                Object value = whole.get("value");
                List<String> problems = each.problems(value);
                if (!problems.isEmpty()) {
                    refusal = refusal == null ? begun(scope, key, value) : refusal.append("; and ");
                    append(refusal, each.rule(), problems);
                }
            }
        }
        return refusal == null ? HookResult.proceed() : HookResult.cancel(refusal.toString());
    }

    private JsonObject whole(HookContext context) {
        return hooks.exactInput(context) instanceof JsonObject change ? change : JsonObject.empty();
    }

    private static StringBuilder begun(String scope, String key, @Nullable Object value) {
        return new StringBuilder("the value of ")
                .append(key)
                .append(" in ")
                .append(scope)
                .append(", ")
                .append(type(value))
                .append(", does not fit ");
    }

    private static void append(StringBuilder refusal, StateRule rule, List<String> problems) {
        refusal.append("the rule for ").append(rule.title()).append(": ");
        int shown = Math.min(problems.size(), MOST_SHOWN);
        refusal.append(String.join("; ", problems.subList(0, shown)));
        if (shown < problems.size()) {
            refusal.append("; and ").append(problems.size() - shown).append(" more");
        }
    }

    private static String type(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof Map<?, ?>) {
            return "an object";
        }
        if (value instanceof List<?>) {
            return "an array";
        }
        if (value instanceof String) {
            return "a text";
        }
        return value instanceof Boolean ? "a truth value" : "a number";
    }

    @Override
    public Map<String, @Nullable Object> statistics() {
        Map<String, @Nullable Object> rulesShown = new LinkedHashMap<>();
        long checked = 0;
        long refused = 0;
        for (Map.Entry<String, Figures> each : figures.entrySet()) {
            long looked = each.getValue().checked().sum();
            long bad = each.getValue().refused().sum();
            checked += looked;
            refused += bad;
            rulesShown.put(each.getKey(), JsonObject.of("checked", looked, "refused", bad));
        }
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("checked", checked);
        all.put("refused", refused);
        all.put("by_rule", rulesShown);
        return all;
    }
}

package io.llmspell.bridge.globals;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.hook.ForkOperation;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptModule;
import io.llmspell.core.text.Nearest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads what script hooks give back, and builds such values for them ({@code Hook.result}). */
final class HookResults {
    private static final Map<String, List<String>> MEMBERS = members();
    private static final Set<OperationKind> WHOLE_DATA =
            Set.of(OperationKind.AGENT_RUN, OperationKind.TOOL_CALL, OperationKind.MODEL_CALL);

    private static final JsonCodec JSON = JsonCodec.create();
    private static final double DAY_MILLIS = 86_400_000;
    private static final double LARGEST_COUNT = 1_000;

    private HookResults() {}

    private static Map<String, List<String>> members() {
        Map<String, List<String>> members = new LinkedHashMap<>();
        members.put("continue", List.of());
        members.put("modified", List.of("data"));
        members.put("cancel", List.of("reason"));
        members.put("redirect", List.of("target"));
        members.put("replace", List.of("data"));
        members.put("retry", List.of("delay_ms", "max_attempts"));
        members.put("fork", List.of("operations"));
        members.put("cache", List.of("key", "ttl_seconds", "result"));
        members.put("skipped", List.of("reason"));
        return members;
    }

    static ScriptModule builders() {
        List<ScriptFunction> functions = new ArrayList<>();
        MEMBERS.forEach((type, names) -> functions.add(ScriptFunction.plain(
                type.equals("continue") ? "proceed = continue" : type,
                String.join(", ", names),
                "Builds the hook result " + type + ".",
                call -> build(type, names, call))));
        return ScriptModule.of("result", "Builds hook results.", functions);
    }

    private static Object build(String type, List<String> names, ScriptCall call) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put("type", type);
        for (int i = 0; i < names.size(); i++) {
            if (call.has(i)) {
                result.put(names.get(i), call.raw(i));
            }
        }
        return result;
    }

    /** Reads a result and unwraps {@code {input = ...}} where the data of the point is the input itself. */
    static HookResult read(@Nullable Object raw, HookContext context, GlobalServices services) {
        HookResult result = read(raw);
        boolean whole = WHOLE_DATA.contains(context.operation().kind());
        if (whole && result instanceof HookResult.Modified modified) {
            return HookResult.modified(unwrapped(modified.data(), context, services));
        }
        return result;
    }

    private static @Nullable Object unwrapped(@Nullable Object data, HookContext context, GlobalServices services) {
        if (!(data instanceof Map<?, ?> map) || map.size() != 1) {
            return data;
        }
        String only = String.valueOf(map.keySet().iterator().next());
        boolean wrapper = only.equals("input") || only.equals("output");
        return wrapper && !declared(only, context, services) ? map.get(only) : data;
    }

    private static boolean declared(String parameter, HookContext context, GlobalServices services) {
        if (context.operation().kind() != OperationKind.TOOL_CALL) {
            return false;
        }
        return services.tools()
                .registry()
                .find(context.component().name())
                .map(tool -> tool.info().schema().get("properties"))
                .filter(properties -> properties instanceof Map<?, ?> map && map.containsKey(parameter))
                .isPresent();
    }

    static HookResult read(@Nullable Object raw) {
        try {
            return parse(raw);
        } catch (ArgumentException wrong) { // a member that is out of range
            throw new HookException(
                    ErrorCode.INVALID_HOOK_RESULT, "a hook gave back a wrong result: " + wrong.text(), Map.of(), wrong);
        }
    }

    private static HookResult parse(@Nullable Object raw) {
        if (raw == null) {
            return HookResult.proceed();
        }
        if (raw instanceof String word) {
            return ofWord(word);
        }
        if (raw instanceof Map<?, ?> map) {
            return ofMap(map);
        }
        throw invalid(JsonValueException.typeName(raw), "");
    }

    private static HookResult ofWord(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "continue" -> HookResult.proceed();
            case "skip", "skipped" -> HookResult.skipped("skipped by hook");
            case "cancel" -> HookResult.cancel("cancelled by hook");
            default -> throw invalid("\"" + word + "\"", word);
        };
    }

    private static HookResult ofMap(Map<?, ?> map) {
        Object type = map.containsKey("type") ? map.get("type") : map.get("action");
        if (!(type instanceof String name)) {
            throw invalid("a table without the text member \"type\"", "");
        }
        Function<String, @Nullable Object> member = map::get;
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "continue", "proceed" -> HookResult.proceed();
            case "modified" -> modified(map);
            case "cancel" -> HookResult.cancel(reason(map, "cancelled by hook"));
            case "redirect" -> HookResult.redirect(required(member, "redirect", "target"));
            case "replace" -> HookResult.replace(data(map, "value"));
            case "retry" -> retry(member);
            case "fork" -> new HookResult.Fork(operations(member.apply("operations")));
            case "cache" -> cache(map);
            case "skip", "skipped" -> HookResult.skipped(reason(map, "skipped by hook"));
            default -> throw invalid("\"" + name + "\"", name);
        };
    }

    private static HookResult modified(Map<?, ?> map) {
        if (!map.containsKey("data") && !map.containsKey("modified_data")) {
            throw invalid("a modified without the member \"data\"", "");
        }
        return HookResult.modified(data(map, "modified_data"));
    }

    private static @Nullable Object data(Map<?, ?> map, String otherName) {
        Object data = map.containsKey("data") ? map.get("data") : map.get(otherName);
        return JsonValues.checked(ScriptCall.plain(data), JsonLimits.TOOL);
    }

    private static HookResult retry(Function<String, @Nullable Object> member) {
        Object delay = first(member, "delay_ms", "backoff_ms");
        double attempts = number("max_attempts", member.apply("max_attempts"), 3, 1, LARGEST_COUNT);
        if (attempts != Math.rint(attempts)) {
            throw new ArgumentException("max_attempts of a retry", String.valueOf(attempts), "an integer");
        }
        return HookResult.retry(millis(number("delay_ms", delay, 1_000, 0, DAY_MILLIS)), (int) attempts);
    }

    private static HookResult cache(Map<?, ?> map) {
        Function<String, @Nullable Object> member = map::get;
        double seconds = number("ttl_seconds", first(member, "ttl_seconds", "ttl"), 300, 0.001, DAY_MILLIS);
        Object key = map.get("key");
        if (key != null && !(key instanceof String)) {
            throw new ArgumentException("key of a cache", String.valueOf(key), "a text");
        }
        Object fill = map.get("result");
        return new HookResult.Cache(
                (String) key,
                millis(seconds * 1_000),
                fill == null ? null : new Outcome(JsonValues.checked(ScriptCall.plain(fill), JsonLimits.TOOL)));
    }

    private static Duration millis(double millis) {
        return Duration.ofNanos((long) (millis * 1_000_000));
    }

    private static List<ForkOperation> operations(@Nullable Object raw) {
        if (!(raw instanceof List<?> list)) {
            throw invalid("a fork without the array \"operations\"", "");
        }
        List<ForkOperation> operations = new ArrayList<>();
        for (Object each : list) {
            if (!(each instanceof Map<?, ?> map)) {
                throw invalid("a fork operation that is no table", "");
            }
            operations.add(operation(map, operations.size() + 1));
        }
        return operations;
    }

    private static ForkOperation operation(Map<?, ?> map, int number) {
        Function<String, @Nullable Object> member = map::get;
        Object type = first(member, "type", "operation_type");
        OperationKind kind = switch (String.valueOf(type)) {
            case "tool" -> OperationKind.TOOL_CALL;
            case "agent" -> OperationKind.AGENT_RUN;
            case "workflow" -> OperationKind.WORKFLOW_RUN;
            case "event" -> OperationKind.EVENT_EMIT;
            default ->
                throw new ArgumentException(
                        "fork operation type", String.valueOf(type), "tool, agent, workflow or event");
        };
        if (!(first(member, "target", "name") instanceof String target)) {
            throw invalid("a fork operation without the text member \"target\"", "");
        }
        Object input = first(member, "input", "parameters");
        Object id = map.get("id");
        return new ForkOperation(
                id instanceof String text ? text : "fork-" + number,
                kind,
                target,
                JsonValues.checked(ScriptCall.plain(input), JsonLimits.TOOL));
    }

    /** The value under the first of two names that has one. */
    private static @Nullable Object first(Function<String, @Nullable Object> member, String name, String otherName) {
        Object value = member.apply(name);
        return value == null ? member.apply(otherName) : value;
    }

    /** A reason of any form as text: a veto stands, whatever a script gives as its reason. */
    private static String reason(Map<?, ?> map, String otherwise) {
        Object reason = map.get("reason");
        if (reason == null) {
            return otherwise;
        }
        if (reason instanceof String || reason instanceof Number || reason instanceof Boolean) {
            return String.valueOf(reason);
        }
        try {
            return JSON.text(JsonValues.checked(ScriptCall.plain(reason), JsonLimits.VALUE));
        } catch (JsonValueException none) {
            return otherwise + " (the reason is no text: " + none.text() + ")";
        }
    }

    private static String required(Function<String, @Nullable Object> member, String type, String name) {
        if (member.apply(name) instanceof String text) {
            return text;
        }
        throw invalid("a " + type + " without the text member \"" + name + "\"", "");
    }

    private static double number(String name, @Nullable Object raw, double otherwise, double least, double most) {
        if (raw == null) {
            return otherwise;
        }
        if (raw instanceof Number number && number.doubleValue() >= least && number.doubleValue() <= most) {
            return number.doubleValue();
        }
        throw new ArgumentException(
                name + " of a hook result", String.valueOf(raw), "a number from " + least + " to " + most);
    }

    private static HookException invalid(String found, String word) {
        List<String> known =
                Arrays.stream(HookResultKind.values()).map(HookResultKind::id).toList();
        String hint = word.isEmpty() ? "" : Nearest.hint(word, known);
        return new HookException(
                ErrorCode.INVALID_HOOK_RESULT,
                "a hook gave back " + found + ", which is no hook result; "
                        + (hint.isEmpty() ? "results are " + String.join(", ", known) : hint),
                Map.of("result", found),
                null);
    }
}

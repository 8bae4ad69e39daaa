package io.llmspell.workflows;

import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateReader;
import io.llmspell.core.state.StateValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the placeholders of a step stand for. */
final class Placeholders {
    private final SequentialRun run;
    private final Caller caller;
    private final boolean ownVariables;

    /** {@code ownVariables}: the input fills {@code {{input}}} and the like itself, so that they stay. */
    Placeholders(SequentialRun run, Caller caller, boolean ownVariables) {
        this.run = run;
        this.caller = caller;
        this.ownVariables = ownVariables;
    }

    /** A value that may be null. */
    record Value(@Nullable Object json) {}

    /** What {@code $$}, {@code $$.path}, {@code $step} or {@code $step.path} stands for; null if it is plain text. */
    @Nullable Value reference(String text) {
        if (text.equals("$$")) {
            return new Value(run.input());
        }
        if (text.startsWith("$$.")) {
            return new Value(at(run.input(), text.substring(3)));
        }
        String name = text.substring(1);
        if (run.stepNames().contains(name)) {
            return new Value(output(name));
        }
        int dot = name.indexOf('.');
        boolean known = dot > 0 && run.stepNames().contains(name.substring(0, dot));
        return known ? new Value(at(output(name.substring(0, dot)), name.substring(dot + 1))) : null;
    }

    /** What the text between the braces stands for; null if it is no placeholder. */
    @Nullable Value value(String inside) {
        String text = inside.strip();
        if (List.of("input", "uuid", "timestamp", "idempotency_key").contains(text)) {
            return ownVariables ? null : bare(text);
        }
        if (text.startsWith("input.")) {
            return new Value(at(run.input(), text.substring("input.".length())));
        }
        if (text.startsWith("state:")) {
            return new Value(state(text.substring("state:".length()).strip()));
        }
        return text.startsWith("step:") ? step(text.substring("step:".length())) : null;
    }

    private Value bare(String name) {
        return switch (name) {
            case "input" -> new Value(run.input());
            case "uuid" -> new Value(run.engine().ids().next().toString());
            case "idempotency_key" -> new Value(run.stepKey());
            default -> new Value(run.engine().time().now().toString());
        };
    }

    /** {@code NAME:output}, {@code NAME:output.path}, {@code NAME:success}, {@code NAME:error}; or a name alone. */
    private @Nullable Value step(String text) {
        int colon = text.indexOf(':');
        String name = (colon < 0 ? text : text.substring(0, colon)).strip();
        if (!run.stepNames().contains(name)) {
            return null;
        }
        String path = colon < 0 ? "output" : text.substring(colon + 1).strip();
        String member = path.contains(".") ? path.substring(0, path.indexOf('.')) : path;
        if (!List.of("output", "success", "error").contains(member)) {
            return null;
        }
        JsonObject result = run.records().results().get(name);
        return new Value(result == null ? null : at(result, path));
    }

    private @Nullable Object output(String step) {
        JsonObject result = run.records().results().get(step);
        return result == null ? null : result.get("output");
    }

    private @Nullable Object state(String key) {
        if (run.state().containsKey(key)) {
            return run.state().get(key);
        }
        StateReader reader = run.engine().state(caller);
        Optional<StateValue> value = reader == null ? Optional.empty() : reader.get(StateKey.of(Scope.GLOBAL, key));
        return value.isPresent() ? value.get().json() : null;
    }

    /** Walks down members and, counted from 0, elements; null where there is nothing. */
    private static @Nullable Object at(@Nullable Object value, String path) {
        Object present = value;
        for (String part : path.split("\\.", -1)) {
            if (present instanceof Map<?, ?> map) {
                present = map.get(part);
            } else if (present instanceof List<?> list) {
                present = element(list, part);
            } else {
                return null;
            }
        }
        return present;
    }

    private static @Nullable Object element(List<?> list, String part) {
        boolean number = !part.isEmpty() && part.length() < 10 && part.chars().allMatch(c -> c >= '0' && c <= '9');
        int index = number ? Integer.parseInt(part) : -1;
        return index >= 0 && index < list.size() ? list.get(index) : null;
    }
}

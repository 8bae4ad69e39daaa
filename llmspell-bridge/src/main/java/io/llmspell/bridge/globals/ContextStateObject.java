package io.llmspell.bridge.globals;

import io.llmspell.core.hook.HookContext;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptObject;
import io.llmspell.core.script.ScriptObjectType;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateReader;
import io.llmspell.core.state.StateValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The state of a hook context: reads with the rights of the operation. */
final class ContextStateObject implements ScriptObject {
    private static final ScriptObjectType TYPE = new ScriptObjectType(
            "hook state",
            Map.of(),
            List.of(
                    ScriptFunction.plain(
                            "get",
                            "[scope,] key",
                            "Gives a value, or nil.",
                            call -> key(call)
                                    .flatMap(key -> reader(call).get(key))
                                    .map(StateValue::json)
                                    .orElse(null)),
                    ScriptFunction.plain(
                            "exists",
                            "[scope,] key",
                            "Whether a value is there.",
                            call -> key(call)
                                    .filter(key -> reader(call).exists(key))
                                    .isPresent()),
                    ScriptFunction.plain(
                            "list",
                            "scope?",
                            "The keys of a scope.",
                            call -> scope(call, call.text(0, "scope", "global"))
                                    .map(scope -> reader(call).keys(scope))
                                    .orElse(List.of()))),
            null,
            null,
            null,
            true);

    private final GlobalServices services;
    private final HookContext context;

    ContextStateObject(GlobalServices services, HookContext context) {
        this.services = services;
        this.context = context;
    }

    private static StateReader reader(ScriptCall call) {
        return call.self(ContextStateObject.class).context.state();
    }

    /** The key, or empty in the scope of a session that nobody has begun. */
    private static Optional<StateKey> key(ScriptCall call) {
        boolean scoped = call.size() > 1;
        Optional<Scope> scope = scoped ? scope(call, call.text(0, "scope")) : Optional.of(Scope.GLOBAL);
        return scope.map(found -> StateKey.of(found, call.text(scoped ? 1 : 0, "key")));
    }

    private static Optional<Scope> scope(ScriptCall call, String text) {
        return call.self(ContextStateObject.class).services.sessions().presentScope(call, text);
    }

    @Override
    public ScriptObjectType type() {
        return TYPE;
    }

    /** The global state, as {@code get} without a scope reads it. */
    @Override
    public Map<String, @Nullable Object> listed() {
        StateReader state = context.state();
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (String key : state.keys(Scope.GLOBAL)) {
            state.get(StateKey.of(Scope.GLOBAL, key)).ifPresent(value -> values.put(key, value.json()));
        }
        return values;
    }

    @Override
    public String id() {
        return "state of " + context.operation().id();
    }
}

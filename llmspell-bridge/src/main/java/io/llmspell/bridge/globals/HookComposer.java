package io.llmspell.bridge.globals;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookOptionsBuilder;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptCallback;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.hooks.Composition;
import io.llmspell.hooks.CompositionBuilder;
import io.llmspell.hooks.CompositionMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes several functions of a script one handler. */
final class HookComposer {
    private static final Set<String> OPTIONS = Set.of("handler", "name", "priority", "timeout_ms", "on_error");

    private final GlobalServices services;

    HookComposer(GlobalServices services) {
        this.services = services;
    }

    ScriptFunction function() {
        return ScriptFunction.plain(
                "compose",
                "kind, handlers, options?",
                "Makes one handler of several: sequential, parallel, first_match or voting.",
                this::compose);
    }

    private Object compose(ScriptCall call) {
        String kind = call.text(0, "kind");
        List<?> handlers = handlers(call);
        CompositionBuilder builder = Composition.of(CompositionMode.read(kind, options(call, kind)));
        List<ScriptCallback> functions = new ArrayList<>();
        for (int i = 0; i < handlers.size(); i++) {
            add(call, builder, handlers.get(i), i + 1, functions);
        }
        return new CompositeObject(services.ids().next().toString(), builder.build(services.hooks()), functions);
    }

    private static List<?> handlers(ScriptCall call) {
        Object given = call.raw(1);
        if (given instanceof List<?> handlers) {
            return handlers;
        }
        if (given instanceof Map<?, ?> map && map.isEmpty()) { // Lua cannot tell an empty array from an empty map
            return List.of();
        }
        throw call.wrong(1, "handlers", "an array of functions", given);
    }

    private static ConfigSection options(ScriptCall call, String kind) {
        Object plain = ScriptCall.plain(call.map(2, "options"));
        Map<?, ?> map = plain instanceof Map<?, ?> given ? given : Map.of();
        return ConfigSection.of(kind, JsonValues.object(map, JsonLimits.VALUE));
    }

    private void add(
            ScriptCall call,
            CompositionBuilder builder,
            @Nullable Object given,
            int number,
            List<ScriptCallback> functions) {
        Object handler = given;
        HookOptionsBuilder options = HookOptions.builder("handler-" + number);
        if (given instanceof Map<?, ?>) {
            OptionReader reader = new OptionReader(call.function(), child(given), OPTIONS);
            handler = reader.raw("handler");
            options = HookRegistrar.basics(HookOptions.builder(reader.text("name", "handler-" + number)), reader);
        }
        HookOptions child = options.language(call.session().language()).build();
        if (handler instanceof CompositeObject inner) {
            functions.addAll(inner.functions());
            builder.child(child, inner.composition());
        } else if (handler instanceof ScriptCallback function) {
            functions.add(function);
            builder.child(
                    child, new ScriptHook(services, function, call.caller().principal(), child));
        } else {
            throw new ArgumentException(call.function() + ": handler " + number
                    + " must be a function, a composite or a table {handler =, name =, ...}");
        }
    }

    @SuppressWarnings("unchecked") // engines give maps with text keys only
    private static Map<String, @Nullable Object> child(Object given) {
        return (Map<String, @Nullable Object>) given;
    }
}

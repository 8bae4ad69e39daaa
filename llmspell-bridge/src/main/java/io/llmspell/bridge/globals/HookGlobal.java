package io.llmspell.bridge.globals;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptModule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The global {@code Hook}: hooks written in scripts. */
final class HookGlobal {
    private final GlobalServices services;

    private HookGlobal(GlobalServices services) {
        this.services = services;
    }

    static ScriptModule describe(GlobalServices services) {
        HookGlobal hook = new HookGlobal(services);
        List<ScriptFunction> functions = new ArrayList<>();
        functions.addAll(new HookRegistrar(services).functions());
        functions.addAll(new HookListing(services.hooks().registry()).functions());
        functions.add(ScriptFunction.waiting(
                "fire",
                "custom point, data?",
                "Runs the hooks of a point of your own; gives {result, reason, data}.",
                hook::fire));
        functions.add(new HookComposer(services).function());
        functions.addAll(new BuiltinFunctions(services.hookParts().builtins(), services.notices()).functions());
        return new ScriptModule("Hook", "Hooks around everything.", functions, List.of(HookResults.builders()), null);
    }

    private Object fire(ScriptCall call) {
        String name = call.text(0, "custom point");
        if (!name.startsWith("custom:")) {
            throw new ArgumentException(call.function() + ": point", name, "custom:NAME; the runtime fires the others");
        }
        if (call.has(2)) {
            throw new ArgumentException(
                    call.function() + ": options (targets, broadcast, max_hops) are not available in this release");
        }
        var fired = services.hooks().fire(new HookPoint(name), call.json(1, JsonLimits.VALUE), call.caller());
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("result", fired.result().id());
        answer.put("reason", fired.reason());
        answer.put("data", fired.data());
        return answer;
    }
}

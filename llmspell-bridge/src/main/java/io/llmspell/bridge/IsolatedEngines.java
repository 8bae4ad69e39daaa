package io.llmspell.bridge;

import io.llmspell.bridge.globals.IsolatedHandlers;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Language;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptCallback;
import io.llmspell.core.script.ScriptEngine;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptModule;
import io.llmspell.core.script.ScriptSession;
import io.llmspell.core.script.ScriptSource;
import io.llmspell.core.storage.Bytes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Opens an engine for each handler of an isolated hook and lets it load the module of the handler. */
final class IsolatedEngines implements IsolatedHandlers {
    /** Hands the result of the module to the global {@code Isolated}, which is there for this alone. */
    private static final Map<Language, String> LOADERS = Map.of(Language.LUA, "Isolated.handler(require(ARGS[1]))");

    private final SpellRuntime runtime;

    IsolatedEngines(SpellRuntime runtime) {
        this.runtime = runtime;
    }

    @Override
    public Loaded load(ScriptSession by, Principal rights, String module) {
        String loader = LOADERS.get(by.language());
        if (loader == null) {
            throw new ArgumentException(
                    "isolated hooks exist for Lua, not for " + by.language().id());
        }
        AtomicReference<@Nullable ScriptCallback> given = new AtomicReference<>();
        Caller caller = Caller.host(by.caller().correlation()).as(rights);
        ScriptEngine engine = runtime.open(by.language(), caller, taking(given, module));
        Handle closes = runtime.track(engine);
        try {
            engine.run(new ScriptSource("isolated:" + module, Bytes.utf8(loader), by.folder()), List.of(module));
            ScriptCallback handler = given.get();
            if (handler != null) {
                handler.retain(); // for good: the engine is there for it alone
                return new Loaded(handler, closes);
            }
            throw notAFunction(module);
        } catch (RuntimeException | Error failed) {
            closes.close();
            throw failed;
        }
    }

    private static ScriptModule taking(AtomicReference<@Nullable ScriptCallback> given, String module) {
        return ScriptModule.of(
                "Isolated",
                "Takes the handler of an isolated hook.",
                List.of(ScriptFunction.plain(
                        "handler", "fn", "Takes the handler.", call -> take(call, given, module))));
    }

    private static Object take(ScriptCall call, AtomicReference<@Nullable ScriptCallback> given, String module) {
        if (!(call.raw(0) instanceof ScriptCallback handler)) {
            throw notAFunction(module);
        }
        given.compareAndSet(null, handler);
        return true;
    }

    private static ArgumentException notAFunction(String module) {
        return new ArgumentException(
                "handler of an isolated hook", module, "a module that returns a function, the handler");
    }
}

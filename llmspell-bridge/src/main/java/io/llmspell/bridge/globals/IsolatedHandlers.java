package io.llmspell.bridge.globals;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.script.ScriptCallback;
import io.llmspell.core.script.ScriptSession;

/**
 * Loads the handlers of isolated hooks, each into an engine of its own.
 *
 * <p><b>Threads:</b> safe.
 */
@FunctionalInterface
public interface IsolatedHandlers {
    /**
     * Loads a module that gives a function.
     *
     * @param by the engine whose script asks for it; its language, run and folder of modules count
     * @param rights whose rights the module has while it loads
     * @param module the name of the module, as in {@code require}
     * @return the function and its engine
     * @throws io.llmspell.core.error.LlmSpellException if there is no such module, or it gives no function
     */
    Loaded load(ScriptSession by, Principal rights, String module);

    /**
     * A handler that was loaded.
     *
     * @param handler the function, kept until its engine closes
     * @param engine closes the engine
     */
    record Loaded(ScriptCallback handler, Handle engine) {}
}

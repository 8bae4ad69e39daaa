package io.llmspell.core.script;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Language;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to one engine and ends with it.
 *
 * <p><b>Threads:</b> safe.
 */
public interface ScriptSession {
    /**
     * The id of the engine.
     *
     * @return the id
     */
    String id();

    /**
     * The engine's language.
     *
     * @return the language
     */
    Language language();

    /**
     * The caller of the engine's scripts at top level.
     *
     * @return the caller
     */
    Caller caller();

    /**
     * The awaiter that serves the engine's callbacks while it waits.
     *
     * @return the awaiter
     */
    Awaiter awaiter();

    /**
     * Closes a handle when the engine closes.
     *
     * @param handle a hook, a subscription or the like
     * @return closes the handle and forgets it
     */
    Handle own(Handle handle);

    /**
     * Keeps the engine from closing at the end of a script while work for it is on its way, for at most the time that
     * {@link ScriptEngine#run} grants.
     *
     * @param busy whether work is on its way
     * @return forgets the check
     */
    Handle busyWhile(BooleanSupplier busy);

    /**
     * Where the modules of the engine's script lie.
     *
     * @return the folder, null if the script has none
     */
    default @Nullable Path folder() {
        return null;
    }

    /**
     * Counts for names that must differ within the engine.
     *
     * @return 1, 2, 3 and so on
     */
    int nextNumber();
}

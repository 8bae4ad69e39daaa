package io.llmspell.core.script;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.identity.Caller;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A function of a script that the host may call.
 *
 * <p><b>Threads:</b> safe; the function runs on the engine's owner.
 */
public interface ScriptCallback {
    /**
     * The engine it belongs to.
     *
     * @return the session
     */
    ScriptSession session();

    /**
     * Where it was written.
     *
     * @return such as {@code quickstart.lua:12}
     */
    String place();

    /**
     * Says that the host keeps the function beyond the call that it came with, so that what the function captures counts
     * against the memory limit of its engine.
     *
     * @return ends that
     */
    Handle retain();

    /**
     * Calls the function and waits for its end.
     *
     * @param caller on whose behalf; what the function calls carries it
     * @param limit how long it may wait for the engine and then run
     * @param arguments script values
     * @return what it gave back: JSON values that may hold callbacks and objects
     * @throws ScriptException {@code script_error}, {@code engine_closed}, or {@code hook_timeout} if the function ran
     *     longer than the limit
     * @throws io.llmspell.core.error.LimitException {@code timeout} if the engine stayed busy, so that the function
     *     did not start
     */
    @Nullable Object call(Caller caller, Duration limit, @Nullable Object... arguments);

    /**
     * Queues a call for the engine's owner.
     *
     * @param caller on whose behalf
     * @param limit how long it may run
     * @param arguments script values
     * @return what it gave back, or the errors of {@link #call}
     */
    CompletionStage<@Nullable Object> post(Caller caller, Duration limit, @Nullable Object... arguments);
}

package io.llmspell.core.script;

import io.llmspell.core.concurrent.Awaiter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs scripts of one language in a box.
 *
 * <p><b>Threads:</b> confined: one thread at a time owns the engine. A call from another thread waits until the owner
 * waits itself or has left; an owner that waits for the host serves such calls meanwhile.
 */
public interface ScriptEngine extends AutoCloseable {
    /**
     * The session of the engine.
     *
     * @return the session
     */
    ScriptSession session();

    /**
     * Runs a script to its end, then serves what is queued for the engine for at most five seconds.
     *
     * @param source the script
     * @param arguments what the script finds in {@code ARGS}
     * @return what the script returned: a JSON value, or null
     * @throws ScriptException {@code syntax_error} or {@code script_error}, with file and line
     * @throws io.llmspell.core.error.LimitException {@code limit_exceeded} if the script reached a limit
     * @throws ScriptExit if the script asked to end
     */
    @Nullable Object run(ScriptSource source, List<String> arguments);

    /**
     * Whether the calling thread owns the engine, so that its waits must go through {@link #awaiter}.
     *
     * @return true on the owner
     */
    boolean isOwner();

    /**
     * The awaiter that serves callbacks while it waits; on other threads than the owner it just blocks.
     *
     * @return the awaiter of this engine
     */
    Awaiter awaiter();

    /** Closes the engine with its hooks and subscriptions. Idempotent; a running script is stopped. */
    @Override
    void close();
}

package io.llmspell.core.concurrent;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The one place where a thread of the house may block.
 *
 * <p>A script engine installs an awaiter that serves the engine's callbacks while it waits, so that a script that
 * triggers its own hook cannot deadlock. <b>Threads:</b> safe.
 */
public interface Awaiter {
    /** The deadline that never passes. */
    long NO_DEADLINE = Long.MAX_VALUE;

    /**
     * Waits for a stage and gives its value.
     *
     * @param stage what to wait for
     * @param deadlineNanos a reading of {@link Ticker#nanos()}, or {@link #NO_DEADLINE}
     * @param token stops the wait
     * @param <T> the type of the value
     * @return the value of the stage
     * @throws io.llmspell.core.error.LimitException {@code timeout} if the deadline passes first
     * @throws CancelledException {@code cancelled} if the token or the thread's interrupt stops the wait
     * @throws io.llmspell.core.error.LlmSpellException the stage's own coded error; others are wrapped as
     *     {@code internal}
     */
    <T extends @Nullable Object> T await(CompletionStage<T> stage, long deadlineNanos, Cancellation token);

    /**
     * An awaiter that parks the calling thread.
     *
     * @param time counts the ticks of the deadlines
     * @return the awaiter; it refuses to wait on Reactor's non-blocking threads with {@code invalid_state}
     */
    static Awaiter blocking(Ticker time) {
        return new BlockingAwaiter(time);
    }
}

package io.llmspell.core.script;

import io.llmspell.core.error.ArgumentException;
import java.time.Duration;

/**
 * How much a script may use; 0 lifts a limit.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param timeout how long it may run
 * @param maxInstructions how many instructions of its interpreter it may run
 * @param maxMemoryBytes how many bytes it may allocate beyond what its engine frees
 * @param maxCoroutines how many coroutines may live at once, at least 1
 */
public record ScriptLimits(Duration timeout, long maxInstructions, long maxMemoryBytes, int maxCoroutines) {
    /** The default for embedded scripts: 300 s, 1,000,000,000 instructions, 128 MiB, 16 coroutines. */
    public static final ScriptLimits DEFAULT = new ScriptLimits(Duration.ofMinutes(5), 1_000_000_000L, 128L << 20, 16);

    /**
     * Checks the members.
     *
     * @param timeout how long it may run
     * @param maxInstructions how many instructions
     * @param maxMemoryBytes how many bytes
     * @param maxCoroutines how many coroutines
     * @throws ArgumentException {@code invalid_argument} if one is negative or there is no coroutine
     */
    public ScriptLimits {
        if (timeout.isNegative() || maxInstructions < 0 || maxMemoryBytes < 0 || maxCoroutines < 1) {
            throw new ArgumentException(
                    "script limits",
                    timeout + ", " + maxInstructions + ", " + maxMemoryBytes + ", " + maxCoroutines,
                    "0 or more, and at least 1 coroutine");
        }
    }
}

package io.llmspell.hooks.builtin;

import io.llmspell.core.hook.HookPoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the hook {@code debugging} saw of one operation at one point; everything in it is redacted.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param timestamp when it was seen, by the wall clock
 * @param point where
 * @param component what ran, as {@code TYPE/NAME}
 * @param operationId the operation
 * @param correlationId the run
 * @param principal on whose behalf
 * @param attempt which run of the operation, from 1
 * @param duration how long it took: at a point before the operation the time to its end, else the time since its
 *     beginning
 * @param error the code of its error, or null
 * @param data the data of the point as JSON text of at most 4 KiB, or null if it is not kept
 * @param metadata the metadata with texts of at most 256 bytes, copied; empty if it is not kept
 * @param stack where the operation was called, innermost first, at most 32 lines; copied; empty if it is not kept
 */
public record DebugTrace(
        Instant timestamp,
        HookPoint point,
        String component,
        String operationId,
        String correlationId,
        String principal,
        int attempt,
        Duration duration,
        @Nullable String error,
        @Nullable String data,
        Map<String, String> metadata,
        List<String> stack) {
    /**
     * Copies the collections.
     *
     * @param timestamp when it was seen
     * @param point where
     * @param component what ran
     * @param operationId the operation
     * @param correlationId the run
     * @param principal on whose behalf
     * @param attempt which run of the operation
     * @param duration how long it took
     * @param error the code of its error, or null
     * @param data the data of the point, or null
     * @param metadata the metadata
     * @param stack where the operation was called
     */
    public DebugTrace {
        metadata = Map.copyOf(metadata);
        stack = List.copyOf(stack);
    }

    /** The trace with what is known at the end only. */
    DebugTrace ended(Duration time, @Nullable String code) {
        return new DebugTrace(
                timestamp,
                point,
                component,
                operationId,
                correlationId,
                principal,
                attempt,
                time,
                code,
                data,
                metadata,
                stack);
    }
}

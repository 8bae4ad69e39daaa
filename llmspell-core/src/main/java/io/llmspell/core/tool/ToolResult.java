package io.llmspell.core.tool;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.json.JsonObject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a tool call ended. A tool that ran and failed gives a result with an error; a call that was refused throws.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param tool the tool's name
 * @param callId the id of the call
 * @param result what the tool gave back, empty after a failure
 * @param error what went wrong, or null
 * @param duration how long the call took
 * @param forks what operations gave that hooks started beside the call, by the id of the fork; mostly empty
 * @param cached whether the result is that of an earlier call, so that the tool did not run
 */
public record ToolResult(
        String tool,
        String callId,
        JsonObject result,
        @Nullable LlmSpellException error,
        Duration duration,
        JsonObject forks,
        boolean cached) {
    /**
     * How a call ended that no hook started anything beside.
     *
     * @param tool the tool's name
     * @param callId the id of the call
     * @param result what the tool gave back
     * @param error what went wrong, or null
     * @param duration how long the call took
     */
    public ToolResult(
            String tool, String callId, JsonObject result, @Nullable LlmSpellException error, Duration duration) {
        this(tool, callId, result, error, duration, JsonObject.empty(), false);
    }

    /**
     * Whether the tool did its job.
     *
     * @return true without an error
     */
    public boolean success() {
        return error == null;
    }
}

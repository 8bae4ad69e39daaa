package io.llmspell.core.tool;

import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonObject;
import reactor.core.publisher.Mono;

/**
 * Calls tools: looks them up, checks parameters and level, passes the gate and emits the events of the call.
 *
 * <p><b>Threads:</b> safe.
 */
public interface ToolExecutor {
    /**
     * Calls a tool.
     *
     * @param tool its name; {@code -} and {@code _} are alike
     * @param parameters its parameters
     * @param caller on whose behalf
     * @return how the call ended; a tool that failed is a result, not an exception
     * @throws ToolException {@code tool_not_found} with the nearest names, {@code validation_failed} with all
     *     violations, {@code permission_denied}
     * @throws io.llmspell.core.gate.OperationCancelledException {@code operation_cancelled} if a hook vetoed it
     */
    ToolResult invoke(String tool, JsonObject parameters, Caller caller);

    /**
     * Calls a tool without blocking the caller.
     *
     * @param tool its name
     * @param parameters its parameters
     * @param caller on whose behalf
     * @return how the call ended, or the errors of {@link #invoke}
     */
    Mono<ToolResult> invokeAsync(String tool, JsonObject parameters, Caller caller);
}

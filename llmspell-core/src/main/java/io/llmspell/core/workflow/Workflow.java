package io.llmspell.core.workflow;

import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.json.JsonObject;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Runs steps in an order.
 *
 * <p><b>Threads:</b> safe; several runs at once are independent.
 */
public interface Workflow {
    /**
     * Its identity.
     *
     * @return the component
     */
    Component component();

    /**
     * Its pattern, such as {@code sequential}.
     *
     * @return the name of the pattern
     */
    String type();

    /**
     * Runs the workflow.
     *
     * @param input a JSON value
     * @param caller on whose behalf
     * @return the result object; a run that failed has {@code success = false} and {@code error}
     * @throws io.llmspell.core.gate.OperationCancelledException {@code operation_cancelled} if a hook vetoed the run
     */
    JsonObject run(@Nullable Object input, Caller caller);

    /**
     * Runs the workflow without blocking the caller.
     *
     * @param input a JSON value
     * @param caller on whose behalf
     * @return the result object, or the errors of {@link #run}
     */
    Mono<JsonObject> runAsync(@Nullable Object input, Caller caller);
}

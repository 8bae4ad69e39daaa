package io.llmspell.workflows;

import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The run so far, as a function step sees it.
 *
 * <p><b>Threads:</b> for the thread of the step; {@code state} is safe.
 *
 * @param workflowId the workflow's id
 * @param workflowName the workflow's name
 * @param input the input of the run, a JSON value
 * @param steps the results of the steps so far by name, unmodifiable
 * @param state the state of the run, live: what is put here is seen by later steps; takes JSON values
 * @param stepName the present step
 * @param stepInput the input of the present step with its placeholders filled in, a JSON value
 * @param attempt which run of the step it is, from 1
 * @param idempotencyKey stays the same when the step is tried again, also after an interruption of the run; to be passed
 *     to what must not happen twice
 * @param caller the caller inside the step, to be passed to every call that it makes
 */
public record StepContext(
        String workflowId,
        String workflowName,
        @Nullable Object input,
        Map<String, JsonObject> steps,
        Map<String, @Nullable Object> state,
        String stepName,
        @Nullable Object stepInput,
        int attempt,
        String idempotencyKey,
        Caller caller) {
    /**
     * The correlation id of the run.
     *
     * @return the id as text
     */
    public String correlationId() {
        return caller.correlation().text();
    }
}

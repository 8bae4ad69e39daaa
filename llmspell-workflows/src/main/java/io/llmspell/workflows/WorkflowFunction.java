package io.llmspell.workflows;

import org.jspecify.annotations.Nullable;

/**
 * A step that is written as code.
 *
 * <p><b>Threads:</b> called on the thread of the run.
 */
@FunctionalInterface
public interface WorkflowFunction {
    /**
     * Does the step.
     *
     * @param context the run so far
     * @return the output as a JSON value; a map with a boolean {@code success} is read as
     *     {@code {success, output, error}}
     * @throws Exception any failure; it fails the step
     */
    @Nullable Object run(StepContext context) throws Exception;
}

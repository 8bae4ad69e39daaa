package io.llmspell.workflows;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.workflow.WorkflowException;
import java.util.Map;

/** The errors of resuming. */
final class WorkflowErrors {
    private WorkflowErrors() {}

    static WorkflowException notResumable(String run, String why) {
        return new WorkflowException(
                ErrorCode.NOT_RESUMABLE, "\"" + run + "\" cannot be resumed: " + why, Map.of("workflow", run), null);
    }

    static WorkflowException notFound(String name, String why) {
        return new WorkflowException(ErrorCode.WORKFLOW_NOT_FOUND, why, Map.of("workflow", name), null);
    }
}

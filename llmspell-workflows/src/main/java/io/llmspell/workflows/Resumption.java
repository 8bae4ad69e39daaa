package io.llmspell.workflows;

import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.text.Nearest;
import io.llmspell.core.workflow.Workflow;
import java.util.List;
import java.util.Optional;

/** Finds the run that somebody wants to resume, and the workflow that can go on with it. */
final class Resumption {
    private final Engine engine;
    private final Workflows workflows;

    Resumption(Engine engine, Workflows workflows) {
        this.engine = engine;
        this.workflows = workflows;
    }

    List<JsonObject> checkpoints(String workflow, Caller caller) {
        return heads(caller).stream()
                .filter(head -> workflow.isEmpty() || isOf(head, workflow))
                .map(RunHead::shown)
                .toList();
    }

    private List<RunHead> heads(Caller caller) {
        CheckpointStore store = engine.checkpoints();
        return store == null ? List.of() : store.heads(caller);
    }

    private static boolean isOf(RunHead head, String workflow) {
        return !head.nested()
                && (head.workflowName().equals(workflow) || head.workflowId().equals(workflow));
    }

    JsonObject resume(Workflow workflow, Caller caller) {
        String name = workflow.component().name();
        RunHead head = newest(heads(caller), name)
                .orElseThrow(() -> WorkflowErrors.notResumable(name, "none of its runs was interrupted"));
        return resume(head, workflow, caller);
    }

    JsonObject resume(String runOrWorkflow, Caller caller) {
        List<RunHead> heads = heads(caller);
        RunHead head = heads.stream()
                .filter(each -> each.runId().equals(runOrWorkflow))
                .findFirst()
                .or(() -> newest(heads, name(runOrWorkflow)))
                .orElseThrow(() -> nothing(runOrWorkflow, heads));
        return resume(head, workflow(head), caller);
    }

    /** A workflow is known by its name in all processes, by its id in this one. */
    private String name(String workflow) {
        return workflows.find(workflow).map(found -> found.component().name()).orElse(workflow);
    }

    private Optional<RunHead> newest(List<RunHead> heads, String workflow) {
        return heads.stream()
                .filter(head -> isOf(head, workflow)
                        && head.status() != RunStatus.FAILED
                        && !engine.active().contains(head.runId()))
                .findFirst();
    }

    private RuntimeException nothing(String asked, List<RunHead> heads) {
        if (workflows.find(asked).isPresent() || heads.stream().anyMatch(head -> isOf(head, asked))) {
            return WorkflowErrors.notResumable(asked, "none of its runs was interrupted");
        }
        String hint = Nearest.hint(asked, workflows.names());
        return WorkflowErrors.notFound(
                asked,
                "there is no run that was interrupted and no workflow with the id or name \"" + asked + "\""
                        + (hint.isEmpty() ? "" : ", " + hint));
    }

    private Workflow workflow(RunHead head) {
        return workflows
                .find(head.workflowName())
                .orElseThrow(() -> WorkflowErrors.notFound(
                        head.workflowName(),
                        "run " + head.runId() + " belongs to workflow \"" + head.workflowName()
                                + "\", which is not there; make it with the same steps first"));
    }

    private JsonObject resume(RunHead head, Workflow workflow, Caller caller) {
        String run = head.runId();
        if (head.nested()) {
            throw WorkflowErrors.notResumable(run, "it is a step of another run; resume that one");
        }
        if (!(workflow instanceof SequentialWorkflow ours)) {
            throw WorkflowErrors.notResumable(run, "its workflow is of a kind that is not kept");
        }
        return ours.resume(run, () -> kept(run, ours, caller), caller);
    }

    /** What is kept of a run, as it is now that nobody else can go on with it. */
    private CheckpointStore.Kept kept(String run, SequentialWorkflow workflow, Caller caller) {
        CheckpointStore store = engine.checkpoints();
        CheckpointStore.Kept kept =
                store == null ? null : store.find(run, caller).orElse(null);
        if (kept == null) {
            throw WorkflowErrors.notResumable(run, "it has ended meanwhile");
        }
        if (kept.head().status() == RunStatus.FAILED) {
            throw WorkflowErrors.notResumable(run, "it has failed, and what its steps did was being taken back");
        }
        List<String> steps = kept.head().steps();
        if (!workflow.stepNames().equals(steps)) {
            throw WorkflowErrors.notResumable(
                    run,
                    "its workflow had the steps " + String.join(", ", steps) + ", but has now "
                            + String.join(", ", workflow.stepNames()));
        }
        return kept;
    }
}

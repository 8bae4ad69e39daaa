package io.llmspell.workflows;

import io.llmspell.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a run that has not ended, without its data.
 *
 * @param runId the run
 * @param workflowId the workflow's id in the process that began the run
 * @param workflowName the workflow's name
 * @param outer the outermost run as a step of which it runs, with which it is resumed; empty for a run of its own
 * @param status {@code running}, {@code cancelled}, or {@code failed} while its steps are taken back
 * @param steps the names of all steps
 * @param completed the names of the steps that have ended, in order
 * @param startedAt when it began, as text
 */
record RunHead(
        String runId,
        String workflowId,
        String workflowName,
        String outer,
        RunStatus status,
        List<String> steps,
        List<String> completed,
        String startedAt) {
    RunHead {
        steps = List.copyOf(steps);
        completed = List.copyOf(completed);
    }

    RunHead with(RunStatus other) {
        return new RunHead(runId, workflowId, workflowName, outer, other, steps, completed, startedAt);
    }

    RunHead with(List<String> ended) {
        return new RunHead(runId, workflowId, workflowName, outer, status, steps, ended, startedAt);
    }

    boolean nested() {
        return !outer.isEmpty();
    }

    /** The run that is resumed in order to resume this one: itself, or the outermost one. */
    String root() {
        return nested() ? outer : runId;
    }

    /** When it began; long ago if that cannot be told. */
    Instant began() {
        try {
            return Instant.parse(startedAt);
        } catch (DateTimeException unknown) {
            return Instant.MIN;
        }
    }

    /** The name of the last checkpoint, empty if there is none yet. */
    String checkpointName() {
        return completed.isEmpty() ? "" : checkpointName(completed.size(), completed.get(completed.size() - 1));
    }

    static String checkpointName(int number, String step) {
        return number + ":" + step;
    }

    JsonObject json() {
        return JsonObject.of(
                "run_id", runId,
                "workflow_id", workflowId,
                "workflow_name", workflowName,
                "outer", outer,
                "status", status.id(),
                "steps", steps,
                "completed_stages", completed,
                "started_at", startedAt);
    }

    /** As scripts and Java programs see it. */
    JsonObject shown() {
        return JsonObject.of(
                "run_id", runId,
                "workflow_id", workflowId,
                "workflow_name", workflowName,
                "status", status.id(),
                "checkpoint_name", checkpointName(),
                "completed_stages", completed,
                "started_at", startedAt);
    }

    /** Reads a head; what has another form is none of this release. */
    static Optional<RunHead> of(@Nullable Object json) {
        if (!(json instanceof JsonObject head)
                || !(head.get("steps") instanceof List<?> steps)
                || !(head.get("completed_stages") instanceof List<?> completed)) {
            return Optional.empty();
        }
        RunStatus status = RunStatus.CANCELLED;
        for (RunStatus each : RunStatus.values()) {
            if (each.id().equals(head.text("status", ""))) {
                status = each;
            }
        }
        return Optional.of(new RunHead(
                head.text("run_id", ""),
                head.text("workflow_id", ""),
                head.text("workflow_name", ""),
                head.text("outer", ""),
                status,
                texts(steps),
                texts(completed),
                head.text("started_at", "")));
    }

    private static List<String> texts(List<?> names) {
        return names.stream().map(String::valueOf).toList();
    }
}

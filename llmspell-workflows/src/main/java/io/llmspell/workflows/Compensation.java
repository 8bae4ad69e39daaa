package io.llmspell.workflows;

import io.llmspell.core.error.InternalException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonErrors;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.redact.LogText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes back what the steps of a failed run have done, the last one first. */
final class Compensation {
    private static final Logger LOG = LoggerFactory.getLogger(Compensation.class);

    private Compensation() {}

    /** Compensates the steps of a run that can be, unless a hook refuses it; what fails is logged and passed over. */
    static void of(SequentialRun run, LlmSpellException failure, Caller caller) {
        List<WorkflowStep> steps = toTakeBack(run);
        if (steps.isEmpty()) {
            return;
        }
        try {
            run.engine()
                    .rollbacks()
                    .call(run.component(), new RollbackView.Input(run, failure.text(), steps, null), caller);
        } catch (LlmSpellException refused) {
            LOG.warn(
                    "the compensation of run {} of {} did not happen: {}",
                    run.id(),
                    run.component(),
                    LogText.masked(refused.text()));
        }
    }

    private static List<WorkflowStep> toTakeBack(SequentialRun run) {
        Set<String> seen = new HashSet<>();
        List<WorkflowStep> steps = new ArrayList<>();
        List<String> order = new ArrayList<>(run.records().order());
        Collections.reverse(order);
        for (String name : order) {
            WorkflowStep step = run.stepNamed(name);
            if (step.compensate() != null && seen.add(name)) {
                steps.add(step);
            }
        }
        return steps;
    }

    /** The body of the operation. */
    static JsonArray run(RollbackView.Input input, Caller caller) {
        SequentialRun run = input.run();
        List<Object> done = new ArrayList<>();
        List<Object> failed = new ArrayList<>();
        for (WorkflowStep step : input.chosen()) {
            WorkflowFunction function = step.compensate();
            try {
                if (function != null) {
                    function.run(run.context(new StepView.Input(run, step, null, new AtomicInteger(1)), caller));
                    done.add(step.name());
                }
            } catch (Exception | StackOverflowError problem) { // the others are taken back all the same
                LlmSpellException coded = InternalException.coded("the compensation of step " + step.name(), problem);
                LOG.warn(
                        "the compensation of step \"{}\" of {} failed: {}",
                        step.name(),
                        run.component(),
                        LogText.masked(coded.text()));
                failed.add(JsonObject.of("stage", step.name(), "error", JsonErrors.object(coded)));
            }
        }
        JsonArray stages = JsonArray.of(done.toArray());
        run.rolledBack(stages);
        run.report("workflow.rolled_back", Map.of("stages", stages, "failed", JsonArray.of(failed.toArray())), caller);
        return stages;
    }
}

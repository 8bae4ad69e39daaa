package io.llmspell.workflows;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Shows a step to hooks: its input before, its output after. */
final class StepView implements View<StepView.Input, StepOutput> {
    /** The run, the step, its input with placeholders filled in, and how often it was begun. */
    record Input(
            SequentialRun run, WorkflowStep step, @Nullable Object json, AtomicInteger attempts) {
        /** Which attempt it is, from 1. */
        int attempt() {
            return attempts.get();
        }
    }

    @Override
    public @Nullable Object input(Input input) {
        return input.json();
    }

    @Override
    public @Nullable Object output(StepOutput output) {
        return output.output();
    }

    @Override
    public @Nullable Object data(HookPoint point, Input input, @Nullable StepOutput output) {
        if (point.equals(HookPoint.WORKFLOW_ERROR)) {
            return input.json();
        }
        return output == null ? before(input) : after(input, output.output());
    }

    private static JsonObject before(Input input) {
        return JsonObject.of(
                "input", input.json(),
                "stage_name", input.step().name(),
                "stage_type", input.step().target().type());
    }

    private static JsonObject after(Input input, @Nullable Object output) {
        return JsonObject.of("output", output, "stage_name", input.step().name());
    }

    @Override
    public Input modified(HookPoint point, Input input, @Nullable Object data) {
        Object json = Changes.member(point, before(input), data, "input");
        return new Input(input.run(), input.step(), json, input.attempts());
    }

    @Override
    public StepOutput answer(HookPoint point, Input input, @Nullable Object value) {
        return new StepOutput(value, null);
    }

    @Override
    public StepOutput changed(HookPoint point, Input input, StepOutput output, @Nullable Object data) {
        Object changed = Changes.member(point, after(input, output.output()), data, "output");
        return new StepOutput(changed, null, output.forks());
    }

    @Override
    public StepOutput forked(StepOutput output, Map<String, @Nullable Object> forks) {
        return new StepOutput(output.output(), output.result(), JsonValues.object(forks, RunResult.LIMITS));
    }

    @Override
    public String errorStage(Input input, LlmSpellException error) {
        return "step";
    }

    @Override
    public Map<String, String> metadata(Input input) {
        Map<String, String> keys = input.run().keys(input.step());
        keys.put("idempotency_key", input.run().stepKey());
        return keys;
    }
}

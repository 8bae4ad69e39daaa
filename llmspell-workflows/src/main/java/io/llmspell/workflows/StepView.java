package io.llmspell.workflows;

import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows a step to hooks: its input before, its output after. */
final class StepView implements View<StepView.Input, StepOutput> {
    /** The run, the step, its input with placeholders filled in, and which attempt it is. */
    record Input(
            SequentialRun run, WorkflowStep step, @Nullable Object json, int attempt) {}

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
        return new Input(input.run(), input.step(), json, input.attempt());
    }

    @Override
    public StepOutput answer(HookPoint point, Input input, @Nullable Object value) {
        Object output = point.equals(HookPoint.AFTER_WORKFLOW_STAGE)
                ? Changes.member(point, after(input, null), value, "output")
                : value;
        return new StepOutput(output, null);
    }

    @Override
    public Map<String, String> metadata(Input input) {
        return input.run().keys(input.step());
    }
}

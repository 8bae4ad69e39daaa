package io.llmspell.workflows;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.PointData;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.text.Nearest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows a compensation to hooks before it begins; they may refuse it or choose the step to which it goes back. */
final class RollbackView implements View<RollbackView.Input, JsonArray> {
    /** The run, why it failed, the steps to take back with the last one first, and the step that stays, or null. */
    record Input(
            SequentialRun run,
            String reason,
            List<WorkflowStep> steps,
            @Nullable String target) {
        /** The steps behind the target. */
        List<WorkflowStep> chosen() {
            List<String> done = run.records().order();
            return target == null
                    ? steps
                    : steps.stream()
                            .filter(step -> done.lastIndexOf(step.name()) > done.lastIndexOf(target))
                            .toList();
        }
    }

    @Override
    public JsonObject input(Input input) {
        return JsonObject.of(
                "reason", input.reason(),
                "target_checkpoint", input.target(),
                "stages", names(input.chosen()));
    }

    private static JsonArray names(List<WorkflowStep> steps) {
        return JsonArray.of(steps.stream().map(WorkflowStep::name).toArray());
    }

    @Override
    public Object output(JsonArray stages) {
        return stages;
    }

    @Override
    public Object data(HookPoint point, Input input, @Nullable JsonArray stages) {
        return input(input);
    }

    @Override
    public Input modified(HookPoint point, Input input, @Nullable Object data) {
        Object target = PointData.merged(point, input(input), data, List.of("target_checkpoint"))
                .get("target_checkpoint");
        return new Input(input.run(), input.reason(), input.steps(), known(input, target));
    }

    private static @Nullable String known(Input input, @Nullable Object target) {
        if (target == null) {
            return null;
        }
        List<String> done = input.run().records().order();
        if (target instanceof String name && done.contains(name)) {
            return name;
        }
        String hint = target instanceof String name ? Nearest.hint(name, done) : "";
        throw new ArgumentException(
                "target_checkpoint",
                String.valueOf(target),
                "null or a step that has succeeded: " + (hint.isEmpty() ? String.join(", ", done) : hint));
    }

    @Override
    public JsonArray answer(HookPoint point, Input input, @Nullable Object value) {
        throw new ArgumentException("a compensation cannot be answered at " + point + "; only changed or refused");
    }

    @Override
    public Map<String, String> metadata(Input input) {
        return input.run().keys();
    }
}

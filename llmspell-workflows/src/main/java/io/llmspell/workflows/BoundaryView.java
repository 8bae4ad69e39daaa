package io.llmspell.workflows;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows both sides of a step to hooks; a notice. */
final class BoundaryView implements View<BoundaryView.Input, String> {
    static final HookPoint BOUNDARY = new HookPoint("workflow_step_boundary");

    /** The run, the step, and which side of it: before or after. */
    record Input(SequentialRun run, WorkflowStep step, String phase) {}

    @Override
    public Object input(Input input) {
        return JsonObject.of("phase", input.phase());
    }

    @Override
    public Object output(String phase) {
        return phase;
    }

    @Override
    public Object data(HookPoint point, Input input, @Nullable String phase) {
        return input(input);
    }

    @Override
    public Input modified(HookPoint point, Input input, @Nullable Object data) {
        throw notice(point);
    }

    @Override
    public String answer(HookPoint point, Input input, @Nullable Object value) {
        throw notice(point);
    }

    private static ArgumentException notice(HookPoint point) {
        return new ArgumentException("nothing can be changed at " + point + ", which is a notice");
    }

    @Override
    public Map<String, String> metadata(Input input) {
        return input.run().keys(input.step());
    }
}

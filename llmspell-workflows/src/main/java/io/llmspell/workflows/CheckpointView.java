package io.llmspell.workflows;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows a checkpoint to hooks before it is stored; they may refuse it. */
final class CheckpointView implements View<CheckpointView.Input, Long> {
    /** The progress of a run, the step that has ended, and what hooks see. */
    record Input(Progress progress, WorkflowStep step, JsonObject data) {}

    @Override
    public Object input(Input input) {
        return input.data();
    }

    @Override
    public Object output(Long version) {
        return version;
    }

    @Override
    public Object data(HookPoint point, Input input, @Nullable Long version) {
        return input.data();
    }

    @Override
    public Input modified(HookPoint point, Input input, @Nullable Object data) {
        throw unchangeable(point);
    }

    @Override
    public Long answer(HookPoint point, Input input, @Nullable Object value) {
        throw unchangeable(point);
    }

    private static ArgumentException unchangeable(HookPoint point) {
        return new ArgumentException("a checkpoint cannot be changed at " + point + "; only refuse it or let it pass");
    }

    @Override
    public Map<String, String> metadata(Input input) {
        return input.progress().run().keys(input.step());
    }
}

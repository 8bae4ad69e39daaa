package io.llmspell.workflows;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows a run to hooks: its input before, its result after. */
final class RunView implements View<RunView.Input, JsonObject> {
    static final HookPoint STARTED = new HookPoint("workflow_start");

    /** The run and its input. */
    record Input(SequentialRun run, @Nullable Object json) {}

    @Override
    public @Nullable Object input(Input input) {
        return input.json();
    }

    @Override
    public Object output(JsonObject result) {
        return result;
    }

    @Override
    public @Nullable Object data(HookPoint point, Input input, @Nullable JsonObject result) {
        if (point.equals(HookPoint.BEFORE_WORKFLOW_START)) {
            return start(input);
        }
        if (point.equals(STARTED)) {
            return JsonObject.of("status", RunStatus.RUNNING.id());
        }
        return result == null ? input.json() : result;
    }

    private static JsonObject start(Input input) {
        return JsonObject.of("input", input.json(), "workflow_type", SequentialWorkflow.TYPE);
    }

    @Override
    public Input modified(HookPoint point, Input input, @Nullable Object data) {
        return new Input(input.run(), Changes.member(point, start(input), data, "input"));
    }

    @Override
    public JsonObject answer(HookPoint point, Input input, @Nullable Object value) {
        if (point.equals(HookPoint.AFTER_WORKFLOW_COMPLETE) && value instanceof JsonObject changed) {
            return changed;
        }
        if (value instanceof JsonObject whole && whole.get("success") instanceof Boolean) {
            return whole;
        }
        return input.run().replaced(value);
    }

    @Override
    public JsonObject forked(JsonObject result, Map<String, @Nullable Object> forks) {
        return result.with("forks", JsonValues.object(forks, RunResult.LIMITS));
    }

    @Override
    public String errorStage(Input input, LlmSpellException error) {
        return "run";
    }

    @Override
    public Map<String, String> metadata(Input input) {
        Map<String, String> keys = input.run().keys();
        if (input.run().isResumed()) {
            keys.put("resumed", "true");
        }
        return keys;
    }
}

package io.llmspell.agents;

import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Shows a run to hooks: the input before, the response after. */
final class RunView implements View<RunView.Input, JsonObject> {
    /** The agent and what it is asked; {@code began} tells whether the run got past its hooks. */
    record Input(AgentImpl agent, JsonObject json, AtomicBoolean began) {}

    @Override
    public Object input(Input input) {
        return input.json();
    }

    @Override
    public Object output(JsonObject response) {
        return response;
    }

    @Override
    public Object data(HookPoint point, Input input, @Nullable JsonObject response) {
        return response == null ? input.json() : response;
    }

    @Override
    public Input modified(HookPoint point, Input input, @Nullable Object data) {
        return new Input(input.agent(), checked(data), input.began());
    }

    /** An input is a map with a text. */
    static JsonObject checked(@Nullable Object data) {
        if (data instanceof JsonObject json && json.get("text") instanceof String) {
            return json;
        }
        throw JsonValueException.mismatch("agent input", "a map with a text \"text\"", data);
    }

    @Override
    public JsonObject answer(HookPoint point, Input input, @Nullable Object value) {
        return Responses.completed(value);
    }

    @Override
    public Map<String, String> metadata(Input input) {
        return input.agent().keys("ready", "running", "run");
    }
}

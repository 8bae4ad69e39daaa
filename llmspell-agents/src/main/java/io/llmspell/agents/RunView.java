package io.llmspell.agents;

import io.llmspell.core.agent.AgentState;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.json.JsonValues;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows a run to hooks: the input before, the response after. */
final class RunView implements View<RunView.Input, JsonObject> {
    /** The agent, what it is asked, and the run. */
    record Input(AgentImpl agent, JsonObject json, AgentRun run) {}

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
        return new Input(input.agent(), checked(data), input.run());
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
    public JsonObject forked(JsonObject response, Map<String, @Nullable Object> forks) {
        return response.with("forks", JsonValues.object(forks, JsonLimits.TOOL));
    }

    @Override
    public String errorStage(Input input, LlmSpellException error) {
        if (error.code().equals(ErrorCode.PROVIDER_ERROR)) {
            return "provider";
        }
        return "max_tool_calls".equals(error.details().get("limit")) ? "tool" : "run";
    }

    @Override
    public Map<String, String> metadata(Input input) {
        return input.agent().keys(Cause.RUN.keys(input.agent().state(), AgentState.RUNNING));
    }
}

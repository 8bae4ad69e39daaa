package io.llmspell.agents;

import io.llmspell.core.agent.AgentState;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows a transition to hooks, which may refuse it. */
final class TransitionView implements View<TransitionView.Input, AgentState> {
    /** The agent, the states that it leaves and enters, why, what hooks see, and the error if there is one. */
    record Input(
            AgentImpl agent,
            AgentState from,
            AgentState target,
            Cause cause,
            JsonObject data,
            @Nullable LlmSpellException error) {
        Input(AgentImpl agent, AgentState from, AgentState target, Cause cause, JsonObject data) {
            this(agent, from, target, cause, data, null);
        }
    }

    @Override
    public Object input(Input input) {
        return input.data();
    }

    @Override
    public Object output(AgentState state) {
        return JsonObject.of("state", state.id());
    }

    /** Start, resume, stop and pause have neither an input nor an output of a run. */
    @Override
    public Object data(HookPoint point, Input input, @Nullable AgentState state) {
        if (point.equals(HookPoint.BEFORE_AGENT_EXECUTION) || point.equals(HookPoint.AFTER_AGENT_EXECUTION)) {
            return JsonObject.empty();
        }
        return point.equals(HookPoint.AFTER_AGENT_SHUTDOWN)
                ? JsonObject.of("uptime_ms", input.agent().uptime().toMillis())
                : input.data();
    }

    @Override
    public Input modified(HookPoint point, Input input, @Nullable Object data) {
        throw unchangeable(point);
    }

    @Override
    public AgentState answer(HookPoint point, Input input, @Nullable Object value) {
        throw unchangeable(point);
    }

    private static ArgumentException unchangeable(HookPoint point) {
        return new ArgumentException("a transition cannot be changed at " + point + "; only refuse it or let it pass");
    }

    @Override
    public String errorStage(Input input, LlmSpellException error) {
        return "transition";
    }

    @Override
    public Map<String, String> metadata(Input input) {
        return input.agent().keys(input.cause().keys(input.from(), input.target()));
    }
}

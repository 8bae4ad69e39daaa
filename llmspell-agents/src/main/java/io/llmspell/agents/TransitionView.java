package io.llmspell.agents;

import io.llmspell.core.agent.AgentState;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows a transition to hooks, which may refuse it. */
final class TransitionView implements View<TransitionView.Input, AgentImpl> {
    /** The agent, the state that it enters, why, and what hooks see. */
    record Input(AgentImpl agent, AgentState target, String trigger, JsonObject data) {}

    @Override
    public Object input(Input input) {
        return input.data();
    }

    @Override
    public Object output(AgentImpl agent) {
        return JsonObject.of("state", agent.state().id());
    }

    @Override
    public Object data(HookPoint point, Input input, @Nullable AgentImpl agent) {
        return point.equals(HookPoint.AFTER_AGENT_SHUTDOWN)
                ? JsonObject.of("uptime_ms", input.agent().uptime().toMillis())
                : input.data();
    }

    @Override
    public Input modified(HookPoint point, Input input, @Nullable Object data) {
        throw unchangeable(point);
    }

    @Override
    public AgentImpl answer(HookPoint point, Input input, @Nullable Object value) {
        throw unchangeable(point);
    }

    private static ArgumentException unchangeable(HookPoint point) {
        return new ArgumentException("a transition cannot be changed at " + point + "; only refuse it or let it pass");
    }

    @Override
    public Map<String, String> metadata(Input input) {
        return input.agent().keys(input.agent().state().id(), input.target().id(), input.trigger());
    }
}

package io.llmspell.agents;

import io.llmspell.core.agent.AgentConfig;
import io.llmspell.core.agent.AgentState;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.PointData;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.json.JsonValues;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows the making of an agent to hooks: its configuration before, what was made of it after. */
final class InitView implements View<InitView.Input, InitView.Built> {
    private static final List<String> CHANGEABLE =
            List.of("description", "type", "model", "system_prompt", "tools", "max_iterations", "max_tool_calls");

    /** The agent and what it shall be made of. */
    record Input(AgentImpl agent, AgentConfig config) {}

    /** What an agent was made of, and what makes it answer. */
    record Built(AgentConfig config, Brain brain) {}

    @Override
    public Object input(Input input) {
        return shown(input.config());
    }

    static JsonObject shown(AgentConfig config) {
        return JsonObject.of(
                "name", config.name(),
                "description", config.description(),
                "type", config.type(),
                "model", config.model(),
                "system_prompt", config.systemPrompt(),
                "tools", JsonValues.array(config.tools(), JsonLimits.TOOL),
                "max_iterations", config.maxIterations(),
                "max_tool_calls", config.maxToolCalls());
    }

    @Override
    public Object output(Built built) {
        return JsonObject.of(
                "tools", JsonValues.array(built.config().tools(), JsonLimits.TOOL),
                "model", built.brain().model());
    }

    @Override
    public Object data(HookPoint point, Input input, @Nullable Built built) {
        return built == null ? input(input) : output(built);
    }

    @Override
    public Input modified(HookPoint point, Input input, @Nullable Object data) {
        JsonObject merged = PointData.merged(point, shown(input.config()), data, CHANGEABLE);
        AgentConfig config = AgentConfig.builder(input.config().name())
                .description(merged.text("description"))
                .type(merged.text("type"))
                .model(merged.text("model"))
                .systemPrompt(merged.text("system_prompt"))
                .tools(names(merged.get("tools")))
                .maxIterations(count(merged, "max_iterations"))
                .maxToolCalls(count(merged, "max_tool_calls"))
                .lifecycle(input.config().lifecycle())
                .sampling(input.config().sampling())
                .build();
        return new Input(input.agent(), config);
    }

    private static List<String> names(@Nullable Object value) {
        if (value instanceof JsonArray names && names.stream().allMatch(String.class::isInstance)) {
            return names.stream().map(String::valueOf).toList();
        }
        throw JsonValueException.mismatch("tools", "an array of names", value);
    }

    private static int count(JsonObject data, String name) {
        Long number = JsonValues.whole(data.get(name));
        if (number != null && number >= 0 && number <= Integer.MAX_VALUE) {
            return number.intValue();
        }
        throw JsonValueException.mismatch(name, "a whole number of 0 or more", data.get(name));
    }

    @Override
    public Built answer(HookPoint point, Input input, @Nullable Object value) {
        throw new ArgumentException("an answer at " + point + " is not possible: a hook cannot give a whole agent");
    }

    @Override
    public String errorStage(Input input, LlmSpellException error) {
        return "init";
    }

    @Override
    public Map<String, String> metadata(Input input) {
        return input.agent().keys(Cause.START.keys(AgentState.UNINITIALIZED, AgentState.INITIALIZING));
    }
}

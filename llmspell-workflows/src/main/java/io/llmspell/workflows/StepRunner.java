package io.llmspell.workflows;

import io.llmspell.core.agent.Agent;
import io.llmspell.core.agent.AgentException;
import io.llmspell.core.agent.AgentRegistry;
import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.text.Nearest;
import io.llmspell.core.tool.ToolExecutor;
import io.llmspell.core.tool.ToolResult;
import io.llmspell.core.workflow.WorkflowException;
import io.llmspell.tools.ToolResults;
import io.llmspell.workflows.WorkflowStep.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Does the work of a step: calls its tool, agent, function or workflow. A failure is an exception here. */
final class StepRunner {
    private static final JsonCodec CODEC = JsonCodec.create();

    private final ToolExecutor tools;
    private final AgentRegistry agents;
    private final Redactor redactor;

    StepRunner(ToolExecutor tools, AgentRegistry agents, Redactor redactor) {
        this.tools = tools;
        this.agents = agents;
        this.redactor = redactor;
    }

    StepOutput run(StepView.Input input, Caller caller) {
        if (input.attempts().incrementAndGet() > 1) {
            input.run().retrying(input, caller);
        }
        Target target = input.step().target();
        if (target instanceof Target.OfTool tool) {
            return tool(tool.name(), input, caller);
        }
        if (target instanceof Target.OfAgent agent) {
            return agent(agent.agent(), input, caller);
        }
        if (target instanceof Target.OfAgentName agent) {
            return agent(agent(agent.name()), input, caller);
        }
        return target instanceof Target.OfFunction function
                ? function(function.function(), input, caller)
                : workflow((Target.OfWorkflow) target, input, caller);
    }

    private StepOutput tool(String name, StepView.Input input, Caller caller) {
        Object parameters = input.json() == null ? JsonObject.empty() : input.json();
        if (!(parameters instanceof JsonObject object)) {
            throw JsonValueException.mismatch(
                    "input of step " + input.step().name(), "a map of parameters", parameters);
        }
        ToolResult result = tools.invoke(name, object, caller);
        LlmSpellException error = result.error();
        if (error != null) {
            throw error;
        }
        return new StepOutput(ToolResults.output(result), ToolResults.envelope(result));
    }

    private Agent agent(String name) {
        return agents.find(name).orElseThrow(() -> {
            List<String> names = agents.list().stream()
                    .map(agent -> agent.component().name())
                    .toList();
            String hint = Nearest.hint(name, names);
            return new AgentException(
                    ErrorCode.AGENT_NOT_FOUND,
                    "no agent is named \"" + name + "\"" + (hint.isEmpty() ? "" : ", " + hint),
                    Map.of("agent", name, "nearest", Nearest.of(name, names)),
                    null);
        });
    }

    private static StepOutput agent(Agent agent, StepView.Input input, Caller caller) {
        Object given = input.json() == null ? input.run().input() : input.json();
        JsonObject response = agent.run(asked(given), caller);
        return new StepOutput(response.get("text"), response);
    }

    /** A text is the question; a map says it in text or prompt; anything else is asked as its JSON. */
    private static JsonObject asked(@Nullable Object given) {
        if (given instanceof String text) {
            return JsonObject.of("text", text);
        }
        if (given instanceof JsonObject map && map.get("text") instanceof String) {
            return map;
        }
        if (given instanceof JsonObject map && map.get("prompt") instanceof String prompt) {
            Map<String, @Nullable Object> members = new LinkedHashMap<>(map);
            members.remove("prompt");
            members.put("text", prompt);
            return JsonValues.object(members, JsonLimits.TOOL);
        }
        return JsonObject.of("text", given == null ? "" : CODEC.text(given));
    }

    private StepOutput function(WorkflowFunction function, StepView.Input input, Caller caller) {
        Object value;
        try {
            value = JsonValues.checked(function.run(input.run().context(input, caller)), JsonLimits.TOOL);
        } catch (LlmSpellException coded) {
            throw coded;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("step " + input.step().name());
        } catch (Exception | StackOverflowError failure) {
            String message = failure.getMessage();
            throw failed(
                    input,
                    "failed with " + failure.getClass().getSimpleName()
                            + (message == null ? "" : ": " + redactor.text(message)),
                    failure);
        }
        if (!(value instanceof JsonObject result) || !(result.get("success") instanceof Boolean success)) {
            return new StepOutput(value, null);
        }
        if (!success) {
            throw failed(input, "failed: " + said(result.get("error")), null);
        }
        return new StepOutput(result.get("output"), result);
    }

    private static String said(@Nullable Object error) {
        if (error instanceof JsonObject object && object.get("message") instanceof String message) {
            return message;
        }
        return error instanceof String text ? text : error == null ? "it did not say why" : CODEC.text(error);
    }

    private static WorkflowException failed(StepView.Input input, String problem, @Nullable Throwable cause) {
        String name = input.step().name();
        return new WorkflowException(
                ErrorCode.STEP_FAILED, "step \"" + name + "\" " + problem, Map.of("step", name), cause);
    }

    private static StepOutput workflow(Target.OfWorkflow target, StepView.Input input, Caller caller) {
        Object given = input.json() == null ? input.run().input() : input.json();
        JsonObject result = target.workflow() instanceof SequentialWorkflow ours
                ? ours.runWithin(input.run(), given, caller)
                : target.workflow().run(given, caller);
        if (!Boolean.TRUE.equals(result.get("success"))) {
            throw failed(input, "failed: " + said(result.get("error")), null);
        }
        return new StepOutput(result.get("output"), result);
    }
}

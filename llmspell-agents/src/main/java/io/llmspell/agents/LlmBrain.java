package io.llmspell.agents;

import io.llmspell.core.agent.AgentConfig;
import io.llmspell.core.agent.ModelMessage;
import io.llmspell.core.agent.ModelRequest;
import io.llmspell.core.agent.ModelResponse;
import io.llmspell.core.agent.TokenUsage;
import io.llmspell.core.agent.ToolCall;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.tool.ToolInfo;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers by a model: asks it, calls the tools that it asks for, tells it what they gave, until it answers in words.
 *
 * <p>The conversation is kept from one good run to the next; a run that fails leaves it as it was.
 */
final class LlmBrain implements Brain {
    private final AgentConfig config;
    private final Component agent;
    private final Map<String, String> keys;
    private final Providers.Model model;
    private final Shared shared;
    private final Passage<ModelCall.Input, ModelResponse> models;
    private final Memory memory;

    LlmBrain(
            AgentImpl owner,
            AgentConfig config,
            Providers.Model model,
            Shared shared,
            Passage<ModelCall.Input, ModelResponse> models) {
        this.config = config;
        this.agent = owner.component();
        this.keys = owner.keys();
        this.memory = owner.remembered();
        this.model = model;
        this.shared = shared;
        this.models = models;
    }

    @Override
    public String model() {
        return model.text();
    }

    @Override
    public JsonObject answer(JsonObject input, Caller caller, SafePoint safePoint) {
        Run run = new Run(caller, safePoint, shared.tools().offered(config.tools(), caller));
        run.say(ModelMessage.of(ModelMessage.Role.USER, input.text("text")));
        ModelResponse last = run.ask();
        while (!last.toolCalls().isEmpty()) {
            for (ToolCall call : last.toolCalls()) {
                run.callTool(call);
            }
            last = run.ask();
        }
        memory.said(run.said);
        return Responses.of(
                last.text(),
                run.calls,
                new Responses.Spent(
                        run.used, run.asked.name(), run.asked.provider().name(), run.cost),
                last.finishReason());
    }

    private String systemPrompt() {
        return config.systemPrompt().isEmpty()
                ? ("You are " + config.name() + ", an AI assistant. " + config.description()).strip()
                : config.systemPrompt();
    }

    /** One run: what was said and used in it. */
    private final class Run {
        private final Caller caller;
        private final SafePoint safePoint;
        private final List<ToolInfo> offered;
        private final List<Conversation.Said> said = new ArrayList<>();
        private final List<JsonObject> calls = new ArrayList<>();
        private TokenUsage used = TokenUsage.NONE;
        private @Nullable BigDecimal cost;
        private int iterations;

        /** The model that answered last; hooks may have chosen another than the agent's own. */
        private Providers.Model asked = model;

        Run(Caller caller, SafePoint safePoint, List<ToolInfo> offered) {
            this.caller = caller;
            this.safePoint = safePoint;
            this.offered = offered;
        }

        void say(ModelMessage message) {
            said.add(MessageJson.said(message, shared.time().now()));
        }

        ModelResponse ask() {
            safePoint.pass("the run of agent " + config.name());
            if (iterations == config.maxIterations()) {
                throw exceeded("max_iterations", config.maxIterations(), "would call its model once more");
            }
            iterations++;
            List<ModelMessage> messages = new ArrayList<>();
            messages.add(ModelMessage.of(ModelMessage.Role.SYSTEM, systemPrompt()));
            messages.addAll(memory.messages());
            said.forEach(each -> messages.add(each.message()));
            ModelRequest request = new ModelRequest(
                    model.name(),
                    messages,
                    offered,
                    config.sampling().temperature(),
                    config.sampling().maxTokens());
            ModelCall.Bill bill = new ModelCall.Bill(asked);
            ModelResponse response = models.call(agent, new ModelCall.Input(keys, model, request, bill), caller);
            asked = bill.ran();
            book(response.usage(), bill.cost());
            say(new ModelMessage(ModelMessage.Role.ASSISTANT, response.text(), response.toolCalls(), null));
            return response;
        }

        private void book(TokenUsage more, @Nullable BigDecimal price) {
            used = used.plus(more);
            if (price != null) {
                BigDecimal before = cost;
                cost = before == null ? price : before.add(price);
            }
            memory.used(more, price);
        }

        void callTool(ToolCall call) {
            safePoint.pass("the run of agent " + config.name());
            if (calls.size() == config.maxToolCalls()) {
                throw exceeded("max_tool_calls", config.maxToolCalls(), "would call the tool \"" + call.tool() + "\"");
            }
            AgentTools.Answer answer = shared.tools().call(call, offered, caller);
            calls.add(ModelJson.call(call).with("result", answer.result()));
            boolean known = offered.stream().anyMatch(info -> info.name().equals(call.tool()));
            memory.called(
                    call.tool(), known, Boolean.TRUE.equals(answer.result().get("success")));
            say(new ModelMessage(ModelMessage.Role.TOOL, answer.text(), List.of(), call.id()));
        }

        private LimitException exceeded(String limit, int most, String problem) {
            shared.notices().limitExceeded(limit, most, most + 1, agent, caller);
            return LimitException.exceeded(limit, most + "", "agent \"" + config.name() + "\" " + problem);
        }
    }
}

package io.llmspell.agents;

import io.llmspell.core.agent.ModelProvider;
import io.llmspell.core.agent.ModelRequest;
import io.llmspell.core.agent.ModelResponse;
import io.llmspell.core.agent.TokenUsage;
import io.llmspell.core.agent.ToolCall;
import io.llmspell.core.identity.Caller;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** A provider named "test" that answers as a test says and keeps what it was asked. */
final class ScriptedProvider implements ModelProvider {
    final List<ModelRequest> asked = new CopyOnWriteArrayList<>();
    private final Function<ModelRequest, Mono<ModelResponse>> answers;

    ScriptedProvider(Function<ModelRequest, Mono<ModelResponse>> answers) {
        this.answers = answers;
    }

    static ModelResponse said(String text) {
        return new ModelResponse(text, List.of(), new TokenUsage(10, 5), "stop");
    }

    static ModelResponse calling(ToolCall... calls) {
        return new ModelResponse("", List.of(calls), new TokenUsage(10, 5), "tool_calls");
    }

    @Override
    public String name() {
        return "test";
    }

    @Override
    public List<String> models() {
        return List.of("any");
    }

    @Override
    public Mono<ModelResponse> complete(ModelRequest request, Caller caller) {
        asked.add(request);
        return answers.apply(request);
    }
}

package io.llmspell.agents;

import io.llmspell.core.agent.AgentException;
import io.llmspell.core.agent.ModelMessage;
import io.llmspell.core.agent.ModelProvider;
import io.llmspell.core.agent.ModelRequest;
import io.llmspell.core.agent.ModelResponse;
import io.llmspell.core.agent.TokenUsage;
import io.llmspell.core.agent.ToolCall;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.text.Nearest;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * Models that need no key and no network, and answer the same question always the same; for examples and tests. Every
 * answer begins with the model's name in parentheses, so that nobody takes it for thought.
 *
 * <p>{@code offline/echo} answers with the last message of the user: {@code On tides} gives
 * {@code (offline/echo) On tides}.
 *
 * <p>{@code offline/tools} reads the last message of the user line by line and asks for a tool for each line that it
 * understands, if that tool was offered:
 *
 * <table>
 *   <caption>What {@code offline/tools} understands</caption>
 *   <tr><th>line</th><th>tool call</th></tr>
 *   <tr><td>{@code call TOOL} or {@code call TOOL {JSON}}</td><td>that tool with those parameters</td></tr>
 *   <tr><td>{@code calculate EXPR}, {@code compute EXPR}, {@code what is EXPR?} with a digit in EXPR</td>
 *       <td>{@code calculator} with {@code input} EXPR</td></tr>
 *   <tr><td>{@code OPERATION: TEXT} with uppercase, lowercase, reverse, trim, snake_case, camel_case, pascal_case,
 *       sanitize or normalize_whitespace</td>
 *       <td>{@code text_manipulator} with {@code operation} and {@code input}</td></tr>
 * </table>
 *
 * <p>Case does not count in the words of the grammar. When the tools have answered it says a sentence for each:
 * {@code calculate 6*7} gives {@code (offline/tools) The tool calculator gave 42.}, a tool that failed
 * {@code (offline/tools) The tool calculator failed: …}. To a message without such a line it answers what it would
 * understand.
 *
 * <p>A token is a word: what stands between white space. An answer with more words than {@code max_tokens} is cut there
 * and ends with the reason {@code length}.
 *
 * <p><b>Threads:</b> safe; answers at once on the calling thread.
 */
public final class OfflineProvider implements ModelProvider {
    private static final List<String> MODELS = List.of("echo", "tools");

    /** Makes the provider. */
    public OfflineProvider() {}

    @Override
    public String name() {
        return "offline";
    }

    @Override
    public List<String> models() {
        return MODELS;
    }

    @Override
    public Mono<ModelResponse> complete(ModelRequest request, Caller caller) {
        return Mono.fromCallable(() -> answer(request));
    }

    private static ModelResponse answer(ModelRequest request) {
        long sent = request.messages().stream()
                .mapToLong(message -> Words.count(message.text()))
                .sum();
        return switch (request.model()) {
            case "echo" -> said("(offline/echo) " + lastOfUser(request), request, sent);
            case "tools" -> tools(request, sent);
            default -> throw unknown(request.model());
        };
    }

    private static ModelResponse tools(ModelRequest request, long sent) {
        OfflineGrammar grammar = new OfflineGrammar(request);
        if (grammar.answersTools()) {
            return said("(offline/tools) " + grammar.report(), request, sent);
        }
        List<ToolCall> calls = grammar.calls(lastOfUser(request));
        if (calls.isEmpty()) {
            return said("(offline/tools) " + grammar.help(), request, sent);
        }
        return new ModelResponse("", calls, new TokenUsage(sent, calls.size()), "tool_calls");
    }

    private static String lastOfUser(ModelRequest request) {
        String text = "";
        for (ModelMessage message : request.messages()) {
            text = message.role() == ModelMessage.Role.USER ? message.text() : text;
        }
        return text;
    }

    private static ModelResponse said(String text, ModelRequest request, long sent) {
        Integer most = request.maxTokens();
        long words = Words.count(text);
        if (most != null && words > most) {
            return new ModelResponse(Words.first(text, most), List.of(), new TokenUsage(sent, most), "length");
        }
        return new ModelResponse(text, List.of(), new TokenUsage(sent, words), "stop");
    }

    private static AgentException unknown(String model) {
        String hint = Nearest.hint(model, MODELS);
        return new AgentException(
                ErrorCode.PROVIDER_NOT_CONFIGURED,
                "the provider offline has no model \"" + model + "\", it has: " + String.join(", ", MODELS)
                        + (hint.isEmpty() ? "" : "; " + hint),
                Map.of("model", model, "known", MODELS),
                null);
    }
}

package io.llmspell.agents;

import io.llmspell.core.agent.ModelMessage;
import io.llmspell.core.agent.ModelRequest;
import io.llmspell.core.agent.ToolCall;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.tool.ToolInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the model {@code offline/tools} understands and says; the grammar is in {@link OfflineProvider}. */
final class OfflineGrammar {
    private static final JsonCodec CODEC = JsonCodec.create();
    private static final List<String> ARITHMETIC = List.of("calculate ", "compute ", "what is ");
    private static final Set<String> TEXT = Set.of(
            "uppercase",
            "lowercase",
            "reverse",
            "trim",
            "snake_case",
            "camel_case",
            "pascal_case",
            "sanitize",
            "normalize_whitespace");

    private final ModelRequest request;

    OfflineGrammar(ModelRequest request) {
        this.request = request;
    }

    /** Whether the newest messages are answers of tools. */
    boolean answersTools() {
        List<ModelMessage> messages = request.messages();
        return !messages.isEmpty() && messages.get(messages.size() - 1).role() == ModelMessage.Role.TOOL;
    }

    /** A sentence for each of the newest answers of tools. */
    String report() {
        List<ModelMessage> messages = request.messages();
        int asked = messages.size() - 1;
        while (asked > 0 && messages.get(asked).role() == ModelMessage.Role.TOOL) {
            asked--;
        }
        List<String> sentences = new ArrayList<>();
        for (ModelMessage answer : messages.subList(asked + 1, messages.size())) {
            sentences.add(sentence(toolOf(answer.toolCallId(), messages.get(asked)), answer.text()));
        }
        return String.join(" ", sentences);
    }

    private static String toolOf(@Nullable String callId, ModelMessage asked) {
        return asked.toolCalls().stream()
                .filter(call -> call.id().equals(callId))
                .map(ToolCall::tool)
                .findFirst()
                .orElse("that was asked for");
    }

    private static String sentence(String tool, String answer) {
        Object value = parsed(answer);
        if (value instanceof JsonObject object) {
            if (object.get("error") instanceof JsonObject error) {
                return "The tool " + tool + " failed: " + error.text("message", "it did not say why") + ".";
            }
            for (String main : List.of("output", "result", "text")) {
                if (object.containsKey(main)) {
                    value = object.get(main);
                    break;
                }
            }
        }
        return "The tool " + tool + " gave " + (value instanceof String text ? text : CODEC.text(value)) + ".";
    }

    private static @Nullable Object parsed(String answer) {
        try {
            return CODEC.parse(answer, JsonLimits.TOOL);
        } catch (LlmSpellException plain) {
            return answer; // a tool may answer in plain text
        }
    }

    /** The calls that a text asks for, one a line at most. */
    List<ToolCall> calls(String text) {
        long made = request.messages().stream()
                .mapToLong(message -> message.toolCalls().size())
                .sum();
        List<ToolCall> calls = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String id = "call-" + (made + calls.size() + 1);
            call(id, line.strip()).filter(call -> offered(call.tool())).ifPresent(calls::add);
        }
        return calls;
    }

    private boolean offered(String tool) {
        return request.tools().stream()
                .anyMatch(info -> ToolInfo.lookup(info.name()).equals(ToolInfo.lookup(tool)));
    }

    private static Optional<ToolCall> call(String id, String line) {
        String lower = line.toLowerCase(Locale.ROOT);
        if (lower.startsWith("call ")) {
            return explicit(id, line.substring("call ".length()).strip());
        }
        for (String opening : ARITHMETIC) {
            if (lower.startsWith(opening)) {
                return arithmetic(id, line.substring(opening.length()).strip());
            }
        }
        int colon = line.indexOf(':');
        String operation = colon < 0 ? "" : lower.substring(0, colon).strip();
        if (!TEXT.contains(operation)) {
            return Optional.empty();
        }
        JsonObject parameters = JsonObject.of(
                "operation", operation, "input", line.substring(colon + 1).strip());
        return Optional.of(new ToolCall(id, "text_manipulator", parameters));
    }

    private static Optional<ToolCall> explicit(String id, String rest) {
        int brace = rest.indexOf('{');
        String tool = (brace < 0 ? rest : rest.substring(0, brace)).strip();
        Object parameters = brace < 0 ? JsonObject.empty() : parsed(rest.substring(brace));
        boolean sound = !tool.isEmpty() && !tool.contains(" ");
        return sound && parameters instanceof JsonObject object
                ? Optional.of(new ToolCall(id, tool, object))
                : Optional.empty();
    }

    private static Optional<ToolCall> arithmetic(String id, String rest) {
        String expression = rest.endsWith("?") || rest.endsWith(".")
                ? rest.substring(0, rest.length() - 1).strip()
                : rest;
        return expression.chars().anyMatch(Character::isDigit)
                ? Optional.of(new ToolCall(id, "calculator", JsonObject.of("input", expression)))
                : Optional.empty();
    }

    String help() {
        String tools = request.tools().isEmpty()
                ? "no tools were offered to me"
                : "my tools are "
                        + String.join(
                                ", ",
                                request.tools().stream().map(ToolInfo::name).toList());
        return "I am a script, not a language model. Write \"calculate 2+3*4\", \"uppercase: some text\" or"
                + " \"call TOOL {json}\"; " + tools + ".";
    }
}

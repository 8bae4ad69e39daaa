package io.llmspell.agents;

import io.llmspell.core.agent.ModelMessage;
import io.llmspell.core.agent.ModelRequest;
import io.llmspell.core.agent.ModelResponse;
import io.llmspell.core.agent.TokenUsage;
import io.llmspell.core.agent.ToolCall;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.tool.ToolInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Model requests and responses as hooks see and change them. */
final class ModelJson {
    private ModelJson() {}

    static JsonObject request(Providers.Model model, ModelRequest request) {
        return JsonObject.of(
                "messages", list(request.messages(), ModelJson::message),
                "tools", list(request.tools(), ModelJson::tool),
                "model", model.text(),
                "max_tokens", request.maxTokens());
    }

    static JsonObject response(ModelResponse response) {
        return JsonObject.of(
                "text", response.text(),
                "tool_calls", list(response.toolCalls(), ModelJson::call),
                "token_usage", usage(response.usage()),
                "finish_reason", response.finishReason());
    }

    static JsonObject usage(TokenUsage usage) {
        JsonObject shown = JsonObject.of(
                "input_tokens", usage.inputTokens(),
                "output_tokens", usage.outputTokens(),
                "total_tokens", usage.totalTokens());
        return usage.cachedTokens() == 0 ? shown : shown.with("cached_tokens", usage.cachedTokens());
    }

    static JsonObject call(ToolCall call) {
        return JsonObject.of("id", call.id(), "tool", call.tool(), "arguments", call.arguments());
    }

    static JsonArray calls(List<ToolCall> calls) {
        return list(calls, ModelJson::call);
    }

    private static JsonObject tool(ToolInfo tool) {
        return JsonObject.of("name", tool.name(), "description", tool.description(), "parameters", tool.schema());
    }

    private static JsonObject message(ModelMessage message) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("role", message.role().name().toLowerCase(Locale.ROOT));
        members.put("content", message.text());
        if (!message.toolCalls().isEmpty()) {
            members.put("tool_calls", calls(message.toolCalls()));
        }
        if (message.toolCallId() != null) {
            members.put("tool_call_id", message.toolCallId());
        }
        return JsonValues.object(members, JsonLimits.TOOL);
    }

    private static <T> JsonArray list(List<T> elements, Function<T, JsonObject> form) {
        return JsonValues.array(elements.stream().map(form).toList(), JsonLimits.TOOL);
    }

    /** Reads back what a hook made of a request; tools are chosen by name among those that were offered. */
    static ModelRequest request(String model, JsonObject data, ModelRequest before) {
        List<ModelMessage> messages = each("messages", data.get("messages"), ModelJson::toMessage);
        List<ToolInfo> tools = each("tools", data.get("tools"), entry -> offered(entry.text("name"), before));
        Long limit = JsonValues.whole(data.get("max_tokens"));
        Integer most = limit == null ? null : Integer.valueOf(Math.toIntExact(limit));
        return new ModelRequest(model, messages, tools, before.temperature(), most);
    }

    private static ToolInfo offered(String name, ModelRequest before) {
        return before.tools().stream()
                .filter(tool -> tool.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ArgumentException("tool of a model request", name, "one that was offered"));
    }

    static ModelResponse response(@Nullable Object value) {
        if (value instanceof String text) {
            return new ModelResponse(text, List.of(), TokenUsage.NONE, "stop");
        }
        if (!(value instanceof JsonObject data)) {
            throw JsonValueException.mismatch("model response", "a text or a map", value);
        }
        List<ToolCall> calls = each("tool_calls", data.get("tool_calls"), ModelJson::toCall);
        return new ModelResponse(
                data.text("text", ""),
                calls,
                data.get("token_usage") instanceof JsonObject usage ? toUsage(usage) : TokenUsage.NONE,
                data.text("finish_reason", calls.isEmpty() ? "stop" : "tool_calls"));
    }

    private static TokenUsage toUsage(JsonObject usage) {
        return new TokenUsage(
                count(usage.get("input_tokens")), count(usage.get("output_tokens")), count(usage.get("cached_tokens")));
    }

    private static long count(@Nullable Object value) {
        return value instanceof Long number ? number : 0;
    }

    private static ToolCall toCall(JsonObject entry) {
        JsonObject arguments = entry.get("arguments") instanceof JsonObject given ? given : JsonObject.empty();
        return new ToolCall(entry.text("id"), entry.text("tool"), arguments);
    }

    static ModelMessage toMessage(JsonObject entry) {
        String role = entry.text("role").toUpperCase(Locale.ROOT);
        for (ModelMessage.Role known : ModelMessage.Role.values()) {
            if (known.name().equals(role)) {
                List<ToolCall> calls = each("tool_calls", entry.get("tool_calls"), ModelJson::toCall);
                String answered = entry.get("tool_call_id") instanceof String id ? id : null;
                return new ModelMessage(known, entry.text("content", ""), calls, answered);
            }
        }
        throw new ArgumentException("role of a message", entry.text("role"), "system, user, assistant or tool");
    }

    private static <T> List<T> each(String member, @Nullable Object value, Function<JsonObject, T> form) {
        List<T> elements = new ArrayList<>();
        if (value == null) {
            return elements;
        }
        if (!(value instanceof JsonArray array)) {
            throw JsonValueException.mismatch(member, "an array of maps", value);
        }
        for (Object element : array) {
            if (!(element instanceof JsonObject entry)) {
                throw JsonValueException.mismatch(member, "an array of maps", element);
            }
            elements.add(form.apply(entry));
        }
        return elements;
    }
}

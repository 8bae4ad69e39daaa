package io.llmspell.agents;

import io.llmspell.core.agent.TokenUsage;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.json.JsonValues;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The responses of agents as JSON. */
final class Responses {
    private Responses() {}

    static JsonObject of(String text, List<JsonObject> toolCalls, Spent spent, String finishReason) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("text", text);
        members.put("success", true);
        members.put("tool_calls", toolCalls);
        members.put("token_usage", spent.json());
        members.put("usage", spent.json());
        if (spent.cost() != null) {
            members.put("cost", spent.cost());
        }
        members.put("model", spent.model());
        members.put("provider", spent.provider());
        members.put("finish_reason", finishReason);
        return JsonValues.object(members, JsonLimits.TOOL);
    }

    /** Takes a response that a hook gave, and adds what it left out. */
    static JsonObject completed(@Nullable Object value) {
        Object given = value instanceof String text ? JsonObject.of("text", text) : value;
        if (!(given instanceof JsonObject response) || !(response.get("text") instanceof String text)) {
            throw JsonValueException.mismatch("agent response", "a text, or a map with a text \"text\"", value);
        }
        JsonObject complete = of(text, List.of(), new Spent(TokenUsage.NONE, "", "", null), "stop");
        for (Map.Entry<String, @Nullable Object> member : response.entrySet()) {
            complete = complete.with(member.getKey(), member.getValue());
        }
        return complete;
    }

    /** What a run used, of whom, and what it cost if its calls were priced. */
    record Spent(
            TokenUsage usage,
            String model,
            String provider,
            @Nullable BigDecimal cost) {
        JsonObject json() {
            return ModelJson.usage(usage).with("model", model).with("provider", provider);
        }
    }
}

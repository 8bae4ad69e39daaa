package io.llmspell.agents;

import io.llmspell.core.agent.ModelMessage;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Messages in the form of agent records: role, content, timestamp, and in the metadata what belongs to tools. */
final class MessageJson {
    private static final String METADATA = "metadata";

    private MessageJson() {}

    static Conversation.Said said(ModelMessage message, Instant at) {
        Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
        if (!message.toolCalls().isEmpty()) {
            metadata.put("tool_calls", ModelJson.calls(message.toolCalls()));
        }
        if (message.toolCallId() != null) {
            metadata.put("tool_call_id", message.toolCallId());
        }
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("role", message.role().name().toLowerCase(Locale.ROOT));
        members.put("content", message.text());
        members.put("timestamp", at.toString());
        if (!metadata.isEmpty()) {
            members.put(METADATA, metadata);
        }
        return new Conversation.Said(message, JsonValues.object(members, JsonLimits.TOOL));
    }

    /** Reads a message of a record, which has been checked. */
    static Conversation.Said read(JsonObject json) {
        JsonObject metadata = json.get(METADATA) instanceof JsonObject map ? map : JsonObject.empty();
        ModelMessage message = ModelJson.toMessage(JsonObject.of(
                "role", json.text("role"),
                "content", json.text("content"),
                "tool_calls", metadata.get("tool_calls"),
                "tool_call_id", metadata.get("tool_call_id")));
        return new Conversation.Said(message, json);
    }
}

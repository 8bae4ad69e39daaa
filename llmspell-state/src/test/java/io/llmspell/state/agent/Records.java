package io.llmspell.state.agent;

import io.llmspell.core.agent.AgentRecord;
import io.llmspell.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Records as the tests use them. */
final class Records {
    private Records() {}

    static AgentRecord of(String name, int messages) {
        return new AgentRecord(members(name), conversation(0, messages));
    }

    static JsonObject members(String name) {
        return JsonObject.of(
                "schema_version",
                AgentRecord.SCHEMA_VERSION,
                "agent_id",
                "00000000-0000-0000-0000-000000000001",
                "agent_name",
                name,
                "agent_type",
                "llm",
                "config",
                JsonObject.of("model", "offline/echo", "api_key", "sk-canary-in-the-configuration"),
                "context_variables",
                JsonObject.of("topic", "tides"),
                "tool_usage",
                JsonObject.of("total", 1, "succeeded", 1, "failed", 0, "by_tool", JsonObject.empty()),
                "usage",
                JsonObject.of("input_tokens", 3, "output_tokens", 4, "cost", 0),
                "execution_state",
                "idle",
                "custom_data",
                JsonObject.empty(),
                "metadata",
                JsonObject.empty(),
                "created_at",
                "2026-01-01T00:00:00Z",
                "modified_at",
                "2026-01-01T00:00:01Z");
    }

    static List<JsonObject> conversation(int from, int to) {
        List<JsonObject> messages = new ArrayList<>();
        for (int i = from; i < to; i++) {
            messages.add(message(i));
        }
        return messages;
    }

    static JsonObject message(int number) {
        return JsonObject.of(
                "role",
                number % 2 == 0 ? "user" : "assistant",
                "content",
                "message number " + number + " about the tides of the sea",
                "timestamp",
                "2026-01-01T00:00:00Z");
    }
}

package io.llmspell.core.agent;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.json.JsonValues;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of an agent: its configuration, its conversation, what it remembers and what it has used.
 *
 * <p>The members are {@code schema_version}, {@code agent_id}, {@code agent_name}, {@code agent_type}, {@code config},
 * {@code context_variables}, {@code tool_usage}, {@code usage}, {@code execution_state}, {@code custom_data},
 * {@code metadata}, {@code created_at} and {@code modified_at}. A message of the conversation is a map with {@code role},
 * {@code content}, {@code timestamp} and perhaps {@code metadata}. <b>Threads:</b> immutable.
 *
 * @param members all members but the conversation; at most 1 MiB
 * @param conversation the messages, oldest first, each at most 1 MiB and together 10 MiB; copied
 */
public record AgentRecord(JsonObject members, List<JsonObject> conversation) {
    /** The version of the form that this release writes. */
    public static final String SCHEMA_VERSION = "1.0.0";

    private static final String CONVERSATION = "conversation";
    private static final List<String> TEXTS = List.of("schema_version", "agent_id", "agent_name", "agent_type");
    private static final List<String> MAPS =
            List.of("config", "context_variables", "tool_usage", "usage", "custom_data", "metadata");
    private static final List<String> TIMES = List.of("created_at", "modified_at");
    private static final Set<String> STATES =
            Set.of("idle", "processing", "waiting_for_input", "waiting_for_tool", "suspended", "completed", "failed");
    /** A message is kept within an array of a record. */
    private static final JsonLimits MESSAGE =
            new JsonLimits(JsonLimits.VALUE.depth() - 4, JsonLimits.VALUE.nodes(), JsonLimits.VALUE.bytes());

    private static final Set<String> ROLES = Set.of("system", "user", "assistant", "tool");

    /**
     * Checks the members and copies the conversation.
     *
     * @param members all members but the conversation
     * @param conversation the messages
     * @throws JsonValueException {@code type_mismatch} if a member is missing or of another type,
     *     {@code value_too_large} if the members or a message are
     * @throws ArgumentException {@code invalid_argument} for an unknown execution state or role or a malformed time
     */
    public AgentRecord {
        members = JsonValues.object(members, JsonLimits.VALUE);
        conversation = List.copyOf(conversation);
        for (String name : TEXTS) {
            members.text(name);
        }
        for (String name : MAPS) {
            if (!(members.get(name) instanceof JsonObject)) {
                throw JsonValueException.mismatch(name, "a map", members.get(name));
            }
        }
        for (String name : TIMES) {
            time(name, members.text(name));
        }
        if (!STATES.contains(members.text("execution_state"))) {
            throw new ArgumentException("execution_state", members.text("execution_state"), "one of " + sorted(STATES));
        }
        conversation.forEach(AgentRecord::checkMessage);
        JsonValues.array(conversation, JsonLimits.TOOL);
    }

    private static Instant time(String name, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException malformed) {
            throw new ArgumentException(name, text, "a time such as 2026-01-31T12:00:00Z");
        }
    }

    private static String sorted(Set<String> names) {
        return String.join(", ", names.stream().sorted().toList());
    }

    private static void checkMessage(JsonObject message) {
        JsonValues.object(message, MESSAGE);
        message.text("content");
        message.text("timestamp");
        if (!ROLES.contains(message.text("role"))) {
            throw new ArgumentException("role of a message", message.text("role"), "one of " + sorted(ROLES));
        }
    }

    /**
     * Reads a record from one JSON value.
     *
     * @param json all members, {@code conversation} among them
     * @return the record
     * @throws JsonValueException as the constructor does
     * @throws ArgumentException as the constructor does
     */
    public static AgentRecord of(JsonObject json) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>(json);
        if (!(members.remove(CONVERSATION) instanceof List<?> messages)) {
            throw JsonValueException.mismatch(CONVERSATION, "an array of messages", json.get(CONVERSATION));
        }
        List<JsonObject> conversation = new ArrayList<>(messages.size());
        for (Object each : messages) {
            if (!(each instanceof JsonObject message)) {
                throw JsonValueException.mismatch(CONVERSATION, "an array of messages", each);
            }
            conversation.add(message);
        }
        return new AgentRecord(JsonValues.object(members, JsonLimits.VALUE), conversation);
    }

    /**
     * The whole record as one JSON value.
     *
     * @return all members, {@code conversation} last
     * @throws JsonValueException {@code value_too_large} if it is larger than 10 MiB
     */
    public JsonObject json() {
        return members.with(CONVERSATION, conversation);
    }

    /**
     * The agent's name, under which the record is kept.
     *
     * @return the name
     */
    public String name() {
        return members.text("agent_name");
    }

    /**
     * A map among the members.
     *
     * @param name the member, such as {@code config} or {@code context_variables}
     * @return the map
     */
    public JsonObject map(String name) {
        if (members.get(name) instanceof JsonObject map) {
            return map;
        }
        throw JsonValueException.mismatch(name, "a map", members.get(name));
    }

    /**
     * When the agent was first known.
     *
     * @return the time
     */
    public Instant createdAt() {
        return time("created_at", members.text("created_at"));
    }

    /**
     * When the agent last changed before the record was made.
     *
     * @return the time
     */
    public Instant modifiedAt() {
        return time("modified_at", members.text("modified_at"));
    }
}

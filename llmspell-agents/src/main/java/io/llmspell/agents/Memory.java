package io.llmspell.agents;

import io.llmspell.core.agent.AgentRecord;
import io.llmspell.core.agent.ModelMessage;
import io.llmspell.core.agent.TokenUsage;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.time.TimeSource;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an agent remembers from run to run.
 *
 * <p>All fields are guarded by the monitor of the object, under which no foreign code runs. {@code changes} counts what has
 * happened, so that a save can tell whether it has all of it.
 */
final class Memory {
    /** Before and after the point of an amount. */
    private static final int MOST_DIGITS = 18;

    private final TimeSource time;
    private final Conversation conversation = new Conversation();
    private final TreeMap<String, Calls> tools = new TreeMap<>();
    private JsonObject variables = JsonObject.empty();
    private JsonObject customData = JsonObject.empty();
    private JsonObject metadata = JsonObject.empty();
    private Calls calls = Calls.NONE;
    private TokenUsage used = TokenUsage.NONE;
    private BigDecimal cost = BigDecimal.ZERO;
    private Instant created;
    private Instant modified;
    private long changes;

    /** How often tools were called, and how often that went well. */
    private record Calls(long total, long succeeded) {
        static final Calls NONE = new Calls(0, 0);

        static Calls of(@Nullable Object json) {
            return json instanceof JsonObject map
                            && map.get("total") instanceof Long total
                            && map.get("succeeded") instanceof Long succeeded
                    ? new Calls(total, succeeded)
                    : NONE;
        }

        Calls plus(boolean success) {
            return new Calls(total + 1, succeeded + (success ? 1 : 0));
        }

        JsonObject json() {
            return JsonObject.of("total", total, "succeeded", succeeded, "failed", total - succeeded);
        }
    }

    Memory(TimeSource time) {
        this.time = time;
        this.created = time.now();
        this.modified = created;
    }

    private void changed() {
        modified = time.now();
        changes++;
    }

    synchronized List<ModelMessage> messages() {
        return conversation.messages();
    }

    synchronized void said(List<Conversation.Said> said) {
        conversation.add(said);
        changed();
    }

    /** Adds what a call used, and what it cost if it was priced. */
    synchronized void used(TokenUsage more, @Nullable BigDecimal price) {
        used = used.plus(more);
        if (price != null) {
            cost = cost.add(price);
        }
        changed();
    }

    /** Counts a call; a tool that does not exist counts in the sum alone, because models invent names. */
    synchronized void called(String tool, boolean known, boolean success) {
        calls = calls.plus(success);
        if (known) {
            tools.put(tool, tools.getOrDefault(tool, Calls.NONE).plus(success));
        }
        changed();
    }

    synchronized JsonObject variables() {
        return variables;
    }

    synchronized void setVariable(String name, @Nullable Object value) {
        Map<String, @Nullable Object> next = new LinkedHashMap<>(variables);
        if (value == null) {
            next.remove(name);
        } else {
            next.put(name, value);
        }
        variables = JsonValues.object(next, JsonLimits.VALUE);
        changed();
    }

    /** How much has happened so far. */
    synchronized long changes() {
        return changes;
    }

    /** A record, and how much had happened when it was made. */
    record Snapshot(AgentRecord record, long changes) {}

    synchronized Snapshot snapshot(Map<String, String> keys, JsonObject config, String executionState) {
        Map<String, @Nullable Object> byTool = new LinkedHashMap<>();
        tools.forEach((tool, counts) -> byTool.put(tool, counts.json()));
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("schema_version", AgentRecord.SCHEMA_VERSION);
        members.putAll(keys);
        members.put("config", config);
        members.put("context_variables", variables);
        members.put("tool_usage", calls.json().with("by_tool", byTool));
        members.put(
                "usage",
                JsonObject.of(
                        "input_tokens", used.inputTokens(),
                        "output_tokens", used.outputTokens(),
                        "cost", cost.signum() == 0 ? 0L : cost));
        members.put("execution_state", executionState);
        members.put("custom_data", customData);
        members.put("metadata", metadata);
        members.put("created_at", created.toString());
        members.put("modified_at", modified.toString());
        AgentRecord record = new AgentRecord(JsonValues.object(members, JsonLimits.VALUE), conversation.json());
        return new Snapshot(record, changes);
    }

    /** Takes over what a record says; gives how much has happened then, all of which is saved. */
    synchronized long restore(AgentRecord record) {
        conversation.replace(
                record.conversation().stream().map(MessageJson::read).toList());
        variables = record.map("context_variables");
        customData = record.map("custom_data");
        metadata = record.map("metadata");
        JsonObject usage = record.map("usage");
        used = new TokenUsage(count(usage, "input_tokens"), count(usage, "output_tokens"));
        cost = amount(usage.get("cost"));
        JsonObject toolUsage = record.map("tool_usage");
        calls = Calls.of(toolUsage);
        tools.clear();
        if (toolUsage.get("by_tool") instanceof JsonObject byTool) {
            byTool.forEach((tool, counts) -> tools.put(tool, Calls.of(counts)));
        }
        created = record.createdAt();
        modified = record.modifiedAt();
        return ++changes;
    }

    /** A cost of a record, which hooks may have written: what is no amount of money is none. */
    private static BigDecimal amount(@Nullable Object json) {
        BigDecimal amount = json instanceof Number number ? new BigDecimal(number.toString()) : BigDecimal.ZERO;
        boolean sane = amount.scale() >= 0 ? amount.scale() <= MOST_DIGITS : amount.scale() >= -MOST_DIGITS;
        return sane && amount.precision() <= 2 * MOST_DIGITS ? amount : BigDecimal.ZERO;
    }

    private static long count(JsonObject usage, String name) {
        return usage.get(name) instanceof Long number ? number : 0;
    }
}

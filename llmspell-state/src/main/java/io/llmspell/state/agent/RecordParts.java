package io.llmspell.state.agent;

import io.llmspell.core.agent.AgentRecord;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.redact.Redactor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes the members of a record apart into what changes with every save, the head, and the rest, the body. */
final class RecordParts {
    private static final List<String> BODY = List.of("config", "context_variables", "custom_data", "metadata");
    private static final String FIRST = "first_message";
    private static final String NEXT = "next_message";

    private RecordParts() {}

    static JsonObject head(AgentRecord record, long first, long next) {
        Map<String, @Nullable Object> head = new LinkedHashMap<>(record.members());
        BODY.forEach(head::remove);
        head.put(FIRST, first);
        head.put(NEXT, next);
        return JsonValues.object(head, JsonLimits.VALUE);
    }

    /** The rest; what a configuration says of secrets is given anew with each start and needs no keeping. */
    static JsonObject body(AgentRecord record, Redactor redactor) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        BODY.forEach(name -> body.put(name, record.map(name)));
        body.put("config", redactor.value(record.map("config")));
        return JsonValues.object(body, JsonLimits.VALUE);
    }

    static AgentRecord record(Kept kept) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>(kept.head());
        members.remove(FIRST);
        members.remove(NEXT);
        members.putAll(kept.body());
        return new AgentRecord(JsonValues.object(members, JsonLimits.VALUE), kept.messages());
    }

    static long first(JsonObject head) {
        return number(head, FIRST);
    }

    static long next(JsonObject head) {
        return number(head, NEXT);
    }

    private static long number(JsonObject head, String name) {
        return head.get(name) instanceof Long number ? number : -1;
    }
}

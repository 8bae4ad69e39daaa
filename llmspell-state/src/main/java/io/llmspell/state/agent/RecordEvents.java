package io.llmspell.state.agent;

import io.llmspell.core.agent.AgentRecord;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventReporter;
import io.llmspell.core.event.StagedEvent;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.redact.Redactor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the events of records; without a bus there are none. */
final class RecordEvents {
    private final @Nullable EventBus bus;
    private final Redactor redactor;

    RecordEvents(@Nullable EventBus bus, Redactor redactor) {
        this.bus = bus;
        this.redactor = redactor;
    }

    /** The event of a change, which stands in the batch of the change. */
    @Nullable StagedEvent stage(String type, Component agent, Map<String, ?> more, Caller caller) {
        EventBus telling = bus;
        return telling == null ? null : telling.stage(draft(type, agent, more), "version", caller);
    }

    void loaded(Component agent, AgentRecord record, Caller caller) {
        EventBus telling = bus;
        if (telling != null) {
            Map<String, Object> payload =
                    payload(agent, Map.of("schema_version", record.members().text("schema_version")));
            new EventReporter(telling, redactor).report("agent.state.loaded", payload, agent, caller);
        }
    }

    private EventDraft draft(String type, Component agent, Map<String, ?> more) {
        return EventDraft.of(type, redactor.value(payload(agent, more)), agent);
    }

    private static Map<String, Object> payload(Component agent, Map<String, ?> more) {
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("agent_id", agent.id().toString());
        payload.put("agent_name", agent.name());
        payload.putAll(more);
        return payload;
    }
}

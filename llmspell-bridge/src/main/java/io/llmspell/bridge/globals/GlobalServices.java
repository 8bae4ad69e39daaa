package io.llmspell.bridge.globals;

import io.llmspell.agents.Agents;
import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.time.TimeSource;
import io.llmspell.events.correlation.Timelines;
import io.llmspell.hooks.Hooks;
import io.llmspell.tools.Tools;
import io.llmspell.workflows.Workflows;
import java.util.function.Supplier;

/**
 * The parts of a runtime that the globals speak to.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param hooks hooks
 * @param hookParts what the global {@code Hook} needs besides
 * @param events the bus
 * @param state state
 * @param tools tools
 * @param agents agents
 * @param workflows workflows
 * @param json the JSON codec
 * @param time the clock
 * @param ids makes ids
 * @param redactor masks secrets in logs
 * @param audit keeps what was refused
 * @param timelines makes timelines, made at its first use
 */
public record GlobalServices(
        Hooks hooks,
        HookParts hookParts,
        EventBus events,
        StateManager state,
        Tools tools,
        Agents agents,
        Workflows workflows,
        JsonCodec json,
        TimeSource time,
        IdGenerator ids,
        Redactor redactor,
        AuditLog audit,
        Supplier<Timelines> timelines) {}

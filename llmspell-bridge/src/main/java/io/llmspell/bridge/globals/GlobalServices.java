package io.llmspell.bridge.globals;

import io.llmspell.agents.Agents;
import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.concurrent.Lazy;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.time.TimeSource;
import io.llmspell.events.correlation.CorrelationTracker;
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
 * @param sessions sessions and artifacts, made at their first use
 * @param lazyTools tools; a script that uses none does not wait for them to be made
 * @param lazyAgents agents
 * @param lazyWorkflows workflows
 * @param json the JSON codec
 * @param time the clock
 * @param ids makes ids
 * @param redactor masks secrets in logs
 * @param audit keeps what was refused
 * @param notices gives those that tell of refusals
 * @param timelines makes timelines, made at its first use
 * @param tracker remembers linked events from its first use on
 */
public record GlobalServices(
        Hooks hooks,
        HookParts hookParts,
        EventBus events,
        StateManager state,
        RuntimeSessions sessions,
        Lazy<Tools> lazyTools,
        Lazy<Agents> lazyAgents,
        Lazy<Workflows> lazyWorkflows,
        JsonCodec json,
        TimeSource time,
        IdGenerator ids,
        Redactor redactor,
        AuditLog audit,
        Supplier<Notices> notices,
        Supplier<Timelines> timelines,
        Supplier<CorrelationTracker> tracker) {

    /**
     * Tools, made at the first call.
     *
     * @return tools
     */
    public Tools tools() {
        return lazyTools.get();
    }

    /**
     * Agents, made at the first call.
     *
     * @return agents
     */
    public Agents agents() {
        return lazyAgents.get();
    }

    /**
     * Workflows, made at the first call.
     *
     * @return workflows
     */
    public Workflows workflows() {
        return lazyWorkflows.get();
    }

    /** The caller with the time that the option {@code timeout_ms} leaves a call. */
    Caller timed(Caller caller, OptionReader options) {
        double millis = options.number("timeout_ms", 0, 1, 86_400_000);
        return millis == 0 ? caller : caller.limited(caller.token(), time.nanos() + (long) (millis * 1_000_000));
    }
}

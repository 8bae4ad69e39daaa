package io.llmspell.tools;

import io.llmspell.core.concurrent.Offload;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.EventReporter;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.json.JsonErrors;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.time.TimeSource;
import io.llmspell.core.tool.ToolExecutor;
import io.llmspell.core.tool.ToolLimits;
import io.llmspell.core.tool.ToolResult;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Hands calls to the gate, tells failed tools from refused calls, and reports one start and one end of each call. */
final class ExecutorImpl implements ToolExecutor {
    private final RegistryImpl registry;
    private final Passage<ToolInput, ToolOutput> passage;
    private final EventReporter events;
    private final TimeSource time;
    private final IdGenerator ids;
    private final ToolLimits usual;
    private final @Nullable FigureKeeper figures;

    ExecutorImpl(
            RegistryImpl registry,
            Passage<ToolInput, ToolOutput> passage,
            EventReporter events,
            TimeSource time,
            IdGenerator ids,
            ToolLimits usual,
            @Nullable FigureKeeper figures) {
        this.registry = registry;
        this.passage = passage;
        this.events = events;
        this.time = time;
        this.ids = ids;
        this.usual = usual;
        this.figures = figures;
    }

    @Override
    public ToolResult invoke(String tool, JsonObject parameters, Caller caller) {
        ToolEntry entry = registry.entry(tool);
        Invocation call = new Invocation(entry, ids.next().toString(), caller);
        ToolInput input = new ToolInput(call, parameters, entry.tool().limits(usual));
        long started = time.nanos();
        report("tool.started", call, Map.of(), caller);
        try {
            ToolOutput output = passage.call(entry.component(), input, caller);
            Duration took = Duration.ofNanos(time.nanos() - started);
            ran(call, false, took);
            report("tool.completed", call, Map.of("duration_ms", took.toMillis(), "cached", call.cached()), caller);
            return new ToolResult(
                    call.name(), call.callId(), output.result(), null, took, output.forks(), call.cached());
        } catch (LlmSpellException error) {
            boolean late = call.failedWith(error) && error.code().equals(ErrorCode.TIMEOUT);
            report(late ? "tool.timeout" : "tool.failed", call, Map.of("error", JsonErrors.object(error)), caller);
            if (call.failedWith(error)) {
                Duration took = Duration.ofNanos(time.nanos() - started);
                ran(call, true, took);
                return new ToolResult(call.name(), call.callId(), JsonObject.empty(), error, took);
            }
            throw error;
        }
    }

    private void ran(Invocation call, boolean failed, Duration took) {
        FigureKeeper keeper = figures;
        if (keeper != null && call.hasRun()) {
            keeper.ran(call.name(), failed, took);
        }
    }

    @Override
    public Mono<ToolResult> invokeAsync(String tool, JsonObject parameters, Caller caller) {
        return Offload.mono(
                caller.token(), stop -> invoke(tool, parameters, caller.limited(stop, caller.deadlineNanos())));
    }

    private void report(String type, Invocation call, Map<String, ? extends @Nullable Object> more, Caller caller) {
        Map<String, @Nullable Object> payload = new LinkedHashMap<>(call.keys());
        payload.putAll(more);
        events.report(type, payload, call.entry().component(), caller);
    }
}

package io.llmspell.hooks.builtin;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookPhase;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationView;
import io.llmspell.core.identity.Caller;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Keeps a trace of what passed each point. A point before an operation is noted when it passes and kept when the
 * operation has ended, because only then its duration is known.
 */
final class DebuggingHook implements RunningBuiltin, DebugTraces {
    private static final String LOGGER = "io.llmspell.hooks.debugging";
    private static final String OWN_PACKAGE = "io.llmspell.hooks.";
    private static final int DATA_BYTES = 4_096;
    private static final int TEXT_BYTES = 1_024;
    private static final int NOTE_BYTES = 256;
    private static final int FRAMES = 32;

    private final DebuggingConfig config;
    private final BuiltinServices services;
    private final Excerpts excerpts;
    private final Logger logger;
    private final TraceRing ring;

    /**
     * Makes the hook.
     *
     * @param previous what ran before, whose traces are kept; or null
     */
    DebuggingHook(DebuggingConfig config, BuiltinServices services, @Nullable RunningBuiltin previous) {
        this.config = config;
        this.services = services;
        this.excerpts = new Excerpts(services.redactor(), services.json());
        this.logger = services.loggers().apply(LOGGER);
        this.ring = previous instanceof DebuggingHook old ? old.ring : new TraceRing(config.maxTraces());
    }

    @Override
    public void begin() {
        ring.limit(config.maxTraces());
    }

    @Override
    public HookResult execute(HookContext context) {
        OperationView operation = context.operation();
        if (context.point().info().phase() == HookPhase.BEFORE) {
            long began = services.time().nanos();
            DebugTrace draft = draft(context);
            context.onEnd(end -> keep(draft, Duration.ofNanos(services.time().nanos() - began), end));
        } else if (operation.elapsed().compareTo(config.minDuration()) >= 0) {
            keep(draft(context), operation.elapsed(), operation);
        }
        Marks.put(context, "debug_traced_at", services.time().now().toString());
        Marks.put(
                context, "debug_correlation_id", context.caller().correlation().text());
        return HookResult.proceed();
    }

    private DebugTrace draft(HookContext context) {
        Caller caller = context.caller();
        return new DebugTrace(
                services.time().now(),
                context.point(),
                excerpts.line(context.component().toString(), TEXT_BYTES),
                context.operation().id(),
                excerpts.line(caller.correlation().text(), TEXT_BYTES),
                excerpts.line(caller.principal().text(), TEXT_BYTES),
                context.attempt(),
                Duration.ZERO,
                null,
                config.includeContextData() ? excerpts.text(context.data(), DATA_BYTES) : null,
                config.includeMetadata() ? metadata(context) : Map.of(),
                config.captureStackTraces() ? stack() : List.of());
    }

    private Map<String, String> metadata(HookContext context) {
        Map<String, String> masked = new LinkedHashMap<>();
        context.metadata()
                .forEach((key, value) -> masked.put(
                        excerpts.line(key, NOTE_BYTES),
                        Excerpts.cut(String.valueOf(services.redactor().member(key, value)), NOTE_BYTES)));
        return masked;
    }

    private static List<String> stack() {
        return StackWalker.getInstance()
                .walk(frames -> frames.map(StackWalker.StackFrame::toString)
                        .dropWhile(frame -> frame.startsWith(OWN_PACKAGE))
                        .limit(FRAMES)
                        .toList());
    }

    private void keep(DebugTrace draft, Duration duration, OperationView operation) {
        if (duration.compareTo(config.minDuration()) < 0) {
            return;
        }
        LlmSpellException error = operation.error();
        DebugTrace trace =
                draft.ended(duration, error == null ? null : error.code().id());
        ring.add(trace);
        if (config.logToConsole()) {
            logger.info(line(trace));
        }
    }

    private String line(DebugTrace trace) {
        LogLine line = new LogLine("trace " + trace.point(), services.json())
                .add("component", trace.component())
                .add("operation_id", trace.operationId())
                .add("correlation_id", trace.correlationId())
                .add("principal", trace.principal())
                .add("attempt", String.valueOf(trace.attempt()))
                .add("duration_ms", Millis.text(trace.duration().toNanos()));
        if (trace.error() != null) {
            line.add("error", trace.error());
        }
        if (trace.data() != null) {
            line.raw("data", trace.data());
        }
        if (!trace.metadata().isEmpty()) {
            line.raw("metadata", services.json().text(trace.metadata()));
        }
        return trace.stack().isEmpty()
                ? line.toString()
                : line.add("at", trace.stack().get(0)).toString();
    }

    @Override
    public List<DebugTrace> traces() {
        return ring.traces();
    }

    @Override
    public void clear() {
        ring.clear();
    }

    @Override
    public Map<String, @Nullable Object> statistics() {
        return ring.statistics();
    }
}

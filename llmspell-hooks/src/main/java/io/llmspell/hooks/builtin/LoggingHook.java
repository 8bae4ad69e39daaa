package io.llmspell.hooks.builtin;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationView;
import io.llmspell.core.identity.Caller;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Writes a line to the log for each point that an operation passes; everything in it is redacted before. */
final class LoggingHook implements RunningBuiltin {
    private static final String LOGGER = "io.llmspell.hooks.logging";
    private static final int ERROR_BYTES = 512;

    private final LoggingConfig config;
    private final BuiltinServices services;
    private final Excerpts excerpts;
    private final Logger logger;
    private final Map<LogLevel, LongAdder> lines;

    /**
     * Makes the hook.
     *
     * @param previous what ran before, whose counters go on; or null
     */
    LoggingHook(LoggingConfig config, BuiltinServices services, @Nullable RunningBuiltin previous) {
        this.config = config;
        this.services = services;
        this.excerpts = new Excerpts(services.redactor(), services.json());
        this.logger = services.loggers().apply(LOGGER);
        this.lines = previous instanceof LoggingHook old ? old.lines : counters();
    }

    private static Map<LogLevel, LongAdder> counters() {
        Map<LogLevel, LongAdder> counters = new EnumMap<>(LogLevel.class);
        for (LogLevel level : LogLevel.values()) {
            counters.put(level, new LongAdder());
        }
        return counters;
    }

    @Override
    public HookResult execute(HookContext context) {
        if (logger.isEnabledForLevel(config.level().slf4j())) {
            logger.atLevel(config.level().slf4j()).log(line(context)); // no arguments, so braces in it mean nothing
            lines.getOrDefault(config.level(), new LongAdder()).increment();
            Marks.put(context, "logged_at", services.time().now().toString());
        }
        return HookResult.proceed();
    }

    private String line(HookContext context) {
        LogLine line = new LogLine(context.point().name(), services.json());
        identity(line, context);
        OperationView operation = context.operation();
        if (config.shows("attempt")) {
            line.add("attempt", String.valueOf(context.attempt()));
        }
        if (config.shows("replaced") && operation.replaced()) {
            line.add("replaced", "true");
        }
        LlmSpellException error = operation.error();
        if (config.shows("error") && error != null) {
            line.add("error", error.code().id());
            line.add("message", excerpts.line(error.text(), ERROR_BYTES));
        }
        if (config.logPerformance() && config.shows("elapsed_ms")) {
            line.add("elapsed_ms", Millis.text(operation.elapsed().toNanos()));
        }
        if (config.includeContextData() && config.shows("data")) {
            line.raw("data", excerpts.text(context.data(), config.maxDataSize()));
        }
        if (config.includeMetadata() && config.shows("metadata")) {
            line.raw("metadata", excerpts.text(context.metadata(), config.maxDataSize()));
        }
        return line.toString();
    }

    private void identity(LogLine line, HookContext context) {
        Caller caller = context.caller();
        Map<String, @Nullable String> members = new LinkedHashMap<>();
        members.put("component", context.component().toString());
        members.put("operation", context.operation().kind().id());
        members.put("operation_id", caller.parentOperation());
        members.put("correlation_id", caller.correlation().text());
        members.put("principal", caller.principal().text());
        members.put("language", context.language().id());
        members.forEach((name, value) -> {
            if (value != null && config.shows(name)) {
                line.add(name, excerpts.line(value, ERROR_BYTES));
            }
        });
    }

    @Override
    public Map<String, @Nullable Object> statistics() {
        Map<String, @Nullable Object> byLevel = new LinkedHashMap<>();
        lines.forEach((level, count) -> byLevel.put(level.id(), count.sum()));
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("lines", byLevel);
        return all;
    }
}

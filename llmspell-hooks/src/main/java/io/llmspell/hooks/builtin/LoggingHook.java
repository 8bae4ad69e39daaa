package io.llmspell.hooks.builtin;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationView;
import io.llmspell.core.identity.Caller;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/** Writes a line to the log for each point that an operation passes; everything in it is redacted before. */
final class LoggingHook implements RunningBuiltin {
    private static final String LOGGER = "io.llmspell.hooks.logging";
    private static final int NANOS_DIGITS = 6;
    private static final int ERROR_BYTES = 512;

    private final LoggingConfig config;
    private final BuiltinServices services;
    private final Excerpts excerpts;
    private final Logger logger;
    private final Map<Level, LongAdder> lines;

    private LoggingHook(LoggingConfig config, BuiltinServices services, Map<Level, LongAdder> lines) {
        this.config = config;
        this.services = services;
        this.excerpts = new Excerpts(services.redactor(), services.json());
        this.logger = services.loggers().apply(LOGGER);
        this.lines = lines;
    }

    private static Map<Level, LongAdder> counters() {
        Map<Level, LongAdder> counters = new EnumMap<>(Level.class);
        for (Level level : Level.values()) {
            counters.put(level, new LongAdder());
        }
        return counters;
    }

    @Override
    public HookResult execute(HookContext context) {
        if (logger.isEnabledForLevel(config.level())) {
            logger.atLevel(config.level()).log(line(context)); // no arguments, so braces in it mean nothing
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
            line.add("elapsed_ms", millis(operation.elapsed()));
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

    private static String millis(Duration elapsed) {
        return BigDecimal.valueOf(elapsed.toNanos(), NANOS_DIGITS)
                .setScale(3, RoundingMode.HALF_UP)
                .toPlainString();
    }

    @Override
    public Map<String, @Nullable Object> statistics() {
        Map<String, @Nullable Object> byLevel = new LinkedHashMap<>();
        lines.forEach((level, count) -> byLevel.put(level.name().toLowerCase(Locale.ROOT), count.sum()));
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("lines", byLevel);
        return all;
    }

    /**
     * What the hook is.
     *
     * @param services what it needs
     */
    record Definition(BuiltinServices services) implements Builtin<LoggingConfig> {
        @Override
        public String name() {
            return LoggingConfig.NAME;
        }

        @Override
        public String description() {
            return "Writes a line to the log for each point that an operation passes.";
        }

        @Override
        public Place place() {
            return Place.SYSTEM_LAST;
        }

        @Override
        public int priority() {
            return HookOptions.LOW;
        }

        @Override
        public Class<LoggingConfig> configType() {
            return LoggingConfig.class;
        }

        @Override
        public List<HookPoint> defaultPoints() {
            return BuiltinPoints.all();
        }

        @Override
        public LoggingConfig read(ConfigSection options, List<HookPoint> points) {
            return LoggingConfig.read(options, points);
        }

        @Override
        public RunningBuiltin start(LoggingConfig config, @Nullable RunningBuiltin previous) {
            return new LoggingHook(config, services, previous instanceof LoggingHook old ? old.lines : counters());
        }
    }
}

package io.llmspell.hooks.builtin;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.hook.HookPoint;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the hook {@code debugging}, which keeps a trace of what passed each point.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param points where it runs; empty for all points; copied
 * @param captureStackTraces whether a trace says where the operation was called; default true
 * @param includeContextData whether a trace has the data of the point; default true
 * @param includeMetadata whether a trace has the metadata of the operation; default true
 * @param maxTraces how many traces are kept at most, 1 to 100,000, the oldest go first; default 1000
 * @param logToConsole whether each trace is written to the log too; default false
 * @param minDuration how long an operation must take to be traced, not negative; default 0
 */
public record DebuggingConfig(
        List<HookPoint> points,
        boolean captureStackTraces,
        boolean includeContextData,
        boolean includeMetadata,
        int maxTraces,
        boolean logToConsole,
        Duration minDuration)
        implements BuiltinConfig {
    static final String NAME = "debugging";
    static final int TRACES = 1_000;
    private static final int MOST_TRACES = 100_000;
    private static final Duration LONGEST = Duration.ofDays(1);

    /**
     * Checks and copies the members.
     *
     * @param points where it runs
     * @param captureStackTraces whether a trace says where the operation was called
     * @param includeContextData whether a trace has the data of the point
     * @param includeMetadata whether a trace has the metadata
     * @param maxTraces how many traces are kept at most
     * @param logToConsole whether each trace is written to the log too
     * @param minDuration how long an operation must take to be traced
     * @throws ArgumentException {@code invalid_argument} if a number or duration is out of range
     */
    public DebuggingConfig {
        points = List.copyOf(points);
        if (maxTraces < 1 || maxTraces > MOST_TRACES) {
            throw new ArgumentException("max_traces", String.valueOf(maxTraces), "1 to " + MOST_TRACES);
        }
        if (minDuration.isNegative() || minDuration.compareTo(LONGEST) > 0) {
            throw new ArgumentException("min_duration", minDuration.toString(), "0 to one day");
        }
    }

    /**
     * Begins with the defaults.
     *
     * @return a builder
     */
    public static DebuggingConfigBuilder builder() {
        return new DebuggingConfigBuilder();
    }

    static DebuggingConfig read(ConfigSection options, List<HookPoint> points) {
        return new DebuggingConfig(
                points,
                options.flag("capture_stack_traces", true),
                options.flag("include_context_data", true),
                options.flag("include_metadata", true),
                (int) options.integer("max_traces", TRACES, 1, MOST_TRACES),
                options.flag("log_to_console", false),
                options.duration("min_duration", Duration.ZERO, Duration.ZERO, LONGEST));
    }

    @Override
    public String hook() {
        return NAME;
    }

    @Override
    public Map<String, @Nullable Object> values() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("capture_stack_traces", captureStackTraces);
        values.put("include_context_data", includeContextData);
        values.put("include_metadata", includeMetadata);
        values.put("max_traces", maxTraces);
        values.put("log_to_console", logToConsole);
        values.put("min_duration", minDuration.toMillis() + "ms");
        return values;
    }
}

package io.llmspell.hooks.builtin;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.text.Nearest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the hook {@code logging}, which writes a line for each point that an operation passes.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param points where it runs; empty for all points; copied
 * @param level the level of the lines; default {@code info}
 * @param includeContextData whether the data of the point is in the line; default true
 * @param includeMetadata whether the metadata of the operation is in the line; default true
 * @param logPerformance whether the time since the operation began is in the line; default true
 * @param maxDataSize how many bytes of data, and how many of metadata, are in the line at most, 0 to 1 MiB; default 1024
 * @param fields the names of the members of the line, empty for all; copied
 */
public record LoggingConfig(
        List<HookPoint> points,
        LogLevel level,
        boolean includeContextData,
        boolean includeMetadata,
        boolean logPerformance,
        int maxDataSize,
        List<String> fields)
        implements BuiltinConfig {
    static final String NAME = "logging";
    static final int LARGEST_DATA = 1 << 20;

    /** The members that a line can have. */
    static final List<String> FIELDS = List.of(
            "component",
            "operation",
            "operation_id",
            "correlation_id",
            "principal",
            "language",
            "attempt",
            "replaced",
            "error",
            "elapsed_ms",
            "data",
            "metadata");

    /**
     * Checks and copies the members.
     *
     * @param points where it runs
     * @param level the level of the lines
     * @param includeContextData whether the data is in the line
     * @param includeMetadata whether the metadata is in the line
     * @param logPerformance whether the time is in the line
     * @param maxDataSize how many bytes of data are in the line at most
     * @param fields the names of the members
     * @throws ArgumentException {@code invalid_argument} if a size or field is out of range
     */
    public LoggingConfig {
        points = List.copyOf(points);
        fields = List.copyOf(fields);
        if (maxDataSize < 0 || maxDataSize > LARGEST_DATA) {
            throw new ArgumentException("max_data_size", String.valueOf(maxDataSize), "0 to " + LARGEST_DATA);
        }
        for (String field : fields) {
            if (!FIELDS.contains(field)) {
                throw new ArgumentException("field of a log line", field, wanted(field));
            }
        }
    }

    private static String wanted(String field) {
        String hint = Nearest.hint(field, FIELDS);
        return "one of " + String.join(", ", FIELDS) + (hint.isEmpty() ? "" : "; " + hint);
    }

    /**
     * Begins with the defaults.
     *
     * @return a builder
     */
    public static LoggingConfigBuilder builder() {
        return new LoggingConfigBuilder();
    }

    static LoggingConfig read(ConfigSection options, List<HookPoint> points) {
        List<String> fields = options.texts("fields", List.of());
        for (String field : fields) {
            if (!FIELDS.contains(field)) {
                throw options.wrong("fields", "a list of fields; \"" + field + "\" must be " + wanted(field));
            }
        }
        return new LoggingConfig(
                points,
                options.choice("level", LogLevel.INFO),
                options.flag("include_context_data", true),
                options.flag("include_metadata", true),
                options.flag("log_performance", true),
                (int) options.bytes("max_data_size", LoggingConfigBuilder.DATA_SIZE, 0, LARGEST_DATA),
                fields);
    }

    /** Whether a line has a member. */
    boolean shows(String field) {
        return fields.isEmpty() || fields.contains(field);
    }

    @Override
    public String hook() {
        return NAME;
    }

    @Override
    public Map<String, @Nullable Object> values() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("level", level.id());
        values.put("include_context_data", includeContextData);
        values.put("include_metadata", includeMetadata);
        values.put("log_performance", logPerformance);
        values.put("max_data_size", maxDataSize);
        values.put("fields", fields);
        return values;
    }
}

package io.llmspell.hooks.builtin;

import io.llmspell.core.hook.HookPoint;
import java.util.List;

/**
 * Builds a {@link LoggingConfig}.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class LoggingConfigBuilder {
    static final int DATA_SIZE = 1024;

    private List<HookPoint> points = List.of();
    private LogLevel level = LogLevel.INFO;
    private boolean includeContextData = true;
    private boolean includeMetadata = true;
    private boolean logPerformance = true;
    private int maxDataSize = DATA_SIZE;
    private List<String> fields = List.of();

    LoggingConfigBuilder() {}

    /**
     * Sets where the hook runs.
     *
     * @param places the points; default: all
     * @return this builder
     */
    public LoggingConfigBuilder points(HookPoint... places) {
        this.points = List.of(places);
        return this;
    }

    /**
     * Sets the level of the lines.
     *
     * @param severity the level; default {@link LogLevel#INFO}
     * @return this builder
     */
    public LoggingConfigBuilder level(LogLevel severity) {
        this.level = severity;
        return this;
    }

    /**
     * Sets whether the data of the point is in the line.
     *
     * @param on default true
     * @return this builder
     */
    public LoggingConfigBuilder includeContextData(boolean on) {
        this.includeContextData = on;
        return this;
    }

    /**
     * Sets whether the metadata of the operation is in the line.
     *
     * @param on default true
     * @return this builder
     */
    public LoggingConfigBuilder includeMetadata(boolean on) {
        this.includeMetadata = on;
        return this;
    }

    /**
     * Sets whether the time since the operation began is in the line.
     *
     * @param on default true
     * @return this builder
     */
    public LoggingConfigBuilder logPerformance(boolean on) {
        this.logPerformance = on;
        return this;
    }

    /**
     * Sets how much data, and how much metadata, a line has at most.
     *
     * @param bytes 0 to 1 MiB; default 1024
     * @return this builder
     */
    public LoggingConfigBuilder maxDataSize(int bytes) {
        this.maxDataSize = bytes;
        return this;
    }

    /**
     * Sets the members of a line.
     *
     * @param names of {@code component operation operation_id correlation_id principal language attempt replaced
     *     error elapsed_ms data metadata}; default: all
     * @return this builder
     */
    public LoggingConfigBuilder fields(String... names) {
        this.fields = List.of(names);
        return this;
    }

    /**
     * Makes the settings.
     *
     * @return the settings
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if a size or field is out of range
     */
    public LoggingConfig build() {
        return new LoggingConfig(
                points, level, includeContextData, includeMetadata, logPerformance, maxDataSize, fields);
    }
}

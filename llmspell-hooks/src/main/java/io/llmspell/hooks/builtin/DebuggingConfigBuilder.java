package io.llmspell.hooks.builtin;

import io.llmspell.core.hook.HookPoint;
import java.time.Duration;
import java.util.List;

/**
 * Builds a {@link DebuggingConfig}.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class DebuggingConfigBuilder {
    private List<HookPoint> points = List.of();
    private boolean captureStackTraces = true;
    private boolean includeContextData = true;
    private boolean includeMetadata = true;
    private int maxTraces = DebuggingConfig.TRACES;
    private boolean logToConsole;
    private Duration minDuration = Duration.ZERO;

    DebuggingConfigBuilder() {}

    /**
     * Sets where the hook runs.
     *
     * @param places the points; default: all
     * @return this builder
     */
    public DebuggingConfigBuilder points(HookPoint... places) {
        this.points = List.of(places);
        return this;
    }

    /**
     * Sets whether a trace says where the operation was called.
     *
     * @param on default true
     * @return this builder
     */
    public DebuggingConfigBuilder captureStackTraces(boolean on) {
        this.captureStackTraces = on;
        return this;
    }

    /**
     * Sets whether a trace has the data of the point.
     *
     * @param on default true
     * @return this builder
     */
    public DebuggingConfigBuilder includeContextData(boolean on) {
        this.includeContextData = on;
        return this;
    }

    /**
     * Sets whether a trace has the metadata of the operation.
     *
     * @param on default true
     * @return this builder
     */
    public DebuggingConfigBuilder includeMetadata(boolean on) {
        this.includeMetadata = on;
        return this;
    }

    /**
     * Sets how many traces are kept at most.
     *
     * @param count 1 to 100,000; default 1000
     * @return this builder
     */
    public DebuggingConfigBuilder maxTraces(int count) {
        this.maxTraces = count;
        return this;
    }

    /**
     * Sets whether each trace is written to the log too.
     *
     * @param on default false
     * @return this builder
     */
    public DebuggingConfigBuilder logToConsole(boolean on) {
        this.logToConsole = on;
        return this;
    }

    /**
     * Sets how long an operation must take to be traced.
     *
     * @param least 0 to one day; default 0
     * @return this builder
     */
    public DebuggingConfigBuilder minDuration(Duration least) {
        this.minDuration = least;
        return this;
    }

    /**
     * Makes the settings.
     *
     * @return the settings
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if a number or duration is out of range
     */
    public DebuggingConfig build() {
        return new DebuggingConfig(
                points, captureStackTraces, includeContextData, includeMetadata, maxTraces, logToConsole, minDuration);
    }
}

package io.llmspell.tools;

import io.llmspell.core.json.JsonObject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How often a tool was called, how often it failed, and how long its calls took together.
 *
 * <p>Calls that were refused before the tool ran do not count. <b>Threads:</b> immutable.
 *
 * @param calls how often the tool ran
 * @param failures how often it failed
 * @param duration how long all calls took together
 */
public record ToolFigures(long calls, long failures, Duration duration) {
    /** Never called. */
    public static final ToolFigures NONE = new ToolFigures(0, 0, Duration.ZERO);

    /**
     * Makes figures.
     *
     * @param calls how often the tool ran
     * @param failures how often it failed
     * @param duration how long all calls took together
     */
    public ToolFigures {}

    ToolFigures plus(ToolFigures more) {
        return new ToolFigures(calls + more.calls, failures + more.failures, duration.plus(more.duration));
    }

    ToolFigures minus(ToolFigures less) {
        return new ToolFigures(calls - less.calls, failures - less.failures, duration.minus(less.duration));
    }

    JsonObject json() {
        return JsonObject.of("calls", calls, "failures", failures, "duration_us", duration.toNanos() / 1_000);
    }

    /** Reads kept figures; what has another form counts as none. */
    static ToolFigures of(@Nullable Object json) {
        return json instanceof JsonObject map
                        && map.get("calls") instanceof Long calls
                        && map.get("failures") instanceof Long failures
                        && map.get("duration_us") instanceof Long micros
                ? new ToolFigures(calls, failures, Duration.ofNanos(micros * 1_000))
                : NONE;
    }
}

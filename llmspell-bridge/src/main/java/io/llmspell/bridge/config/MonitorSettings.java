package io.llmspell.bridge.config;

import io.llmspell.core.config.ConfigSection;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the runtime watches of itself; the section {@code [monitor]}.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param interval how often it measures
 * @param memoryHigh the used share of the most memory above which memory is high, 0 to 1
 * @param cpuHigh the used share of all processors above which their use is high, 0 to 1
 * @param cpuWindow over how long the use of processors is averaged
 */
public record MonitorSettings(Duration interval, double memoryHigh, double cpuHigh, Duration cpuWindow) {
    /** Every 10 s; memory above 85 %, processors above 90 % over 30 s. */
    public static final MonitorSettings DEFAULT =
            new MonitorSettings(Duration.ofSeconds(10), 0.85, 0.9, Duration.ofSeconds(30));

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    /**
     * Reads the section.
     *
     * @param section options {@code interval}, {@code memory_high}, {@code cpu_high} and {@code cpu_window}; what is
     *     left out has its default
     * @return the settings
     * @throws io.llmspell.core.error.ConfigException {@code invalid_config} if an option is unknown or out of range
     */
    public static MonitorSettings from(ConfigSection section) {
        MonitorSettings read = new MonitorSettings(
                section.duration("interval", DEFAULT.interval, SHORTEST, LONGEST),
                section.number("memory_high", DEFAULT.memoryHigh, 0, 1),
                section.number("cpu_high", DEFAULT.cpuHigh, 0, 1),
                section.duration("cpu_window", DEFAULT.cpuWindow, SHORTEST, LONGEST));
        section.end();
        return read;
    }

    /**
     * The options as the section writes them.
     *
     * @return JSON values by name
     */
    public Map<String, @Nullable Object> values() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("interval", interval.toMillis() + "ms");
        values.put("memory_high", memoryHigh);
        values.put("cpu_high", cpuHigh);
        values.put("cpu_window", cpuWindow.toMillis() + "ms");
        return values;
    }
}

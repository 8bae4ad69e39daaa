package io.llmspell.events.correlation;

import io.llmspell.core.config.ConfigSection;
import java.time.Duration;

/**
 * How much a tracker remembers, and whether it looks for links; the section {@code [events.correlation]}.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param maxEventsPerCorrelation how many events of a run are remembered; the oldest go
 * @param maxCorrelationAge how long a run without new events is remembered
 * @param maxTotalCorrelations how many runs are remembered; those without new events for longest go
 * @param autoLinkDetection whether links are looked for
 * @param linkDetectionWindow how far back they are looked for
 */
public record CorrelationSettings(
        int maxEventsPerCorrelation,
        Duration maxCorrelationAge,
        int maxTotalCorrelations,
        boolean autoLinkDetection,
        Duration linkDetectionWindow) {
    /** 1,000 events of each of 10,000 runs for an hour; links over at most 60 s. */
    public static final CorrelationSettings DEFAULT =
            new CorrelationSettings(1_000, Duration.ofHours(1), 10_000, true, Duration.ofSeconds(60));

    private static final Duration LONGEST = Duration.ofDays(36_500);

    /**
     * Makes the settings.
     *
     * @param maxEventsPerCorrelation how many events of a run are remembered
     * @param maxCorrelationAge how long a run is remembered
     * @param maxTotalCorrelations how many runs are remembered
     * @param autoLinkDetection whether links are looked for
     * @param linkDetectionWindow how far back
     */
    public CorrelationSettings {}

    /**
     * Reads the section.
     *
     * @param section options {@code max_events_per_correlation}, {@code max_correlation_age},
     *     {@code max_total_correlations}, {@code auto_link_detection} and {@code link_detection_window}; what is left out
     *     has its default
     * @return the settings
     * @throws io.llmspell.core.error.ConfigException {@code invalid_config} if an option is unknown or out of range
     */
    public static CorrelationSettings from(ConfigSection section) {
        CorrelationSettings read = new CorrelationSettings(
                (int) section.integer("max_events_per_correlation", DEFAULT.maxEventsPerCorrelation, 1, 1_000_000),
                section.duration("max_correlation_age", DEFAULT.maxCorrelationAge, Duration.ofMillis(1), LONGEST),
                (int) section.integer("max_total_correlations", DEFAULT.maxTotalCorrelations, 1, 10_000_000),
                section.flag("auto_link_detection", DEFAULT.autoLinkDetection),
                section.duration("link_detection_window", DEFAULT.linkDetectionWindow, Duration.ZERO, LONGEST));
        section.end();
        return read;
    }
}

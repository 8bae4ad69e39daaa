package io.llmspell.events.correlation;

import io.llmspell.core.config.ConfigSection;
import java.time.Duration;

/**
 * How timelines are made; the section {@code [events.timeline]}.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param maxEvents how many events one timeline may have; the oldest stay
 * @param concurrencyWindow how near two events must be to count as concurrent
 * @param includeWeakLinks whether links below {@code minLinkStrength} count
 * @param minLinkStrength how strong a link must be, 0 to 1
 * @param maxCausalityDepth how long a chain of causes may become
 */
public record TimelineSettings(
        int maxEvents,
        Duration concurrencyWindow,
        boolean includeWeakLinks,
        double minLinkStrength,
        int maxCausalityDepth) {
    /** 10,000 events, concurrent within 100 ms, links from 0.5, chains of 100. */
    public static final TimelineSettings DEFAULT =
            new TimelineSettings(10_000, Duration.ofMillis(100), false, 0.5, 100);

    private static final Duration DAY = Duration.ofDays(1);

    /**
     * Makes the settings.
     *
     * @param maxEvents how many events one timeline may have
     * @param concurrencyWindow how near concurrent events are
     * @param includeWeakLinks whether weak links count
     * @param minLinkStrength how strong a link must be
     * @param maxCausalityDepth how long a chain may become
     */
    public TimelineSettings {}

    /**
     * Reads the section.
     *
     * @param section options {@code max_events}, {@code concurrency_window}, {@code include_weak_links},
     *     {@code min_link_strength} and {@code max_causality_depth}; what is left out has its default
     * @return the settings
     * @throws io.llmspell.core.error.ConfigException {@code invalid_config} if an option is unknown or out of range
     */
    public static TimelineSettings from(ConfigSection section) {
        TimelineSettings read = new TimelineSettings(
                (int) section.integer("max_events", DEFAULT.maxEvents, 1, 1_000_000),
                section.duration("concurrency_window", DEFAULT.concurrencyWindow, Duration.ZERO, DAY),
                section.flag("include_weak_links", DEFAULT.includeWeakLinks),
                section.number("min_link_strength", DEFAULT.minLinkStrength, 0, 1),
                (int) section.integer("max_causality_depth", DEFAULT.maxCausalityDepth, 1, 10_000));
        section.end();
        return read;
    }

    boolean counts(EventLink link) {
        return includeWeakLinks || link.strength() >= minLinkStrength;
    }
}

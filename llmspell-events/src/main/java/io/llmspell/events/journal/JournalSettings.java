package io.llmspell.events.journal;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.event.EventException;
import io.llmspell.core.event.EventPattern;
import java.time.Duration;
import java.util.List;

/**
 * What a journal keeps, and for how long; the section {@code [events.journal]}.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param enabled whether there is a journal
 * @param patterns globs over event types of which one must match; copied
 * @param exclude globs over event types of which none may match; copied
 * @param maxEvents how many events are kept
 * @param eventTtl how old an event may become
 * @param maxBytes how large the records of all events may be together
 * @param cleanupInterval how often the journal looks for events that are too old, too many or too large
 */
public record JournalSettings(
        boolean enabled,
        List<String> patterns,
        List<String> exclude,
        long maxEvents,
        Duration eventTtl,
        long maxBytes,
        Duration cleanupInterval) {
    /** All events but those of hooks: 100,000 events, 7 days, 256 MiB. */
    public static final JournalSettings DEFAULT = new JournalSettings(
            true, List.of("**"), List.of("hook.**"), 100_000, Duration.ofDays(7), 256L << 20, Duration.ofHours(1));

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /**
     * Copies the lists.
     *
     * @param enabled whether there is a journal
     * @param patterns globs of which one must match
     * @param exclude globs of which none may match
     * @param maxEvents how many events are kept
     * @param eventTtl how old an event may become
     * @param maxBytes how large all records may be
     * @param cleanupInterval how often the journal is cleaned
     */
    public JournalSettings {
        patterns = List.copyOf(patterns);
        exclude = List.copyOf(exclude);
    }

    /**
     * Reads the section.
     *
     * @param section options {@code enabled}, {@code patterns}, {@code exclude}, {@code max_events}, {@code event_ttl},
     *     {@code max_bytes} and {@code cleanup_interval}; what is left out has its default
     * @return the settings
     * @throws io.llmspell.core.error.ConfigException {@code invalid_config} if an option is unknown, out of range, or a
     *     malformed pattern
     */
    public static JournalSettings from(ConfigSection section) {
        if (section.names().isEmpty()) {
            return DEFAULT;
        }
        JournalSettings read = new JournalSettings(
                section.flag("enabled", DEFAULT.enabled),
                globs(section, "patterns", DEFAULT.patterns),
                globs(section, "exclude", DEFAULT.exclude),
                section.integer("max_events", DEFAULT.maxEvents, 1, Long.MAX_VALUE),
                section.duration("event_ttl", DEFAULT.eventTtl, SHORTEST, LONGEST),
                section.bytes("max_bytes", DEFAULT.maxBytes, 1, Long.MAX_VALUE),
                section.duration("cleanup_interval", DEFAULT.cleanupInterval, SHORTEST, LONGEST));
        section.end();
        return read;
    }

    private static List<String> globs(ConfigSection section, String name, List<String> otherwise) {
        List<String> globs = section.texts(name, otherwise);
        try {
            globs.forEach(EventPattern::compile);
        } catch (EventException malformed) {
            throw section.wrong(name, "a list of patterns: " + malformed.text());
        }
        return globs;
    }
}

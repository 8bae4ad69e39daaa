package io.llmspell.agents;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When agents are saved by themselves, and what happens if the store cannot take it; the section
 * {@code [agents.persistence]}.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param autoSaveInterval how often agents that have changed are saved, or null for never
 * @param saveOnPause whether a pause saves
 * @param saveOnStop whether a stop saves, and the end of the runtime what has changed since
 * @param restoreOnResume whether a resume puts back what is kept
 * @param retries how a save that the store could not take is repeated
 * @param breaker when it is given up for a while
 */
public record AgentPersistence(
        @Nullable Duration autoSaveInterval,
        boolean saveOnPause,
        boolean saveOnStop,
        boolean restoreOnResume,
        Retries retries,
        Breaker breaker) {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    /** The default: every 5 minutes, on pause and stop; 5 retries from 200 ms on. */
    public static final AgentPersistence PRODUCTION = new AgentPersistence(
            Duration.ofMinutes(5),
            true,
            true,
            true,
            new Retries(5, Duration.ofMillis(200), 2),
            new Breaker(3, Duration.ofSeconds(30)));

    /** Every 30 seconds, on pause and stop; 2 retries from 100 ms on. */
    public static final AgentPersistence DEVELOPMENT = new AgentPersistence(
            Duration.ofSeconds(30),
            true,
            true,
            true,
            new Retries(2, Duration.ofMillis(100), 2),
            new Breaker(5, Duration.ofSeconds(10)));

    /** On pause and stop alone, without retries. */
    public static final AgentPersistence TESTING = new AgentPersistence(
            null, true, true, true, new Retries(0, Duration.ofMillis(100), 2), new Breaker(1, Duration.ofSeconds(1)));

    /** On stop alone; 1 retry after 100 ms. */
    public static final AgentPersistence MINIMAL = new AgentPersistence(
            null,
            false,
            true,
            false,
            new Retries(1, Duration.ofMillis(100), 2),
            new Breaker(3, Duration.ofSeconds(30)));

    /**
     * How a save is repeated that the store could not take just then.
     *
     * <p><b>Threads:</b> immutable.
     *
     * @param most how often, 0 for never
     * @param initialBackoff the wait before the first repetition
     * @param multiplier by how much each further wait is longer, at least 1
     */
    public record Retries(int most, Duration initialBackoff, double multiplier) {
        /**
         * Checks the members.
         *
         * @param most how often
         * @param initialBackoff the wait before the first repetition
         * @param multiplier by how much each further wait is longer
         * @throws ArgumentException {@code invalid_argument} if one is out of range
         */
        public Retries {
            if (most < 0 || initialBackoff.isNegative() || !(multiplier >= 1)) {
                throw new ArgumentException(
                        "retries of a save",
                        most + ", " + initialBackoff + ", " + multiplier,
                        "0 or more, a time of 0 or more, and at least 1");
            }
        }
    }

    /**
     * When saving by itself is given up for a while.
     *
     * <p><b>Threads:</b> immutable.
     *
     * @param failureThreshold after how many failed saves in a row, at least 1
     * @param openDuration for how long
     */
    public record Breaker(int failureThreshold, Duration openDuration) {
        /**
         * Checks the members.
         *
         * @param failureThreshold after how many failed saves in a row
         * @param openDuration for how long
         * @throws ArgumentException {@code invalid_argument} if one is out of range
         */
        public Breaker {
            if (failureThreshold < 1 || openDuration.isNegative()) {
                throw new ArgumentException(
                        "breaker of saves", failureThreshold + ", " + openDuration, "at least 1, and 0 or more");
            }
        }
    }

    /** The sets of settings by their names in the configuration. */
    private enum Preset {
        PRODUCTION(AgentPersistence.PRODUCTION),
        DEVELOPMENT(AgentPersistence.DEVELOPMENT),
        TESTING(AgentPersistence.TESTING),
        MINIMAL(AgentPersistence.MINIMAL);

        private final AgentPersistence settings;

        Preset(AgentPersistence settings) {
            this.settings = settings;
        }
    }

    /**
     * Checks the members.
     *
     * @param autoSaveInterval how often agents that have changed are saved, or null
     * @param saveOnPause whether a pause saves
     * @param saveOnStop whether a stop saves
     * @param restoreOnResume whether a resume puts back what is kept
     * @param retries how a save is repeated
     * @param breaker when it is given up for a while
     * @throws ArgumentException {@code invalid_argument} if the interval is not positive
     */
    public AgentPersistence {
        if (autoSaveInterval != null && (autoSaveInterval.isNegative() || autoSaveInterval.isZero())) {
            throw new ArgumentException("auto_save_interval", autoSaveInterval.toString(), "positive, or none");
        }
    }

    /**
     * How often agents that have changed are saved.
     *
     * @return the interval, empty for never
     */
    public Optional<Duration> interval() {
        return Optional.ofNullable(autoSaveInterval);
    }

    /**
     * Reads the section.
     *
     * @param section {@code preset} and the options that differ from it: {@code auto_save_interval} (0 for never),
     *     {@code save_on_pause}, {@code save_on_stop}, {@code restore_on_resume}, {@code max_retries},
     *     {@code initial_backoff}, {@code backoff_multiplier}, {@code failure_threshold}, {@code open_duration}
     * @return the settings
     * @throws io.llmspell.core.error.ConfigException {@code invalid_config} if an option is unknown or out of range
     */
    public static AgentPersistence from(ConfigSection section) {
        AgentPersistence base = section.choice("preset", Preset.PRODUCTION).settings;
        Duration interval =
                section.duration("auto_save_interval", base.interval().orElse(Duration.ZERO), Duration.ZERO, LONGEST);
        AgentPersistence read = new AgentPersistence(
                interval.isZero() ? null : interval,
                section.flag("save_on_pause", base.saveOnPause),
                section.flag("save_on_stop", base.saveOnStop),
                section.flag("restore_on_resume", base.restoreOnResume),
                new Retries(
                        (int) section.integer("max_retries", base.retries.most, 0, 100),
                        section.duration("initial_backoff", base.retries.initialBackoff, SHORTEST, LONGEST),
                        section.number("backoff_multiplier", base.retries.multiplier, 1, 100)),
                new Breaker(
                        (int) section.integer("failure_threshold", base.breaker.failureThreshold, 1, 1_000_000),
                        section.duration("open_duration", base.breaker.openDuration, SHORTEST, LONGEST)));
        section.end();
        return read;
    }
}

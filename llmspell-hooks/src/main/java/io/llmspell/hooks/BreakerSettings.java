package io.llmspell.hooks;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import java.time.Duration;

/**
 * When the circuit breaker of a hook opens, and how it closes again.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param failureThreshold how many failures open it, 1 to 1000
 * @param failureWindow how long a failure or slow call counts, 1 ms to 1 day
 * @param slowCallThreshold how many slow calls open it, 0 to 1000; 0 means that slow calls do not count
 * @param slowCallDuration longer calls are slow, 0 to 1 hour
 * @param successThreshold how many calls try it after the open time, all of which must succeed, 1 to 1000
 * @param openDuration how long it stays open the first time, 1 ms to 1 day
 * @param backoffFactor what the open time is multiplied with when a try fails, 1 to 100
 * @param maxOpenDuration the longest open time, at least {@code openDuration}, at most 1 day
 */
public record BreakerSettings(
        int failureThreshold,
        Duration failureWindow,
        int slowCallThreshold,
        Duration slowCallDuration,
        int successThreshold,
        Duration openDuration,
        double backoffFactor,
        Duration maxOpenDuration) {
    private static final int MOST = 1000;
    private static final double LARGEST_FACTOR = 100;
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    /** For most programs: 3 failures in 30 s or 2 calls over 50 ms open it for 15 s. */
    public static final BreakerSettings DEFAULT = new BreakerSettings(
            3, Duration.ofSeconds(30), 2, Duration.ofMillis(50), 2, Duration.ofSeconds(15), 2, FIVE_MINUTES);

    /** Opens early and tries again early: 2 failures in 20 s or 1 call over 25 ms, 10 s. */
    public static final BreakerSettings PRODUCTION = new BreakerSettings(
            2, Duration.ofSeconds(20), 1, Duration.ofMillis(25), 1, Duration.ofSeconds(10), 2, FIVE_MINUTES);

    /** Opens late: 5 failures in 60 s or 3 calls over 100 ms, 30 s. */
    public static final BreakerSettings CONSERVATIVE = new BreakerSettings(
            5, Duration.ofSeconds(60), 3, Duration.ofMillis(100), 3, Duration.ofSeconds(30), 2, FIVE_MINUTES);

    /** The presets, as the configuration names them. */
    private enum Preset {
        DEFAULT,
        PRODUCTION,
        CONSERVATIVE;

        BreakerSettings settings() {
            return switch (this) {
                case DEFAULT -> BreakerSettings.DEFAULT;
                case PRODUCTION -> BreakerSettings.PRODUCTION;
                case CONSERVATIVE -> BreakerSettings.CONSERVATIVE;
            };
        }
    }

    /**
     * Checks the members.
     *
     * @param failureThreshold how many failures open it
     * @param failureWindow how long a failure counts
     * @param slowCallThreshold how many slow calls open it; 0 for none
     * @param slowCallDuration longer calls are slow
     * @param successThreshold how many calls try it
     * @param openDuration the first open time
     * @param backoffFactor what a failed try multiplies the open time with
     * @param maxOpenDuration the longest open time
     * @throws ArgumentException {@code invalid_argument} if a member is out of range
     */
    public BreakerSettings {
        within("failure_threshold", failureThreshold, 1, MOST);
        within("failure_window", failureWindow, SHORTEST, DAY);
        within("slow_call_threshold", slowCallThreshold, 0, MOST);
        within("slow_call_duration", slowCallDuration, Duration.ZERO, HOUR);
        within("success_threshold", successThreshold, 1, MOST);
        within("open_duration", openDuration, SHORTEST, DAY);
        within("max_open_duration", maxOpenDuration, openDuration, DAY);
        if (!(backoffFactor >= 1 && backoffFactor <= LARGEST_FACTOR)) {
            throw new ArgumentException("backoff_factor", String.valueOf(backoffFactor), "1 to 100");
        }
    }

    private static void within(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ArgumentException(what, String.valueOf(value), least + " to " + most);
        }
    }

    private static void within(String what, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new ArgumentException(what, value.toString(), least + " to " + most);
        }
    }

    /**
     * Reads the settings from a section: the option {@code preset}, and the members in snake_case, which win over it.
     *
     * @param section the section, such as {@code hooks.breaker}
     * @param base what is not set; a preset takes its place
     * @return the settings
     * @throws io.llmspell.core.error.ConfigException {@code invalid_config} for an unknown option or a wrong value
     */
    public static BreakerSettings from(ConfigSection section, BreakerSettings base) {
        BreakerSettings start =
                section.has("preset") ? section.choice("preset", Preset.DEFAULT).settings() : base;
        Duration open = section.duration("open_duration", start.openDuration, SHORTEST, DAY);
        Duration longest = section.duration("max_open_duration", start.maxOpenDuration, SHORTEST, DAY);
        if (longest.compareTo(open) < 0) {
            boolean named = section.has("max_open_duration");
            throw section.wrong(
                    named ? "max_open_duration" : "open_duration",
                    named ? "at least open_duration" : "at most max_open_duration");
        }
        BreakerSettings read = new BreakerSettings(
                (int) section.integer("failure_threshold", start.failureThreshold, 1, MOST),
                section.duration("failure_window", start.failureWindow, SHORTEST, DAY),
                (int) section.integer("slow_call_threshold", start.slowCallThreshold, 0, MOST),
                section.duration("slow_call_duration", start.slowCallDuration, Duration.ZERO, HOUR),
                (int) section.integer("success_threshold", start.successThreshold, 1, MOST),
                open,
                section.number("backoff_factor", start.backoffFactor, 1, LARGEST_FACTOR),
                longest);
        section.end();
        return read;
    }
}

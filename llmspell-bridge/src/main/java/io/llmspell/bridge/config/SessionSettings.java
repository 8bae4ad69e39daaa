package io.llmspell.bridge.config;

import io.llmspell.core.config.ConfigSection;
import java.time.Duration;

/**
 * What is set of sessions.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param keepState {@code keep_state}: whether the state, checkpoints and artifacts of a session that does not say it
 *     outlive its end; they do not by default
 * @param idleTimeout {@code idle_timeout}: how long a session that was started may go unused before it ends; zero, the
 *     default: for ever
 * @param keepSessions {@code keep_sessions}: how many of the ended sessions that keep their state stay with it; 0, the
 *     default: all
 */
public record SessionSettings(boolean keepState, Duration idleTimeout, int keepSessions) {
    static final SessionSettings DEFAULT = new SessionSettings(false, Duration.ZERO, 0);

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final long MOST = 1_000_000;

    /**
     * Makes the settings.
     *
     * @param keepState whether state outlives sessions
     * @param idleTimeout how long a session may go unused
     * @param keepSessions how many ended sessions stay with their state
     */
    public SessionSettings {}

    static SessionSettings from(ConfigSection section) {
        Duration idle = section.duration("idle_timeout", Duration.ZERO, Duration.ZERO, LONGEST);
        if (!idle.isZero() && idle.compareTo(SHORTEST) < 0) {
            throw section.wrong("idle_timeout", "\"0\" for ever, or a duration from 1s");
        }
        SessionSettings settings = new SessionSettings(
                section.flag("keep_state", false), idle, (int) section.integer("keep_sessions", 0, 0, MOST));
        section.end();
        return settings;
    }
}

package io.llmspell.bridge.config;

import io.llmspell.core.config.ConfigSection;

/**
 * What is set of sessions.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param keepState {@code keep_state}: whether the state, checkpoints and artifacts of a session that does not say it
 *     outlive its end; they do not by default
 */
public record SessionSettings(boolean keepState) {
    static final SessionSettings DEFAULT = new SessionSettings(false);

    /**
     * Makes the settings.
     *
     * @param keepState whether state outlives sessions
     */
    public SessionSettings {}

    static SessionSettings from(ConfigSection section) {
        SessionSettings settings = new SessionSettings(section.flag("keep_state", false));
        section.end();
        return settings;
    }
}

package io.llmspell.state.session;

import java.time.Duration;

/**
 * How long sessions and what they have stay.
 *
 * @param keepState whether sessions that do not say it keep their state
 * @param idleTimeout how long a session may go unused; zero: for ever
 * @param keepSessions how many ended sessions stay with their state; 0: all
 */
record SessionRules(boolean keepState, Duration idleTimeout, int keepSessions) {}

package io.llmspell.agents;

import io.llmspell.core.concurrent.Ticker;

/**
 * Gives up saving by itself for a while after too many failures in a row. {@code failures} and {@code openUntil} are
 * guarded by the monitor of the object.
 */
final class SaveBreaker {
    private final AgentPersistence.Breaker settings;
    private final Ticker time;
    private int failures;
    private long openUntil;

    SaveBreaker(AgentPersistence.Breaker settings, Ticker time) {
        this.settings = settings;
        this.time = time;
    }

    synchronized boolean isOpen() {
        return failures >= settings.failureThreshold() && time.nanos() - openUntil < 0;
    }

    synchronized void worked() {
        failures = 0;
    }

    synchronized void failed() {
        failures++;
        openUntil = time.nanos() + settings.openDuration().toNanos();
    }
}

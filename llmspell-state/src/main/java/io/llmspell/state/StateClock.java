package io.llmspell.state;

import io.llmspell.core.time.TimeSource;
import java.time.Duration;

/**
 * A wall clock that does not jump: it is read once and then goes on with the ticks of the time source, so that a step of
 * the machine's clock makes no value expire early or late while the process runs.
 */
final class StateClock {
    private static final Duration LONGEST = Duration.ofDays(365_000);

    private final TimeSource time;
    private final long startMillis;
    private final long startNanos;

    StateClock(TimeSource time) {
        this.time = time;
        this.startMillis = time.now().toEpochMilli();
        this.startNanos = time.nanos();
    }

    long millis() {
        return startMillis + (time.nanos() - startNanos) / 1_000_000;
    }

    /** When something that begins now ends; beyond a thousand years it never does. */
    long after(Duration ttl) {
        return ttl.compareTo(LONGEST) > 0 ? Cell.NEVER : millis() + Math.max(1, ttl.toMillis());
    }
}

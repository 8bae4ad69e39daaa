package io.llmspell.state;

import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.time.Instant;

/**
 * A wall clock that does not jump: it is read once and then goes on with the ticks of the time source, so that a step of
 * the machine's clock makes no value expire early or late while the process runs.
 */
final class StateClock {
    private static final Duration LONGEST = Duration.ofDays(365_000);

    private static final long MOST_SECONDS = 9_000_000_000L;
    private static final long NANOS_OF_A_SECOND = 1_000_000_000L;

    private final TimeSource time;
    private final long startMillis;
    private final long startSecond;
    private final long startNanoOfSecond;
    private final long startNanos;

    StateClock(TimeSource time) {
        this.time = time;
        this.startMillis = time.now().toEpochMilli();
        Instant start = Instant.ofEpochMilli(startMillis);
        this.startSecond = start.getEpochSecond();
        this.startNanoOfSecond = start.getNano();
        this.startNanos = time.nanos();
    }

    long millis() {
        return startMillis + (time.nanos() - startNanos) / 1_000_000;
    }

    /** Whether a moment has come; as exact as the ticks, and without the divisions that milliseconds take. */
    boolean reached(Instant moment) {
        long seconds = moment.getEpochSecond() - startSecond;
        if (seconds > MOST_SECONDS || seconds < -MOST_SECONDS) {
            return seconds < 0;
        }
        return time.nanos() - startNanos >= seconds * NANOS_OF_A_SECOND + (moment.getNano() - startNanoOfSecond);
    }

    /** When something that begins now ends; beyond a thousand years it never does. */
    long after(Duration ttl) {
        return ttl.compareTo(LONGEST) > 0 ? Cell.NEVER : millis() + Math.max(1, ttl.toMillis());
    }
}

package io.llmspell.hooks.distributed;

import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.time.Instant;

/**
 * The wall clock, as far as it can be trusted: set back, it goes on from where it was anchored. So what has expired by
 * ticks stays expired. Immutable.
 */
final class PeerClock {
    private final TimeSource time;
    private final Instant anchor;
    private final long anchorNanos;

    PeerClock(TimeSource time) {
        this.time = time;
        this.anchor = time.now();
        this.anchorNanos = time.nanos();
    }

    /** The later of the wall clock and the anchored one. */
    Instant now() {
        Instant wall = time.now();
        Instant ticked = ticked();
        return wall.isAfter(ticked) ? wall : ticked;
    }

    /** The clock that was right at the anchor and has only ticked since. */
    Instant ticked() {
        return anchor.plus(Duration.ofNanos(time.nanos() - anchorNanos));
    }
}

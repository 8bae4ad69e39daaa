package io.llmspell.testing.event;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The real clock, but something happens when its ticks are read.
 *
 * @param onNanos what happens
 */
record ClockWithTrap(AtomicReference<Runnable> onNanos) implements TimeSource {
    @Override
    public long nanos() {
        Objects.requireNonNull(onNanos.get()).run();
        return Buses.CLOCK.nanos();
    }

    @Override
    public Instant now() {
        return Buses.CLOCK.now();
    }

    @Override
    public Handle schedule(Duration delay, Runnable task) {
        return Buses.CLOCK.schedule(delay, task);
    }
}

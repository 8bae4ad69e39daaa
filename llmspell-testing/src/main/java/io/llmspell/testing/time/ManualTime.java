package io.llmspell.testing.time;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A clock that stands still until a test moves it; timers run on the thread that moves it.
 *
 * <p>The wall clock can be set apart from the ticks, because nothing may depend on it for order or time to live.
 * <b>Threads:</b> safe.
 */
public final class ManualTime implements TimeSource {
    private final Object lock = new Object();
    private final List<Timer> timers = new ArrayList<>();
    private long nanos = 1_000_000_000L;
    private Instant wall = Instant.parse("2025-01-01T00:00:00Z");

    /** Makes a clock. */
    public ManualTime() {}

    private record Timer(long at, Runnable task) {}

    @Override
    public long nanos() {
        synchronized (lock) {
            return nanos;
        }
    }

    @Override
    public Instant now() {
        synchronized (lock) {
            return wall;
        }
    }

    @Override
    public Handle schedule(Duration delay, Runnable task) {
        Timer timer;
        synchronized (lock) {
            timer = new Timer(nanos + Math.max(0, delay.toNanos()), task);
            timers.add(timer);
        }
        advance(Duration.ZERO);
        return () -> {
            synchronized (lock) {
                timers.remove(timer);
            }
        };
    }

    /**
     * Moves ticks and wall clock forward and runs the timers that are due, each at its own time; a timer that schedules
     * itself again runs as often as it would have.
     *
     * @param by how far, zero or more
     */
    public void advance(Duration by) {
        long left = by.toNanos();
        for (Timer timer = due(left); timer != null; timer = due(left)) {
            left -= move(timer.at);
            timer.task.run();
        }
        synchronized (lock) {
            nanos += left;
            wall = wall.plusNanos(left);
        }
    }

    private @Nullable Timer due(long left) {
        synchronized (lock) {
            Timer first = timers.stream()
                    .filter(timer -> timer.at - nanos <= left)
                    .min(Comparator.comparingLong(timer -> timer.at - nanos))
                    .orElse(null);
            timers.remove(first);
            return first;
        }
    }

    private long move(long to) {
        synchronized (lock) {
            long step = Math.max(0, to - nanos);
            nanos += step;
            wall = wall.plusNanos(step);
            return step;
        }
    }

    /**
     * Sets the wall clock alone, as an administrator does.
     *
     * @param instant the new time
     */
    public void setWall(Instant instant) {
        synchronized (lock) {
            wall = instant;
        }
    }

    /**
     * How many timers wait.
     *
     * @return the count
     */
    public int timers() {
        synchronized (lock) {
            return timers.size();
        }
    }
}

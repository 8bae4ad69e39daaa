package io.llmspell.core.time;

import io.llmspell.core.concurrent.Handle;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A clock that tests move by hand; core cannot use the one in llmspell-testing, which stands above it. */
public final class StillTime implements TimeSource {
    private final List<Timer> timers = new ArrayList<>();
    private long nanos = Long.MAX_VALUE - 1_000; // so that deadlines run over the end of the range
    private Instant wall = Instant.parse("2026-01-02T03:04:05Z");

    private record Timer(long at, Runnable task) {}

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public synchronized Instant now() {
        return wall;
    }

    public synchronized void setNow(Instant instant) {
        wall = instant;
    }

    @Override
    public Handle schedule(Duration delay, Runnable task) {
        Timer timer;
        synchronized (this) {
            timer = new Timer(nanos + delay.toNanos(), task);
            timers.add(timer);
        }
        advance(Duration.ZERO);
        return () -> remove(timer);
    }

    private synchronized void remove(Timer timer) {
        timers.remove(timer);
    }

    public synchronized int scheduled() {
        return timers.size();
    }

    public void advance(Duration by) {
        List<Timer> due;
        synchronized (this) {
            nanos += by.toNanos();
            wall = wall.plus(by);
            due = timers.stream().filter(timer -> timer.at - nanos <= 0).toList();
            timers.removeAll(due);
        }
        due.forEach(timer -> timer.task.run());
    }
}

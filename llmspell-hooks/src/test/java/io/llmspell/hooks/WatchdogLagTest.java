package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.time.TimeSource;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The watchdog on a machine whose timers are late. */
class WatchdogLagTest {
    private static final Duration DEADLINE = Duration.ofMillis(50);

    private final ManualTime time = new ManualTime();
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicBoolean late = new AtomicBoolean();
    private Thread worker = new Thread(() -> {});

    @AfterEach
    void endWorker() throws InterruptedException {
        end.countDown();
        worker.join(TimeUnit.SECONDS.toMillis(30));
        assertThat(worker.isAlive()).isFalse();
    }

    /** All timers come late by so much. */
    private Watchdog dog(Duration lag) {
        return new Watchdog(new LateTime(time, lag), Runnable::run);
    }

    private static HookGuard guard() {
        return HookGuard.of(
                HookSettings.builder().deadline(DEADLINE).build(),
                HookPoint.BEFORE_TOOL_EXECUTION,
                HookOptions.named("h"),
                Breaker.Listener.NONE,
                0);
    }

    private void hook(Watchdog dog, Runnable body) {
        CountDownLatch armed = new CountDownLatch(1);
        worker = new Thread(() -> {
            Watch watch = dog.arm(guard(), time.nanos());
            armed.countDown();
            body.run();
            late.set(watch.disarm());
        });
        worker.start();
        Awaitility.await().until(() -> armed.getCount() == 0);
    }

    private void waiting() {
        try {
            end.await();
        } catch (InterruptedException cut) {
            // what the watchdog does with it is asked by the test
        }
    }

    private void spinning() {
        while (end.getCount() > 0 && !Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void hookThatWaits_timersAlwaysLate_isExcusedByItsDeadlineOnceAgain() {
        hook(dog(Duration.ofMillis(20)), this::waiting);
        Awaitility.await().until(() -> worker.getState() == Thread.State.WAITING);

        time.advance(DEADLINE.multipliedBy(2).minusMillis(1));
        assertThat(worker.isInterrupted()).isFalse();
        time.advance(Duration.ofMillis(60));

        Awaitility.await().until(() -> !worker.isAlive());
        assertThat(late).isTrue();
    }

    @Test
    void hookThatWantsTheProcessor_timersAlwaysLate_isExcusedForAllOfIt() {
        hook(dog(Duration.ofMillis(20)), this::spinning);

        time.advance(DEADLINE.multipliedBy(3));

        assertThat(worker.isInterrupted()).isFalse();
        end.countDown();
        Awaitility.await().until(() -> !worker.isAlive());
        assertThat(late).isFalse();
    }

    @Test
    void hookThatWaits_machineStoodStill_isExcusedForAllOfIt() {
        hook(dog(Duration.ofSeconds(2)), this::waiting);
        Awaitility.await().until(() -> worker.getState() == Thread.State.WAITING);

        time.advance(Duration.ofMillis(4010));

        assertThat(worker.isInterrupted()).isFalse();
        end.countDown();
        Awaitility.await().until(() -> !worker.isAlive());
        assertThat(late).isFalse();
    }

    @Test
    void future_timersAlwaysLate_isExcusedByItsDeadlineOnceAgain() {
        AtomicInteger given = new AtomicInteger();
        Handle unused = dog(Duration.ofMillis(20))
                .watch(new CompletableFuture<>(), time.nanos() + DEADLINE.toNanos(), given::incrementAndGet);

        time.advance(DEADLINE.multipliedBy(2).minusMillis(1));
        assertThat(given).hasValue(0);
        time.advance(Duration.ofMillis(60));
        assertThat(given).hasValue(1);
    }

    /** Time whose timers come late. */
    private record LateTime(TimeSource time, Duration lag) implements TimeSource {
        @Override
        public long nanos() {
            return time.nanos();
        }

        @Override
        public Instant now() {
            return time.now();
        }

        @Override
        public Handle schedule(Duration delay, Runnable task) {
            return time.schedule(delay.plus(lag), task);
        }

        @Override
        public boolean isTimerThread() {
            return time.isTimerThread();
        }
    }
}

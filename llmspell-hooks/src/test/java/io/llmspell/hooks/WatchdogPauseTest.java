package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchdogPauseTest {
    private final Machine machine = new Machine();
    private final Watchdog dog = new Watchdog(machine, Runnable::run);
    private final HookGuard guard =
            HookGuard.of(HookSettings.DEFAULT, HookPoint.TOOL_ERROR, HookOptions.named("h"), Breaker.Listener.NONE, 0);

    /** A machine that can stand still: its clock goes on, its timer does not. */
    private static final class Machine implements TimeSource {
        private long nanos;
        private long due;
        private @Nullable Runnable timer;

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public Handle schedule(Duration delay, Runnable task) {
            due = nanos + delay.toNanos();
            timer = task;
            return Handle.noop();
        }

        void standStill(long millis) {
            nanos += Duration.ofMillis(millis).toNanos();
        }

        void run(long millis) {
            long end = nanos + Duration.ofMillis(millis).toNanos();
            while (timer != null && due <= end) {
                nanos = Math.max(nanos, due);
                Runnable task = timer;
                timer = null;
                task.run();
            }
            nanos = end;
        }
    }

    @AfterEach
    void noInterruptIsLeft() {
        assertThat(Thread.interrupted()).isFalse();
    }

    private long tookMillis(Watch watch) {
        return Duration.ofNanos(dog.took(watch, machine.nanos())).toMillis();
    }

    @Test
    void pause_movesTheDeadlineOn() {
        Watch watch = dog.arm(guard, machine.nanos());
        machine.standStill(500);
        machine.run(90);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        machine.run(20);

        assertThat(watch.disarm()).isTrue();
        assertThat(dog.pausedNanos()).isEqualTo(Duration.ofMillis(495).toNanos());
        assertThat(tookMillis(watch)).isEqualTo(115);
    }

    @Test
    void pause_thatTheTimerHasSeen_isNoTimeOfTheHook() {
        Watch watch = dog.arm(guard, machine.nanos());
        machine.standStill(500);
        machine.run(10);

        assertThat(watch.disarm()).isFalse();
        assertThat(tookMillis(watch)).isEqualTo(15);
    }

    @Test
    void pause_thatTheTimerHasNotSeenYet_isNoTimeOfTheHook() {
        Watch watch = dog.arm(guard, machine.nanos());
        machine.standStill(500);

        assertThat(watch.disarm()).isFalse();
        assertThat(tookMillis(watch)).isEqualTo(5);
    }

    @Test
    void noPause_timeIsExact() {
        Watch watch = dog.arm(guard, machine.nanos());
        machine.run(73);

        assertThat(watch.disarm()).isFalse();
        assertThat(tookMillis(watch)).isEqualTo(73);
        assertThat(dog.pausedNanos()).isZero();
    }

    @Test
    void pauseWhileTheTimerRests_isUnknown_andCountsAsTime() {
        assertThat(dog.elapsed(0, 0, Duration.ofMillis(200).toNanos()))
                .isEqualTo(Duration.ofMillis(200).toNanos());
    }

    @Test
    void pause_movesFuturesOnToo() {
        AtomicInteger late = new AtomicInteger();
        dog.watch(
                new CompletableFuture<>(),
                machine.nanos() + Duration.ofMillis(50).toNanos(),
                late::incrementAndGet);
        machine.standStill(500);
        machine.run(44);
        assertThat(late).hasValue(0);
        machine.run(6);
        assertThat(late).hasValue(1);
    }
}

package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.hook.BreakerState;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchdogTest {
    private final ManualTime time = new ManualTime();
    private final Watchdog dog = new Watchdog(time, Runnable::run);
    private final HookGuard guard = guard(Duration.ofMillis(100));

    private static HookGuard guard(Duration deadline) {
        return HookGuard.of(
                HookSettings.builder().deadline(deadline).build(),
                HookPoint.BEFORE_TOOL_EXECUTION,
                HookOptions.named("h"),
                Breaker.Listener.NONE,
                0);
    }

    private void pass(long millis) {
        time.advance(Duration.ofMillis(millis));
    }

    @AfterEach
    void noInterruptIsLeft() {
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void hook_inTime_isLeftAlone() {
        Watch watch = dog.arm(guard, time.nanos());
        pass(99);

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(watch.disarm()).isFalse();
        assertThat(dog.took(watch, time.nanos()))
                .isEqualTo(Duration.ofMillis(99).toNanos());
    }

    @Test
    void hook_thatOverruns_isInterruptedAtItsDeadline() {
        pass(3);
        Watch watch = dog.arm(guard, time.nanos());
        pass(99);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        pass(1);
        assertThat(Thread.currentThread().isInterrupted()).isTrue();

        assertThat(watch.disarm()).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(guard.state(time.nanos())).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void watch_usedAgain_isNotFiredByAnEarlierDeadline() {
        for (int i = 0; i < 10; i++) {
            Watch watch = dog.arm(guard, time.nanos());
            pass(60);
            assertThat(watch.disarm()).isFalse();
        }
    }

    @Test
    void hook_thatIgnoresTheInterrupt_opensItsBreakerWhileItRuns() {
        Watch watch = dog.arm(guard, time.nanos());
        pass(119);
        assertThat(guard.state(time.nanos())).isEqualTo(BreakerState.CLOSED);
        pass(1);
        assertThat(guard.state(time.nanos())).isEqualTo(BreakerState.OPEN);
        pass(60_000);
        assertThat(guard.start(time.nanos())).isEqualTo(HookGuard.REFUSED);

        assertThat(watch.disarm()).isTrue();
        assertThat(guard.start(time.nanos())).isNotEqualTo(HookGuard.REFUSED);
    }

    @Test
    void interruptFromElsewhere_beforeTheDeadline_isKept() {
        Watch watch = dog.arm(guard, time.nanos());
        Thread.currentThread().interrupt();
        pass(100);

        assertThat(watch.disarm()).isTrue();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void threadInterruptedBefore_hookSwallowsIt_isRestored() {
        Thread.currentThread().interrupt();
        Watch watch = dog.arm(guard, time.nanos());
        assertThat(Thread.interrupted()).isTrue(); // as Thread.sleep does
        pass(100);

        assertThat(watch.disarm()).isTrue();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void nested_innerOverruns_outerIsNotTouched() {
        HookGuard patient = guard(Duration.ofSeconds(10));
        Watch outer = dog.arm(patient, time.nanos());
        Watch inner = dog.arm(guard, time.nanos());
        pass(100);

        assertThat(inner.disarm()).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(outer.disarm()).isFalse();
    }

    @Test
    void nested_bothOverrun_theInterruptStaysUntilTheOuterEnds() {
        Watch outer = dog.arm(guard, time.nanos());
        pass(10);
        Watch inner = dog.arm(guard, time.nanos());
        pass(100);

        assertThat(inner.disarm()).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        assertThat(outer.disarm()).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void nested_innerOverrunsFirst_theOuterTakesTheInterruptOver() {
        Watch outer = dog.arm(guard(Duration.ofMillis(110)), time.nanos());
        Watch inner = dog.arm(guard, time.nanos());
        pass(115);

        assertThat(inner.disarm()).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        assertThat(outer.disarm()).isTrue();
    }

    @Test
    void nested_deep_allAreWatched() {
        Watch[] watches = new Watch[20];
        for (int i = 0; i < watches.length; i++) {
            watches[i] = dog.arm(guard, time.nanos());
        }
        pass(100);
        for (int i = watches.length - 1; i >= 0; i--) {
            assertThat(watches[i].disarm()).isTrue();
        }
    }

    @Test
    void future_late_isGivenUpOnce() {
        AtomicInteger late = new AtomicInteger();
        dog.watch(
                new CompletableFuture<>(), time.nanos() + Duration.ofMillis(50).toNanos(), late::incrementAndGet);

        pass(49);
        assertThat(late).hasValue(0);
        pass(1);
        assertThat(late).hasValue(1);
        pass(1000);
        assertThat(late).hasValue(1);
    }

    @Test
    void future_doneOrNotWaitedFor_isForgotten() {
        AtomicInteger late = new AtomicInteger();
        CompletableFuture<String> done = new CompletableFuture<>();
        dog.watch(done, time.nanos() + 1, late::incrementAndGet);
        Handle closed = dog.watch(new CompletableFuture<>(), time.nanos() + 1, late::incrementAndGet);
        done.complete("x");
        closed.close();
        closed.close();

        pass(1000);
        assertThat(late).hasValue(0);
    }

    @Test
    void threads_thatArmNothing_areNotKept() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            Thread made = new Thread(dog::lane);
            made.start();
            made.join();
        }
        assertThat(dog.watchedThreads()).isZero();

        dog.arm(guard, time.nanos()).disarm();
        dog.arm(guard, time.nanos()).disarm();
        assertThat(dog.watchedThreads()).isOne();
    }

    @Test
    void timer_restsHalfASecondAfterTheLastHook_andStartsAgain() {
        dog.arm(guard, time.nanos()).disarm();
        pass(400);
        assertThat(time.timers()).isOne();
        pass(200);
        assertThat(time.timers()).isZero();

        Watch watch = dog.arm(guard, time.nanos());
        assertThat(time.timers()).isOne();
        pass(100);
        assertThat(watch.disarm()).isTrue();
    }

    @Test
    void timer_armedWhileItGoesToRest_goesOn() {
        dog.arm(guard, time.nanos()).disarm();
        pass(507);
        Watch watch = dog.arm(guard, time.nanos());

        assertThat(time.timers()).isOne();
        pass(100);
        assertThat(watch.disarm()).isTrue();
        assertThat(time.timers()).isOne();
    }
}

package io.llmspell.core.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.llmspell.core.concurrent.Handle;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SystemTimeSourceTest {
    private final SystemTimeSource time = new SystemTimeSource();

    @AfterEach
    void close() {
        time.close();
    }

    @Test
    void clock_isThatOfTheMachine() {
        long before = time.nanos();

        assertThat(time.now()).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
        assertThat(time.nanos()).isGreaterThanOrEqualTo(before);
    }

    @Test
    void schedule_delayPassed_runsOnADaemonThreadOfItsOwn() throws Exception {
        CompletableFuture<Thread> ran = new CompletableFuture<>();
        long before = time.nanos();

        time.schedule(Duration.ofMillis(20), () -> ran.complete(Thread.currentThread()));

        Thread thread = ran.get(10, TimeUnit.SECONDS);
        assertThat(time.nanos() - before)
                .isGreaterThanOrEqualTo(Duration.ofMillis(20).toNanos());
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getName()).isEqualTo("llmspell-timer");
    }

    @Test
    void timerThread_isThatOfTheTimersAlone() throws Exception {
        CompletableFuture<Boolean> there = new CompletableFuture<>();
        time.schedule(Duration.ZERO, () -> there.complete(time.isTimerThread()));

        assertThat(there.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(time.isTimerThread()).isFalse();
    }

    @Test
    void schedule_zeroOrLess_runsSoon() throws Exception {
        CompletableFuture<String> ran = new CompletableFuture<>();

        time.schedule(Duration.ofDays(-1), () -> ran.complete("x"));

        assertThat(ran.get(10, TimeUnit.SECONDS)).isEqualTo("x");
    }

    @Test
    void schedule_longerThanTheClockCounts_isAccepted() {
        AtomicInteger runs = new AtomicInteger();

        try (Handle timer = time.schedule(Duration.ofSeconds(Long.MAX_VALUE), runs::incrementAndGet)) {
            assertThat(timer).isNotNull();
            assertThat(runs).hasValue(0);
        }
    }

    @Test
    void handle_closed_cancelsTheTask() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CompletableFuture<String> later = new CompletableFuture<>();

        Handle timer = time.schedule(Duration.ofMillis(30), runs::incrementAndGet);
        timer.close();
        timer.close();
        time.schedule(Duration.ofMillis(60), () -> later.complete("x"));

        later.get(10, TimeUnit.SECONDS);
        assertThat(runs).hasValue(0);
    }

    @Test
    void task_thatFails_disturbsNoOther() throws Exception {
        CompletableFuture<String> ran = new CompletableFuture<>();

        time.schedule(Duration.ZERO, () -> {
            throw new IllegalArgumentException("broken");
        });
        time.schedule(Duration.ZERO, () -> {
            throw new AssertionError("broken");
        });
        time.schedule(Duration.ofMillis(1), () -> ran.complete("x"));

        assertThat(ran.get(10, TimeUnit.SECONDS)).isEqualTo("x");
    }

    @Test
    void closed_runsNoTimerAndTakesNone() {
        AtomicInteger runs = new AtomicInteger();
        time.schedule(Duration.ofMillis(20), runs::incrementAndGet);

        time.close();
        time.close();
        Handle late = time.schedule(Duration.ZERO, runs::incrementAndGet);
        late.close();

        await().during(Duration.ofMillis(60)).until(() -> runs.get() == 0);
        assertThat(time.nanos()).isLessThanOrEqualTo(time.nanos());
    }
}

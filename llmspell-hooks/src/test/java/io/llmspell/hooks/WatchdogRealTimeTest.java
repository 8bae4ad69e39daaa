package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.llmspell.core.hook.BreakerState;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.time.SystemTimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WatchdogRealTimeTest {
    private final SystemTimeSource time = new SystemTimeSource();
    private final Watchdog dog = new Watchdog(time, Runnable::run);
    private final HookGuard guard = HookGuard.of(
            HookSettings.builder().deadline(Duration.ofMillis(20)).build(),
            HookPoint.TOOL_ERROR,
            HookOptions.named("h"),
            Breaker.Listener.NONE,
            time.nanos());

    @AfterEach
    void close() {
        time.close();
    }

    @Test
    void waitingHook_isWokenByTheInterrupt() {
        CountDownLatch never = new CountDownLatch(1);
        boolean interrupted = false;
        Watch watch = dog.arm(guard, time.nanos());
        try {
            never.await();
        } catch (InterruptedException woken) {
            interrupted = true;
        }

        assertThat(watch.disarm()).isTrue();
        assertThat(interrupted).isTrue();
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void stubbornHook_opensItsBreakerFromTheTimer() throws Exception {
        AtomicBoolean end = new AtomicBoolean();
        Thread thread = new Thread(() -> {
            Watch watch = dog.arm(guard, time.nanos());
            while (!end.get()) {
                Thread.onSpinWait();
            }
            watch.disarm();
        });
        thread.start();

        await().until(() -> guard.state(time.nanos()) == BreakerState.OPEN);
        end.set(true);
        thread.join();
    }

    @Test
    void manyThreads_allAreWatched() throws Exception {
        AtomicInteger woken = new AtomicInteger();
        Thread[] threads = new Thread[32];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> {
                Watch watch = dog.arm(guard, time.nanos());
                try {
                    TimeUnit.HOURS.sleep(1);
                } catch (InterruptedException late) {
                    woken.incrementAndGet();
                }
                watch.disarm();
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(woken).hasValue(threads.length);
    }

    @Test
    void manyFutures_eachIsGivenUpOnceOrNotAtAll() {
        AtomicInteger late = new AtomicInteger();
        int lost = 0;
        for (int i = 0; i < 20_000; i++) {
            CompletableFuture<String> future = new CompletableFuture<>();
            boolean isLost = i % 100 == 0; // who is not must never be late, however slow the machine is
            long patience = isLost ? TimeUnit.SECONDS.toNanos(1) : TimeUnit.HOURS.toNanos(1);
            dog.watch(future, time.nanos() + patience, late::incrementAndGet);
            if (isLost) {
                lost++;
            } else {
                future.complete("x");
            }
        }
        int expected = lost;

        await().until(() -> late.get() >= expected);
        assertThat(late).hasValue(expected);
    }
}

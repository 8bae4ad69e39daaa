package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.hook.BreakerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BreakerConcurrencyTest {
    private static final int THREADS = 64;
    private static final int ROUNDS = 200;

    private final ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    private final CyclicBarrier start = new CyclicBarrier(THREADS);

    @AfterEach
    void close() {
        pool.shutdownNow();
    }

    private static Breaker breaker(int permits, Breaker.Listener listener) {
        return new Breaker(
                new BreakerSettings(
                        1,
                        Duration.ofSeconds(1),
                        0,
                        Duration.ZERO,
                        permits,
                        Duration.ofSeconds(1),
                        1,
                        Duration.ofSeconds(1)),
                true,
                listener);
    }

    private void together(Runnable task) throws Exception {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            all.add(pool.submit(() -> {
                start.await(30, TimeUnit.SECONDS);
                task.run();
                return null;
            }));
        }
        for (Future<?> each : all) {
            each.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void halfOpen_sixtyFourThreads_letsInExactlyAsManyAsMustSucceed() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            int permits = 1 + round % 5;
            AtomicInteger turns = new AtomicInteger();
            Breaker breaker = breaker(permits, (from, to, reason) -> {
                if (to == BreakerState.HALF_OPEN) {
                    turns.incrementAndGet();
                }
            });
            breaker.open(0, BreakerReason.MANUAL);
            long later = Duration.ofSeconds(1).toNanos();
            AtomicInteger in = new AtomicInteger();

            together(() -> {
                if (breaker.tryAcquire(later) != Breaker.REFUSED) {
                    in.incrementAndGet();
                }
            });

            assertThat(in).hasValue(permits);
            assertThat(turns).hasValue(1);
        }
    }

    @Test
    void closed_manyFailAtOnce_opensOnce() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            AtomicInteger changes = new AtomicInteger();
            Breaker breaker = breaker(1, (from, to, reason) -> changes.incrementAndGet());

            together(() -> breaker.ended(breaker.tryAcquire(0), 0, 0, true));

            assertThat(changes).hasValue(1);
            assertThat(breaker.state(0)).isEqualTo(BreakerState.OPEN);
        }
    }

    @Test
    void listener_isToldOutsideTheLock() throws Exception {
        Breaker[] made = new Breaker[1];
        List<BreakerState> seen = new ArrayList<>();
        made[0] = breaker(1, (from, to, reason) -> {
            Breaker breaker = made[0];
            Future<BreakerState> other = pool.submit(() -> {
                breaker.releaseUnused(Integer.MAX_VALUE); // takes the lock
                return breaker.state(0);
            });
            try {
                seen.add(other.get(30, TimeUnit.SECONDS));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });

        made[0].open(0, BreakerReason.MANUAL);

        assertThat(seen).containsExactly(BreakerState.OPEN);
    }
}

package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.hook.BreakerState;
import io.llmspell.core.hook.HookMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HookMeterTest {
    private static final long ORIGIN = Long.MAX_VALUE - 5; // so that the clock runs over the end of the range
    private static final Duration HOUR = Duration.ofHours(1);

    private final HookMeter meter = new HookMeter(HOUR, true, ORIGIN);

    private HookMetrics at(Duration later) {
        return meter.snapshot(ORIGIN + later.toNanos(), BreakerState.CLOSED);
    }

    @Test
    void nothingRecorded_isAllZero() {
        assertThat(at(Duration.ZERO))
                .isEqualTo(new HookMetrics(
                        0,
                        0,
                        0,
                        0,
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        null,
                        BreakerState.CLOSED,
                        0));
    }

    @Test
    void recordings_addUp() {
        meter.gave(1_000, false, ORIGIN);
        meter.gave(3_000, true, ORIGIN);
        meter.failed(8_000, "first", ORIGIN);
        meter.failed(4_000, "last", ORIGIN + 1);
        meter.notStarted(ORIGIN);

        HookMetrics seen = meter.snapshot(ORIGIN + 2, BreakerState.OPEN);

        assertThat(seen.count()).isEqualTo(4);
        assertThat(seen.failures()).isEqualTo(2);
        assertThat(seen.skipped()).isEqualTo(1);
        assertThat(seen.notStarted()).isEqualTo(1);
        assertThat(seen.total()).isEqualTo(Duration.ofNanos(16_000));
        assertThat(seen.min()).isEqualTo(Duration.ofNanos(1_000));
        assertThat(seen.max()).isEqualTo(Duration.ofNanos(8_000));
        assertThat(seen.mean()).isEqualTo(Duration.ofNanos(4_000));
        assertThat(seen.lastError()).isEqualTo("last");
        assertThat(seen.breaker()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void percentiles_areRightToTwoDigits() {
        for (int i = 1; i <= 1000; i++) {
            meter.gave(i * 1_000_000L, false, ORIGIN);
        }

        HookMetrics seen = at(Duration.ZERO);

        assertThat(seen.p50().toMillis()).isBetween(495L, 505L);
        assertThat(seen.p95().toMillis()).isBetween(940L, 960L);
        assertThat(seen.p99().toMillis()).isBetween(980L, 1000L);
    }

    @Test
    void oneRecording_isAllPercentiles() {
        meter.gave(123_456_789, false, ORIGIN);

        HookMetrics seen = at(Duration.ZERO);

        assertThat(seen.p50()).isEqualTo(Duration.ofNanos(123_456_789));
        assertThat(seen.p99()).isEqualTo(Duration.ofNanos(123_456_789));
    }

    @Test
    void percentilesOff_areZero() {
        HookMeter plain = new HookMeter(HOUR, false, 0);
        plain.gave(5, false, 0);

        HookMetrics seen = plain.snapshot(0, BreakerState.CLOSED);

        assertThat(seen.p50()).isZero();
        assertThat(seen.max()).isEqualTo(Duration.ofNanos(5));
    }

    @Test
    void extremeTimes_areTaken() {
        meter.gave(-5, false, ORIGIN);
        meter.gave(Duration.ofDays(2).toNanos(), false, ORIGIN);

        assertThat(at(Duration.ZERO).min()).isZero();
        assertThat(at(Duration.ZERO).max()).isEqualTo(Duration.ofDays(2));
    }

    @Test
    void figures_areKeptForHalfThePeriodAtLeast_andThePeriodAtMost() {
        meter.failed(10, "old", ORIGIN);
        meter.gave(20, false, ORIGIN + Duration.ofMinutes(35).toNanos());

        assertThat(at(Duration.ofMinutes(59)).count()).isEqualTo(2);
        assertThat(at(Duration.ofMinutes(59)).lastError()).isEqualTo("old");
        assertThat(at(Duration.ofMinutes(60)).count()).isEqualTo(1);
        assertThat(at(Duration.ofMinutes(60)).lastError()).isNull();
        assertThat(at(Duration.ofMinutes(60)).p50()).isEqualTo(Duration.ofNanos(20));
        assertThat(at(Duration.ofMinutes(90)).count()).isZero();
    }

    @Test
    void longSilence_forgetsAll() {
        meter.gave(10, false, ORIGIN);
        meter.gave(20, false, ORIGIN + Duration.ofDays(1).toNanos());

        HookMetrics seen = at(Duration.ofDays(1));

        assertThat(seen.count()).isEqualTo(1);
        assertThat(seen.min()).isEqualTo(Duration.ofNanos(20));
        assertThat(seen.p50()).isEqualTo(Duration.ofNanos(20));
    }

    @Test
    void clockReadEarlierOnAnotherThread_forgetsNothing() {
        long turned = ORIGIN + Duration.ofMinutes(31).toNanos();
        meter.gave(10, false, turned);
        meter.gave(20, false, ORIGIN);

        assertThat(at(Duration.ofMinutes(31)).count()).isEqualTo(2);
    }

    @Test
    void share_isThatOfAllOperations() {
        meter.shared(30, 1_000, ORIGIN);
        meter.shared(20, 0, ORIGIN);

        assertThat(at(Duration.ZERO).overheadPercent()).isEqualTo(5.0);
    }

    @Test
    void sum_addsMetersUp() {
        HookMeter other = new HookMeter(HOUR, true, ORIGIN);
        meter.gave(1_000, false, ORIGIN);
        meter.failed(1_000, "mine", ORIGIN);
        other.failed(5_000, "other", ORIGIN + 1);
        other.notStarted(ORIGIN);

        HookMetrics sum = HookMeter.sum(List.of(other, meter), ORIGIN + 2, BreakerState.HALF_OPEN);

        assertThat(sum.count()).isEqualTo(3);
        assertThat(sum.failures()).isEqualTo(2);
        assertThat(sum.notStarted()).isEqualTo(1);
        assertThat(sum.min()).isEqualTo(Duration.ofNanos(1_000));
        assertThat(sum.max()).isEqualTo(Duration.ofNanos(5_000));
        assertThat(sum.lastError()).isEqualTo("other");
        assertThat(sum.breaker()).isEqualTo(BreakerState.HALF_OPEN);
    }

    @Test
    void manyThreads_loseNothing_alsoWhileOthersRead() throws Exception {
        int threads = 16;
        int each = 20_000;
        ExecutorService pool = Executors.newFixedThreadPool(threads + 1);
        AtomicBoolean ended = new AtomicBoolean();
        try {
            Future<Long> reader = pool.submit(() -> {
                long last = 0;
                while (!ended.get()) {
                    long count = at(Duration.ZERO).count();
                    assertThat(count).isGreaterThanOrEqualTo(last);
                    last = count;
                }
                return last;
            });
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int mine = i;
                writers.add(pool.submit(() -> {
                    for (int n = 0; n < each; n++) {
                        meter.gave(mine, n % 2 == 0, ORIGIN);
                    }
                }));
            }
            for (Future<?> writer : writers) {
                writer.get(60, TimeUnit.SECONDS);
            }
            ended.set(true);
            reader.get(60, TimeUnit.SECONDS);
        } finally {
            pool.shutdownNow();
        }

        HookMetrics seen = at(Duration.ZERO);
        assertThat(seen.count()).isEqualTo((long) threads * each);
        assertThat(seen.skipped()).isEqualTo((long) threads * each / 2);
        assertThat(seen.total()).isEqualTo(Duration.ofNanos((long) each * threads * (threads - 1) / 2));
    }

    @Test
    void interruptedThread_recordsAndStaysInterrupted() {
        Thread.currentThread().interrupt();

        meter.gave(1, false, ORIGIN);
        long count = at(Duration.ZERO).count();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(count).isEqualTo(1);
    }
}

package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.hook.BreakerState;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharesTest {
    private static final long US = 1_000;
    private static final long S = 1_000_000_000;

    private final List<String> told = new ArrayList<>();
    private final Shares shares = new Shares(
            HookSettings.DEFAULT,
            (component, percent, costliest) -> told.add(
                    component + " " + Math.round(percent) + " " + (costliest == null ? "-" : costliest.name())));
    private final HookGuard cheap = guard("cheap", FailurePolicy.FAIL_OPEN);
    private final HookGuard dear = guard("dear", FailurePolicy.FAIL_OPEN);
    private final HookGuard closed = guard("closed", FailurePolicy.FAIL_CLOSED);
    private long now;

    private static HookGuard guard(String name, FailurePolicy policy) {
        return HookGuard.of(
                HookSettings.DEFAULT,
                HookPoint.BEFORE_TOOL_EXECUTION,
                HookOptions.builder(name).failurePolicy(policy).build(),
                Breaker.Listener.NONE,
                0);
    }

    private void run(int operations, long cheapNanos, long dearNanos, long closedNanos, long bodyNanos) {
        Share share = shares.of("tool", now);
        for (int i = 0; i < operations; i++) {
            share.hook(cheap, cheapNanos);
            share.hook(dear, dearNanos);
            share.hook(closed, closedNanos);
            share.operation(cheapNanos + dearNanos + closedNanos, bodyNanos, now);
        }
    }

    private void endWindow() {
        now += 30 * S;
        shares.of("tool", now).operation(0, 0, now);
    }

    @Test
    void shareBelowTheTarget_nothingHappens() {
        run(1000, 10 * US, 20 * US, 5 * US, 1000 * US);
        endWindow();

        assertThat(told).isEmpty();
        assertThat(shares.percent("tool")).isEqualTo(3.5);
        assertThat(shares.warning("tool")).isFalse();
    }

    @Test
    void manyOperations_areTimedAsASampleThatTellsTheirTime() {
        Share.Cell cell = shares.of("tool", now).cell();
        int timed = 0;
        for (int i = 0; i < 20_000; i++) {
            int weight = cell.weight();
            timed += weight == 0 ? 0 : 1;
            long body = i % 16 == 0 ? 9_000 * US : 100 * US; // a rhythm that a fixed step would miss or hit each time
            cell.operation(10 * US, weight * body, now);
        }

        assertThat(timed).isBetween(1_200, 1_800);
        assertThat(shares.percent("tool")).isBetween(100 * 10 / 656.25 * 0.95, 100 * 10 / 656.25 * 1.05);
    }

    @Test
    void shareAboveTheTarget_opensTheCostliestObserver() {
        run(1000, 10 * US, 20 * US, 90 * US, 1000 * US);
        assertThat(told).isEmpty();
        endWindow();

        assertThat(told).containsExactly("tool 12 dear");
        assertThat(dear.state(now)).isEqualTo(BreakerState.OPEN);
        assertThat(dear.breaker().reason()).isEqualTo(BreakerReason.OVERHEAD);
        assertThat(cheap.state(now)).isEqualTo(BreakerState.CLOSED);
        assertThat(closed.state(now)).isEqualTo(BreakerState.CLOSED);
        assertThat(shares.warning("tool")).isTrue();
        assertThat(shares.percent("tool")).isEqualTo(12);
    }

    @Test
    void eachWindow_opensOneMore_untilTheShareIsBelow() {
        run(1000, 60 * US, 70 * US, 0, 1000 * US);
        endWindow();
        run(1000, 60 * US, 0, 0, 1000 * US);
        endWindow();
        run(1000, 0, 0, 10 * US, 1000 * US);
        endWindow();

        assertThat(told).containsExactly("tool 13 dear", "tool 6 cheap");
        assertThat(shares.warning("tool")).isFalse();
    }

    @Test
    void onlyGuards_areReportedAndNotOpened() {
        run(1000, 0, 0, 100 * US, 1000 * US);
        endWindow();

        assertThat(told).containsExactly("tool 10 -");
        assertThat(closed.state(now)).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void hookWithoutBreaker_isPassedOver() {
        HookGuard free = HookGuard.of(
                HookSettings.builder().enableCircuitBreaker(false).build(),
                HookPoint.TOOL_ERROR,
                HookOptions.named("free"),
                Breaker.Listener.NONE,
                0);
        Share share = shares.of("tool", now);
        for (int i = 0; i < 200; i++) {
            share.hook(free, 90 * US);
            share.hook(cheap, 10 * US);
            share.operation(100 * US, 1000 * US, now);
        }
        endWindow();

        assertThat(told).containsExactly("tool 10 cheap");
    }

    @Test
    void fewOperationsOrTinyHooks_areLeftAlone() {
        run(98, 0, 500 * US, 0, 1000 * US);
        endWindow();
        assertThat(told).isEmpty();
        assertThat(shares.percent("tool")).isEqualTo(50);

        run(1000, 0, 9 * US, 0, 10 * US);
        endWindow();
        assertThat(told).isEmpty();
        assertThat(shares.percent("tool")).isEqualTo(90);
    }

    @Test
    void firstWindow_percentIsSoFar() {
        assertThat(shares.percent("tool")).isZero();
        run(10, 0, 50 * US, 0, 1000 * US);

        assertThat(shares.percent("tool")).isEqualTo(5);
        assertThat(shares.percent("unknown")).isZero();
        assertThat(shares.warning("unknown")).isFalse();
    }

    @Test
    void components_areApart() {
        run(1000, 0, 100 * US, 0, 1000 * US);
        shares.of("other", now).operation(0, US, now);
        endWindow();

        assertThat(shares.percent("other")).isZero();
        assertThat(shares.of("other", now).component()).isEqualTo("other");
    }

    @Test
    void collect_handsEachTimeToTheMetersOnce() {
        run(10, 10 * US, 50 * US, 0, 1000 * US);
        shares.collect(now);
        shares.collect(now);
        assertThat(dear.metrics(now).overheadPercent()).isEqualTo(5);
        assertThat(cheap.metrics(now).overheadPercent()).isEqualTo(1);

        run(10, 10 * US, 150 * US, 0, 1000 * US);
        endWindow();
        shares.collect(now);
        assertThat(dear.metrics(now).overheadPercent()).isEqualTo(10);

        run(20, 10 * US, 200 * US, 0, 1000 * US);
        shares.collect(now);
        assertThat(dear.metrics(now).overheadPercent()).isEqualTo(15);
    }

    @Test
    void manyThreads_gatherNearlyAll() throws Exception {
        Share share = shares.of("tool", now);
        Thread[] threads = new Thread[8];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> {
                for (int n = 0; n < 10_000; n++) {
                    share.hook(dear, 100 * US);
                    share.operation(100 * US, 1000 * US, 0);
                }
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        endWindow();

        assertThat(shares.percent("tool")).isBetween(5.0, 20.0);
        assertThat(told).hasSize(1);
    }

    @Test
    void hooksBeyondACellsFirst_areAllNamed() {
        Share share = shares.of("tool", now);
        List<HookGuard> many = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            many.add(guard("h" + i, FailurePolicy.FAIL_OPEN));
        }
        for (int n = 0; n < 200; n++) {
            for (int i = 0; i < many.size(); i++) {
                share.hook(many.get(i), (i == 37 ? 50 : 10) * US);
            }
            share.operation(540 * US, 1000 * US, now);
        }
        endWindow();

        assertThat(told).containsExactly("tool 54 h37");
    }
}

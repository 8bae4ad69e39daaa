package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.hook.BreakerState;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookMetrics;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HookGuardTest {
    private static final HookPoint POINT = HookPoint.BEFORE_TOOL_EXECUTION;

    private static HookGuard guard(HookSettings settings, HookOptions options) {
        return HookGuard.of(settings, POINT, options, Breaker.Listener.NONE, 0);
    }

    private static void fail(HookGuard guard, int times) {
        for (int i = 0; i < times; i++) {
            guard.failed(guard.start(0), 10, "broken", 0);
        }
    }

    @Test
    void deadline_nearestSettingCounts() {
        HookOptions plain = HookOptions.named("h");
        HookOptions own =
                HookOptions.builder("h").timeout(Duration.ofSeconds(2)).build();
        HookSettings common =
                HookSettings.builder().deadline(Duration.ofSeconds(4)).build();
        HookSettings here = common.toBuilder()
                .point(POINT, new HookSettings.AtPoint(Duration.ofSeconds(3), null, null))
                .build();
        HookSettings named = here.toBuilder()
                .hook("h", new HookSettings.OfHook(Duration.ofSeconds(1), null, true, null, null))
                .build();

        assertThat(guard(common, plain).deadlineNanos()).isEqualTo(4_000_000_000L);
        assertThat(guard(here, plain).deadlineNanos()).isEqualTo(3_000_000_000L);
        assertThat(guard(here, own).deadlineNanos()).isEqualTo(2_000_000_000L);
        assertThat(guard(named, own).deadlineNanos()).isEqualTo(1_000_000_000L);
    }

    @Test
    void configurationForTheName_winsOverTheRegistration() {
        HookSettings settings = HookSettings.builder()
                .hook("h", new HookSettings.OfHook(null, true, true, null, FailurePolicy.FAIL_CLOSED))
                .build();

        HookGuard named = guard(settings, HookOptions.named("h"));
        HookGuard other = guard(settings, HookOptions.named("other"));

        assertThat(named.isolated()).isTrue();
        assertThat(named.policy()).isEqualTo(FailurePolicy.FAIL_CLOSED);
        assertThat(other.isolated()).isFalse();
        assertThat(other.policy()).isEqualTo(FailurePolicy.FAIL_OPEN);
        assertThat(named.name()).isEqualTo("h");
        assertThat(named.point()).isEqualTo(POINT);
    }

    @Test
    void breaker_nearestSettingCounts() {
        HookSettings settings = HookSettings.builder()
                .breaker(BreakerSettings.CONSERVATIVE)
                .point(POINT, new HookSettings.AtPoint(null, BreakerSettings.DEFAULT, null))
                .hook("h", new HookSettings.OfHook(null, null, true, BreakerSettings.PRODUCTION, null))
                .build();
        HookGuard named = guard(settings, HookOptions.named("h"));
        HookGuard here = guard(settings, HookOptions.named("other"));
        HookGuard elsewhere =
                HookGuard.of(settings, HookPoint.TOOL_ERROR, HookOptions.named("other"), Breaker.Listener.NONE, 0);

        fail(named, 2);
        fail(here, 2);
        fail(elsewhere, 4);

        assertThat(named.state(0)).isEqualTo(BreakerState.OPEN);
        assertThat(here.state(0)).isEqualTo(BreakerState.CLOSED);
        assertThat(elsewhere.state(0)).isEqualTo(BreakerState.CLOSED);
        fail(here, 1);
        fail(elsewhere, 1);
        assertThat(here.state(0)).isEqualTo(BreakerState.OPEN);
        assertThat(elsewhere.state(0)).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void breakerOff_failuresStopNothing() {
        HookGuard all = guard(HookSettings.builder().enableCircuitBreaker(false).build(), HookOptions.named("h"));
        HookGuard one = guard(
                HookSettings.builder()
                        .hook("h", new HookSettings.OfHook(null, null, false, null, null))
                        .build(),
                HookOptions.named("h"));

        fail(all, 100);
        fail(one, 100);
        one.overran(0);

        assertThat(all.start(0)).isNotEqualTo(HookGuard.REFUSED);
        assertThat(one.start(0)).isNotEqualTo(HookGuard.REFUSED);
        one.notStarted(one.start(0), 0);
        assertThat(one.metrics(0).notStarted()).isEqualTo(1);
        assertThat(one.metrics(0).breaker()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void open_refusesAndCountsIt() {
        HookGuard guard = guard(HookSettings.DEFAULT, HookOptions.named("h"));
        fail(guard, 3);

        assertThat(guard.start(0)).isEqualTo(HookGuard.REFUSED);

        HookMetrics seen = guard.metrics(0);
        assertThat(seen.count()).isEqualTo(3);
        assertThat(seen.failures()).isEqualTo(3);
        assertThat(seen.notStarted()).isEqualTo(1);
        assertThat(seen.lastError()).isEqualTo("broken");
        assertThat(seen.breaker()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void skippedAndVetoes_areNoFailures() {
        HookGuard guard = guard(HookSettings.DEFAULT, HookOptions.named("h"));
        for (int i = 0; i < 10; i++) {
            guard.gave(guard.start(0), 5, HookResultKind.SKIPPED, 0);
            guard.gave(guard.start(0), 5, HookResultKind.CANCEL, 0);
        }

        assertThat(guard.metrics(0).count()).isEqualTo(20);
        assertThat(guard.metrics(0).skipped()).isEqualTo(10);
        assertThat(guard.metrics(0).failures()).isZero();
        assertThat(guard.state(0)).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void slowCalls_openAnObserverButNoGuard() {
        HookGuard observer = guard(HookSettings.DEFAULT, HookOptions.named("h"));
        HookGuard closed = guard(
                HookSettings.DEFAULT,
                HookOptions.builder("h")
                        .failurePolicy(FailurePolicy.FAIL_CLOSED)
                        .build());
        for (int i = 0; i < 2; i++) {
            observer.gave(observer.start(0), 60_000_000, HookResultKind.CONTINUE, 0);
            closed.gave(closed.start(0), 60_000_000, HookResultKind.CONTINUE, 0);
        }

        assertThat(observer.state(0)).isEqualTo(BreakerState.OPEN);
        assertThat(closed.state(0)).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void monitoringOff_measuresNothingButBreaks() {
        HookGuard guard =
                guard(HookSettings.builder().enablePerformanceMonitoring(false).build(), HookOptions.named("h"));
        guard.gave(guard.start(0), 5, HookResultKind.CONTINUE, 0);
        guard.notStarted(guard.start(0), 0);
        guard.shared(1, 1, 0);
        fail(guard, 3);

        assertThat(guard.start(0)).isEqualTo(HookGuard.REFUSED);
        assertThat(guard.metrics(0).count()).isZero();
        assertThat(guard.metrics(0).breaker()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void metricsOfSeveral_addUpWithTheWorstBreaker() {
        HookGuard good = guard(HookSettings.DEFAULT, HookOptions.named("h"));
        HookGuard bad = guard(HookSettings.DEFAULT, HookOptions.named("h"));
        good.gave(good.start(0), 5, HookResultKind.CONTINUE, 0);
        fail(bad, 3);

        HookMetrics both = HookGuard.metrics(List.of(good, bad), 0);

        assertThat(both.count()).isEqualTo(4);
        assertThat(both.breaker()).isEqualTo(BreakerState.OPEN);
        assertThat(HookGuard.metrics(List.of(good, bad), Duration.ofSeconds(15).toNanos())
                        .breaker())
                .isEqualTo(BreakerState.HALF_OPEN);
        assertThat(HookGuard.metrics(List.of(), 0).count()).isZero();
    }
}

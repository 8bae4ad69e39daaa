package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.hook.BreakerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BreakerTest {
    private static final long MS = 1_000_000;
    private static final long S = 1000 * MS;
    private static final BreakerSettings FAST = new BreakerSettings(
            3, Duration.ofSeconds(30), 2, Duration.ofMillis(50), 2, Duration.ofSeconds(15), 2, Duration.ofSeconds(50));

    private final List<String> changes = new ArrayList<>();
    private Breaker breaker;
    private long now = Long.MAX_VALUE - S; // so that the clock runs over the end of the range

    @BeforeEach
    void make() {
        breaker = breaker(true);
    }

    private Breaker breaker(boolean slowCounts) {
        return new Breaker(
                FAST,
                slowCounts,
                (from, to, reason) ->
                        changes.add(from.id() + ">" + to.id() + (reason == null ? "" : " " + reason.id())));
    }

    private boolean call(long took, boolean failed) {
        int ticket = breaker.tryAcquire(now);
        if (ticket == Breaker.REFUSED) {
            return false;
        }
        breaker.ended(ticket, now, took, failed);
        return true;
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            assertThat(call(0, true)).isTrue();
        }
    }

    @Test
    void closed_fewerFailuresThanTheThreshold_staysClosed() {
        fail(2);

        assertThat(breaker.state(now)).isEqualTo(BreakerState.CLOSED);
        assertThat(changes).isEmpty();
    }

    @Test
    void closed_successesBetweenFailures_eraseNothing() {
        fail(2);
        for (int i = 0; i < 100; i++) {
            assertThat(call(0, false)).isTrue();
        }
        fail(1);

        assertThat(breaker.state(now)).isEqualTo(BreakerState.OPEN);
        assertThat(breaker.reason()).isEqualTo(BreakerReason.FAILURES);
        assertThat(changes).containsExactly("closed>open failures");
    }

    @Test
    void closed_failuresFurtherApartThanTheWindow_doNotAddUp() {
        for (int i = 0; i < 10; i++) {
            fail(1);
            now += 15 * S;
        }

        assertThat(breaker.state(now)).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void closed_lastFailuresOfTheWindowReachTheThreshold_opens() {
        fail(2);
        now += 29 * S;
        fail(1);

        assertThat(breaker.state(now)).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void closed_slowCallsOfAnObserver_open() {
        call(50 * MS, false);
        call(50 * MS, false);
        assertThat(breaker.state(now)).isEqualTo(BreakerState.CLOSED);

        call(50 * MS + 1, false);
        call(51 * MS, false);

        assertThat(changes).containsExactly("closed>open slow");
    }

    @Test
    void closed_slowCallsOfAGuard_doNotCount() {
        breaker = breaker(false);

        for (int i = 0; i < 100; i++) {
            call(S, false);
        }

        assertThat(breaker.state(now)).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void closed_failureThatWasSlow_countsOnceAsFailure() {
        call(S, true);
        call(S, true);

        assertThat(breaker.state(now)).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void open_startsNothingUntilTheOpenTimeIsOver() {
        fail(3);

        assertThat(call(0, false)).isFalse();
        assertThat(breaker.openFor(now)).isEqualTo(15 * S);
        now += 15 * S - 1;
        assertThat(call(0, false)).isFalse();
        assertThat(breaker.openFor(now)).isEqualTo(1);
        now += 1;
        assertThat(breaker.state(now)).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(call(0, false)).isTrue();
        assertThat(changes).containsExactly("closed>open failures", "open>half_open failures");
    }

    @Test
    void halfOpen_letsAsManyInAsMustSucceed() {
        halfOpen();

        assertThat(breaker.tryAcquire(now)).isNotEqualTo(Breaker.REFUSED);
        assertThat(breaker.tryAcquire(now)).isNotEqualTo(Breaker.REFUSED);
        assertThat(breaker.tryAcquire(now)).isEqualTo(Breaker.REFUSED);
        now += 1000 * S;
        assertThat(breaker.tryAcquire(now)).isEqualTo(Breaker.REFUSED);
    }

    @Test
    void halfOpen_callThatDidNotStart_givesItsPlaceBack() {
        halfOpen();
        int first = breaker.tryAcquire(now);
        int unused = breaker.tryAcquire(now);

        breaker.releaseUnused(first);

        assertThat(breaker.tryAcquire(now)).isNotEqualTo(Breaker.REFUSED);
        assertThat(breaker.tryAcquire(now)).isEqualTo(Breaker.REFUSED);
        assertThat(unused).isEqualTo(first);
    }

    @Test
    void halfOpen_allSucceed_closesAndForgets() {
        halfOpen();

        call(0, false);
        call(0, false);

        assertThat(breaker.state(now)).isEqualTo(BreakerState.CLOSED);
        assertThat(breaker.reason()).isNull();
        assertThat(changes).endsWith("half_open>closed");
        fail(2);
        assertThat(breaker.state(now)).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void halfOpen_failure_opensForLongerUpToTheLongest() {
        halfOpen();
        call(0, false);
        call(0, true);
        assertThat(breaker.openFor(now)).isEqualTo(30 * S);

        now += 30 * S;
        call(60 * MS, false);
        assertThat(breaker.reason()).isEqualTo(BreakerReason.SLOW);
        assertThat(breaker.openFor(now)).isEqualTo(50 * S);

        now += 50 * S;
        call(0, true);
        assertThat(breaker.openFor(now)).isEqualTo(50 * S);
    }

    @Test
    void closedForAFailureWindow_opensForTheFirstOpenTimeAgain() {
        halfOpen();
        call(0, true);
        now += 30 * S;
        call(0, false);
        call(0, false);

        now += 29 * S;
        fail(3);
        assertThat(breaker.openFor(now)).isEqualTo(30 * S);

        now += 30 * S;
        call(0, false);
        call(0, false);
        now += 30 * S;
        fail(3);
        assertThat(breaker.openFor(now)).isEqualTo(15 * S);
    }

    @Test
    void straggler_ofAnEarlierPhase_decidesNothingWhileHalfOpen() {
        int early = breaker.tryAcquire(now);
        int alsoEarly = breaker.tryAcquire(now);
        halfOpen();
        int trial = breaker.tryAcquire(now);

        breaker.ended(early, now, 0, true);
        breaker.ended(alsoEarly, now, 0, false);
        assertThat(breaker.state(now)).isEqualTo(BreakerState.HALF_OPEN);

        breaker.ended(trial, now, 0, true);
        now += 30 * S;
        int next = breaker.tryAcquire(now);
        breaker.ended(trial, now, 0, true);
        breaker.releaseUnused(trial);
        assertThat(next).isNotIn(trial, Breaker.REFUSED);
        assertThat(breaker.state(now)).isEqualTo(BreakerState.HALF_OPEN);
    }

    @Test
    void overrun_opensWhileTheCallRunsAndUntilItEnds() {
        int ticket = breaker.tryAcquire(now);

        breaker.overrun(now);
        assertThat(call(0, false)).isFalse();
        now += 100 * S;
        assertThat(call(0, false)).isFalse();
        assertThat(breaker.state(now)).isEqualTo(BreakerState.OPEN);

        breaker.ranOut();
        breaker.ended(ticket, now, 100 * S, true);
        assertThat(breaker.state(now)).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(call(0, false)).isTrue();
    }

    @Test
    void overrun_callEndsAtOnce_staysOpenForTheOpenTime() {
        breaker.overrun(now);
        breaker.ranOut();

        assertThat(call(0, false)).isFalse();
        now += 15 * S;
        assertThat(call(0, false)).isTrue();
    }

    @Test
    void overrun_bookedAfterItsEnd_leavesNothingBehind() {
        breaker.ranOut();
        breaker.overrun(now);

        now += 15 * S;
        assertThat(call(0, false)).isTrue();
        assertThat(call(0, false)).isTrue();
        assertThat(breaker.state(now)).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void open_forOverhead_letsNothingInForTheOpenTime() {
        breaker.open(now, BreakerReason.OVERHEAD);
        breaker.open(now, BreakerReason.MANUAL);

        assertThat(changes).containsExactly("closed>open overhead");
        assertThat(breaker.openFor(now)).isEqualTo(15 * S);
        assertThat(call(0, false)).isFalse();
    }

    @Test
    void close_byHand_closesAndBeginsAfresh() {
        halfOpen();
        call(0, true);

        breaker.close(now);
        breaker.close(now);

        assertThat(changes).endsWith("half_open>open failures", "open>closed");
        fail(3);
        assertThat(breaker.openFor(now)).isEqualTo(15 * S);
    }

    @Test
    void slowThresholdZero_slowCallsDoNotCount() {
        breaker = new Breaker(
                new BreakerSettings(
                        1, Duration.ofSeconds(1), 0, Duration.ZERO, 1, Duration.ofSeconds(1), 1, Duration.ofSeconds(1)),
                true,
                Breaker.Listener.NONE);

        call(S, false);
        assertThat(breaker.state(now)).isEqualTo(BreakerState.CLOSED);
        call(0, true);
        assertThat(breaker.state(now)).isEqualTo(BreakerState.OPEN);
    }

    private void halfOpen() {
        fail(3);
        now += 15 * S;
        assertThat(breaker.state(now)).isEqualTo(BreakerState.HALF_OPEN);
    }
}

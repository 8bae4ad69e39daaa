package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WatchFenceTest {
    private static final int OFTEN = Boolean.getBoolean("llmspell.fuzz") ? 100_000 : 10_000;

    private final HookGuard guard =
            HookGuard.of(HookSettings.DEFAULT, HookPoint.TOOL_ERROR, HookOptions.named("h"), Breaker.Listener.NONE, 0);

    @Test
    void interrupt_neverHitsTheOperation() throws Exception {
        Lane lane = new Lane();
        FenceRig.Subject subject = new FenceRig.Subject() {
            private Watch watch;

            @Override
            public void arm() {
                watch = lane.push();
                watch.arm(guard, 0, 0);
            }

            @Override
            public boolean disarm() {
                return watch.disarm();
            }

            @Override
            public void look() {
                lane.check(new Watchdog.Look(guard.deadlineNanos() + 1, 0, 0, 0));
            }
        };

        FenceRig.Outcome outcome = FenceRig.hammer(subject, OFTEN);

        assertThat(outcome.leaked()).isZero();
        assertThat(outcome.inTime()).as("ended in time, %s", outcome).isPositive();
        assertThat(outcome.late()).as("ended late, %s", outcome).isPositive();
    }

    @Test
    void interrupt_nestedHooks_neverHitsTheOperation() throws Exception {
        Lane lane = new Lane();
        FenceRig.Subject subject = new FenceRig.Subject() {
            private Watch outer;
            private Watch inner;

            @Override
            public void arm() {
                outer = lane.push();
                outer.arm(guard, 0, 0);
                inner = lane.push();
                inner.arm(guard, 0, 0);
            }

            @Override
            public boolean disarm() {
                boolean late = inner.disarm();
                return outer.disarm() | late;
            }

            @Override
            public void look() {
                lane.check(new Watchdog.Look(guard.deadlineNanos() + 1, 0, 0, 0));
            }
        };

        FenceRig.Outcome outcome = FenceRig.hammer(subject, OFTEN);

        assertThat(outcome.leaked()).isZero();
        assertThat(outcome.late()).as("ended late, %s", outcome).isPositive();
    }
}

package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.hook.BreakerState;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.hook.HookResult;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The whole life of a breaker, as operations and listeners meet it. */
class BreakerAtTheGateTest {
    private final ManualTime time = new ManualTime();
    private final List<String> heard = new ArrayList<>();
    private final AtomicBoolean broken = new AtomicBoolean(true);

    private Rig rig() {
        Rig rig = new Rig(Hooks.builder().time(time).build());
        rig.hooks.executions(new HookListener() {
            @Override
            public void executed(HookExecution execution) {}

            @Override
            public void breakerChanged(
                    HookInfo hook, BreakerState from, BreakerState to, String reason, Duration openFor) {
                heard.add(hook.name() + " " + from + " > " + to + " " + reason + " " + openFor.toSeconds());
            }
        });
        return rig;
    }

    private HookResult answer() {
        if (broken.get()) {
            throw new UnsupportedOperationException("planted");
        }
        return HookResult.proceed();
    }

    @Test
    void observer_failsAndRecovers_operationsNeverNotice() {
        try (Rig rig = rig()) {
            HookHandle weak = rig.open(Rig.BEFORE, "weak", context -> answer());
            for (int i = 0; i < 5; i++) {
                assertThat(rig.call("in")).isEqualTo("out(in)");
            }
            assertThat(weak.metrics().failures()).isEqualTo(3);
            assertThat(weak.metrics().notStarted()).isEqualTo(2);
            time.advance(Duration.ofSeconds(15));
            broken.set(false);
            for (int i = 0; i < 3; i++) {
                assertThat(rig.call("in")).isEqualTo("out(in)");
            }
            assertThat(weak.metrics().breaker()).isEqualTo(BreakerState.CLOSED);
        }
        assertThat(heard)
                .containsExactly(
                        "weak CLOSED > OPEN failures 15",
                        "weak OPEN > HALF_OPEN failures 0",
                        "weak HALF_OPEN > CLOSED failures 0");
    }

    @Test
    void guard_failsAndRecovers_refusesUntilItAgreesAgain() {
        try (Rig rig = rig()) {
            rig.guard(Rig.BEFORE, "weak", context -> answer());
            assertThat(List.of(rig.call("in"), rig.call("in"), rig.call("in"))).containsOnly("hook_failed");
            broken.set(false);
            assertThat(rig.call("in")).isEqualTo("hook_unavailable");
            time.advance(Duration.ofSeconds(15));
            assertThat(List.of(rig.call("in"), rig.call("in"), rig.call("in"))).containsOnly("out(in)");
        }
    }
}

package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.hook.AroundHook;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.NestedTime;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** A hook that calls other operations pays for itself, not for them. */
class NestedOperationTest {
    private static final Component OTHER = Component.named(ComponentType.TOOL, "other");

    private final ManualTime time = new ManualTime();
    private final Rig rig = new Rig(Hooks.builder()
            .time(time)
            .awaiter(Awaiter.blocking(time))
            .settings(Rig.PATIENT)
            .build());

    /** An operation of 40 ms that takes a call of itself inside, so that nesting within nesting counts once. */
    private final Passage<Rig.Text, Rig.Text> inner = rig.passage(
            (input, caller) -> {
                time.advance(Duration.ofMillis(20));
                if (input.text().equals("outer")) {
                    call("inner", caller);
                } else {
                    time.advance(Duration.ofMillis(20));
                }
                return input;
            },
            null);

    /** An operation of 100 ms. */
    private final Passage<Rig.Text, Rig.Text> passage = rig.passage(
            (input, caller) -> {
                time.advance(Duration.ofMillis(100));
                return input;
            },
            null);

    @AfterEach
    void close() {
        rig.close();
    }

    private void call(String input, Caller caller) {
        inner.call(OTHER, new Rig.Text(input), caller);
    }

    private void run(boolean reactive) {
        for (int i = 0; i < 10; i++) {
            if (reactive) {
                passage.callAsync(Rig.PROBE, new Rig.Text("in"), Rig.caller()).block();
            } else {
                passage.call(Rig.PROBE, new Rig.Text("in"), Rig.caller());
            }
        }
    }

    private static void isCharged(HookHandle hook, double percent, long meanMillis) {
        assertThat(hook.metrics().overheadPercent()).isCloseTo(percent, within(0.01));
        assertThat(hook.metrics().mean()).isEqualTo(Duration.ofMillis(meanMillis));
    }

    private HookResult work(Caller caller) {
        time.advance(Duration.ofMillis(1));
        call("outer", caller);
        call("inner", caller);
        time.advance(Duration.ofMillis(1));
        return HookResult.proceed();
    }

    @Test
    void hookThatCallsOperations_isChargedForItselfAlone() {
        HookHandle hook = rig.open(
                Rig.BEFORE,
                "calls",
                context -> context.caller().hookDepth() > 1 ? HookResult.proceed() : work(context.caller()));
        run(false);
        run(true);

        // 2 ms of its own in 100 ms, though it took 102 ms; within the calls it ran too, for nothing
        assertThat(hook.metrics().max()).isEqualTo(Duration.ofMillis(102));
        assertThat(hook.metrics().overheadPercent()).isLessThan(2.01);
    }

    @Test
    void hookThatCallsOperations_afterTheBody_isChargedForItselfAlone() {
        HookHandle hook = rig.open(
                Rig.LAST,
                "calls",
                context -> context.component().equals(OTHER) ? HookResult.skipped("inner") : work(context.caller()));
        run(false);

        assertThat(hook.metrics().max()).isEqualTo(Duration.ofMillis(102));
        assertThat(hook.metrics().overheadPercent()).isLessThan(2.01);
    }

    @Test
    void reactiveHook_isNotChargedForOperationsThatItWaitsFor() {
        HookHandle hook = rig.reactive(Rig.BEFORE, HookOptions.named("calls"), context -> {
            if (context.component().equals(OTHER)) {
                return Mono.just(HookResult.proceed());
            }
            time.advance(Duration.ofMillis(2));
            return inner.callAsync(OTHER, new Rig.Text("inner"), context.caller())
                    .thenReturn(HookResult.proceed());
        });
        run(false);
        run(true);

        assertThat(hook.metrics().max()).isEqualTo(Duration.ofMillis(42));
        assertThat(hook.metrics().overheadPercent()).isLessThan(2.01);
    }

    @Test
    void aroundHook_isNotChargedForOperationsBeforeAndAfterTheRest() {
        AroundHook hook = (context, rest) -> {
            if (context.component().equals(OTHER)) {
                return rest;
            }
            time.advance(Duration.ofMillis(1));
            call("inner", context.caller());
            return rest.doOnNext(outcome -> {
                call("inner", context.caller());
                time.advance(Duration.ofMillis(1));
            });
        };
        HookHandle handle =
                rig.hooks.registry().registerAround(OperationKind.TOOL_CALL, HookOptions.named("around"), hook);
        run(false);

        assertThat(handle.metrics().max()).isEqualTo(Duration.ofMillis(82));
        assertThat(handle.metrics().overheadPercent()).isLessThan(2.01);
    }

    @Test
    void hookThatCallsNothing_isChargedWhole() {
        HookHandle hook = rig.open(Rig.BEFORE, "slow", context -> {
            time.advance(Duration.ofMillis(3));
            return HookResult.proceed();
        });
        run(false);

        isCharged(hook, 3, 3);
    }

    @Test
    void nestedTime_ofOperationsAtOnce_countsOnce() {
        NestedTime nested = new NestedTime();
        nested.begins(10);
        nested.begins(12);
        nested.ends(15);
        assertThat(nested.nanos(16)).isEqualTo(6);
        nested.ends(20);
        nested.begins(30);
        nested.ends(31);

        assertThat(nested.nanos(99)).isEqualTo(11);
    }
}

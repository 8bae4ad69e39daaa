package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.CancellationSource;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.gate.Step;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Calls with and without hooks, their errors, and what a call without hooks costs. */
class PassageTest {
    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private void withHook() {
        rig.open(Rig.LAST, "any", context -> HookResult.proceed());
    }

    @Test
    void call_withoutHooks_runsChecksAndBody() {
        assertThat(rig.call("in")).isEqualTo("out(in)");
        assertThat(rig.written()).isEqualTo("check=in body=in");
        assertThat(rig.callAsync("in")).isEqualTo("out(in)");
        assertThat(rig.call("forbidden")).isEqualTo("invalid_argument");
        assertThat(rig.callAsync("fail")).isEqualTo("invalid_argument");
    }

    @Test
    void body_thatThrowsAnything_isInternalAtTheEdge() {
        for (int round = 0; round < 2; round++) {
            assertBodyFails(new java.io.IOException("secret"), "internal");
            assertBodyFails(new StackOverflowError("secret"), "internal");
            assertBodyFails(new InterruptedException("secret"), "cancelled");
            assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
            withHook2(round);
        }
    }

    private void withHook2(int round) {
        rig.open(Rig.LAST, "any" + round, context -> HookResult.proceed());
    }

    private void assertBodyFails(Throwable fault, String code) {
        Passage<Rig.Text, Rig.Text> passage = rig.passage(
                (input, caller) -> {
                    if (fault instanceof Exception exception) {
                        throw exception;
                    }
                    throw (Error) fault;
                },
                (input, caller) -> Mono.error(fault));
        assertThatThrownBy(() -> passage.call(Rig.PROBE, new Rig.Text("in"), Rig.caller()))
                .isInstanceOfSatisfying(LlmSpellException.class, failure -> {
                    assertThat(failure.code().id()).isEqualTo(code);
                    assertThat(failure.getMessage()).doesNotContain("secret");
                });
        boolean interrupted = Thread.interrupted();
        assertThatThrownBy(() -> passage.callAsync(Rig.PROBE, new Rig.Text("in"), Rig.caller())
                        .block())
                .isInstanceOfSatisfying(
                        LlmSpellException.class,
                        failure -> assertThat(failure.code().id()).isEqualTo(code));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @SuppressWarnings("NullAway") // a body that gives nothing is the case under test
    void body_thatGivesNothing_isInternal() {
        Passage<Rig.Text, Rig.Text> passage = rig.passage((input, caller) -> null, (input, caller) -> Mono.empty());
        for (int round = 0; round < 2; round++) {
            assertThatThrownBy(() -> passage.call(Rig.PROBE, new Rig.Text("in"), Rig.caller()))
                    .hasMessage("tool/probe failed with NoSuchElementException; the log has the cause [internal]");
            assertThatThrownBy(() -> passage.callAsync(Rig.PROBE, new Rig.Text("in"), Rig.caller())
                            .block())
                    .hasMessage("tool/probe failed with NoSuchElementException; the log has the cause [internal]");
            if (round == 0) {
                withHook();
            }
        }
    }

    @Test
    void idle_untilThereIsACheck_aHook_oneAroundTheCaller_orACancellation() {
        Passage<Rig.Text, Rig.Text> passage = rig.hooks
                .gate()
                .passage(Operation.of(OperationKind.TOOL_CALL, new Rig.TextView())
                        .last(Rig.LAST)
                        .run((input, caller) -> input));
        Caller caller = Rig.caller();
        assertThat(passage.idle(caller)).isTrue();
        assertThat(rig.passage((input, inner) -> input, null).idle(caller)).isFalse();
        assertThat(passage.idle(caller.deeper("a hook"))).isFalse();
        CancellationSource stop = new CancellationSource();
        Caller stoppable = caller.limited(stop, caller.deadlineNanos());
        assertThat(passage.idle(stoppable)).isTrue();
        stop.cancel();
        assertThat(passage.idle(stoppable)).isFalse();

        rig.open(Rig.LAST, "any", context -> HookResult.proceed());
        assertThat(passage.idle(caller)).isFalse();
    }

    @Test
    void guardsOnly_forSomeInputs_leavesObserversOutForThoseAlone() {
        Passage<Rig.Text, Rig.Text> passage = rig.hooks
                .gate()
                .passage(Operation.of(OperationKind.TOOL_CALL, new Rig.TextView())
                        .guardsOnly(input -> input.text().startsWith("quiet"))
                        .before(Rig.BEFORE)
                        .last(Rig.LAST)
                        .run((input, caller) -> input, (input, caller) -> Mono.just(input)));
        rig.open(Rig.BEFORE, "observer", context -> {
            rig.trace.add("saw=" + context.data());
            return HookResult.modified("quiet after all");
        });
        rig.guard(Rig.LAST, "guard", context -> {
            rig.trace.add("guarded=" + context.data());
            return HookResult.proceed();
        });
        for (String input : List.of("loud", "quiet")) {
            passage.call(Rig.PROBE, new Rig.Text(input), Rig.caller());
            String sync = rig.written();
            passage.callAsync(Rig.PROBE, new Rig.Text(input), Rig.caller()).block();
            assertThat(rig.written())
                    .isEqualTo(sync)
                    .isEqualTo(input.equals("loud") ? "saw=loud guarded=quiet after all" : "guarded=quiet");
        }
        rig.open(Rig.LAST, "later", context -> {
            rig.trace.add("later");
            return HookResult.proceed();
        });
        passage.call(Rig.PROBE, new Rig.Text("quiet"), Rig.caller());
        assertThat(rig.written()).isEqualTo("guarded=quiet");
    }

    @Test
    void token_cancelledBeforeTheCall_runsNothing() {
        CancellationSource token = new CancellationSource();
        token.cancel();
        Caller caller = Rig.caller().limited(token, Awaiter.NO_DEADLINE);
        for (int round = 0; round < 2; round++) {
            assertThat(rig.failure("in", caller)).hasMessage("tool/probe was cancelled by its caller [cancelled]");
            assertThatThrownBy(() -> rig.passage
                            .callAsync(Rig.PROBE, new Rig.Text("in"), caller)
                            .block())
                    .hasMessage("tool/probe was cancelled by its caller [cancelled]");
            if (round == 0) {
                rig.open(Rig.FIRST, "observer", context -> {
                    rig.trace.add("observer");
                    return HookResult.proceed();
                });
            }
        }
        assertThat(rig.trace).isEmpty();
    }

    @Test
    void token_cancelledByAHook_endsBeforeTheBodyAndCannotBeRescued() {
        CancellationSource token = new CancellationSource();
        rig.open(Rig.BEFORE, "a", context -> {
            token.cancel();
            return HookResult.proceed();
        });
        rig.open(Rig.ERROR, "rescue", context -> HookResult.replace("ans"));

        assertThat(rig.failure("in", Rig.caller().limited(token, Awaiter.NO_DEADLINE)))
                .hasMessage("tool/probe was cancelled by its caller [cancelled]");
        assertThat(rig.written()).isEqualTo("check=in");
    }

    @Test
    void token_cancelledInTheBody_outputStands() {
        CancellationSource token = new CancellationSource();
        rig.open(Rig.AFTER, "after", context -> HookResult.proceed());
        Passage<Rig.Text, Rig.Text> passage = rig.passage(
                (input, caller) -> {
                    token.cancel();
                    return new Rig.Text("done");
                },
                null);

        Rig.Text output =
                passage.call(Rig.PROBE, new Rig.Text("in"), Rig.caller().limited(token, Awaiter.NO_DEADLINE));
        assertThat(output.text()).isEqualTo("done");
    }

    @Test
    void caller_ofABody_isTheSameUnlessTheOperationEncloses() {
        List<Caller> seen = new ArrayList<>();
        Operation<Long, Long> plain = Operation.of(OperationKind.SYSTEM, new LongView())
                .before(HookPoint.SYSTEM_STARTUP)
                .run((input, caller) -> {
                    seen.add(caller);
                    return input;
                });
        Operation<Long, Long> enclosing = Operation.of(OperationKind.SYSTEM, new LongView())
                .before(HookPoint.SYSTEM_STARTUP)
                .encloses()
                .run(plain.body());
        Caller caller = Rig.caller();
        for (int round = 0; round < 2; round++) {
            rig.hooks.gate().passage(plain).call(Rig.PROBE, 1L, caller);
            rig.hooks.gate().passage(enclosing).call(Rig.PROBE, 1L, caller);
            rig.open(HookPoint.SYSTEM_STARTUP, "any" + round, context -> HookResult.proceed());
        }

        assertThat(seen.get(0)).isSameAs(caller);
        assertThat(seen.get(1).parentOperation()).isNotNull();
        assertThat(seen.get(2)).isSameAs(caller);
        assertThat(seen.get(3).parentOperation())
                .isNotNull()
                .isNotEqualTo(seen.get(1).parentOperation());
    }

    @Test
    void firing_thatAllowsTooMuch_isNarrowedByItsStage() {
        Operation<Long, Long> operation = Operation.of(OperationKind.SYSTEM, new LongView())
                .point(HookPoint.SYSTEM_STARTUP, Step.Stage.ERROR, EnumSet.allOf(HookResultKind.class))
                .point(HookPoint.SYSTEM_SHUTDOWN, Step.Stage.LAST, EnumSet.allOf(HookResultKind.class))
                .run((input, caller) -> {
                    throw new ArgumentException("value", input.toString(), "another one");
                });
        rig.guard(HookPoint.SYSTEM_STARTUP, "changer", context -> HookResult.modified(1L));
        rig.guard(HookPoint.SYSTEM_SHUTDOWN, "veto", context -> HookResult.cancel("too late"));

        assertThatThrownBy(() -> rig.hooks.gate().passage(operation).call(Rig.PROBE, 1L, Rig.caller()))
                .hasMessageContaining("[invalid_argument]")
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .singleElement()
                        .satisfies(own -> assertThat(own)
                                .hasMessage(
                                        "hook \"changer\" gave modified at SystemStartup, which can honour only continue,"
                                                + " cancel, replace, skipped [result_not_allowed]")));
    }

    @Test
    void call_withoutHooks_allocatesNothing() {
        Long input = 7L;
        Operation<Long, Long> operation = Operation.of(OperationKind.SYSTEM, new LongView())
                .promise("positive", (value, caller) -> {
                    if (value < 0) {
                        throw new ArgumentException("value", value.toString(), "positive");
                    }
                    return value;
                })
                .before(HookPoint.SYSTEM_STARTUP)
                .run((value, caller) -> value);
        Passage<Long, Long> passage = rig.hooks.gate().passage(operation);
        Caller caller = Rig.caller();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        run(passage, input, caller);

        long before = threads.getThreadAllocatedBytes(thread);
        run(passage, input, caller);
        long bytes = threads.getThreadAllocatedBytes(thread) - before;

        assertThat(bytes).as("bytes in 10,000 calls").isLessThan(10_000);
    }

    private static void run(Passage<Long, Long> passage, Long input, Caller caller) {
        for (int i = 0; i < 10_000; i++) {
            passage.call(Rig.PROBE, input, caller);
        }
    }

    /** Numbers as they are. */
    private static final class LongView implements View<Long, Long> {
        @Override
        public Object input(Long input) {
            return input;
        }

        @Override
        public Object output(Long output) {
            return output;
        }

        @Override
        public Object data(HookPoint point, Long input, @Nullable Long output) {
            return input;
        }

        @Override
        public Long modified(HookPoint point, Long input, @Nullable Object data) {
            return input;
        }

        @Override
        public Long answer(HookPoint point, Long input, @Nullable Object value) {
            return input;
        }
    }
}

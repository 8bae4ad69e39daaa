package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.CancellationSource;
import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.time.SystemTimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

@Timeout(30)
class ReactiveTest {
    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private Mono<String> async(Caller caller) {
        return rig.passage.callAsync(Rig.PROBE, new Rig.Text("in"), caller).map(Rig.Text::text);
    }

    @Test
    void callAsync_eachSubscription_isACallOfItsOwn() {
        rig.open(Rig.FIRST, "count", context -> {
            rig.trace.add(context.operation().id());
            return HookResult.proceed();
        });
        Mono<String> mono = async(Rig.caller());
        assertThat(rig.trace).isEmpty();

        StepVerifier.create(mono).expectNext("out(in)").verifyComplete();
        StepVerifier.create(mono).expectNext("out(in)").verifyComplete();

        assertThat(rig.trace.stream().filter(word -> word.startsWith("0")))
                .hasSize(2)
                .doesNotHaveDuplicates();
    }

    @Test
    void callAsync_whileAHookIsPending_holdsNoThread() {
        Sinks.One<HookResult> answer = Sinks.one();
        rig.reactive(Rig.BEFORE, HookOptions.named("slow"), context -> answer.asMono());

        CompletableFuture<String> call = async(Rig.caller()).toFuture();

        assertThat(call).isNotDone();
        assertThat(rig.trace).containsExactly("check=in");
        answer.tryEmitValue(HookResult.modified("new")).orThrow();
        await().until(call::isDone);
        assertThat(call).isCompletedWithValue("out(new)");
    }

    @Test
    void wait_untilTheDeadline_endsTheOperation() {
        rig.reactive(Rig.BEFORE, HookOptions.named("never"), context -> Mono.never());
        rig.guard(Rig.LAST, "last", context -> {
            rig.trace.add("last");
            return HookResult.proceed();
        });
        try (SystemTimeSource time = new SystemTimeSource()) {
            assertThat(rig.failure("in", Rig.caller().limited(caller().token(), soon(time)))
                            .code()
                            .id())
                    .isEqualTo("timeout");
            assertThat(rig.written()).isEqualTo("check=in last");
            assertThatThrownBy(() -> async(Rig.caller().limited(caller().token(), soon(time)))
                            .block())
                    .hasMessage("a wait did not end within its deadline [timeout]");
            assertThat(rig.written()).isEqualTo("check=in last");
        }
    }

    private static Caller caller() {
        return Rig.caller();
    }

    private static long soon(SystemTimeSource time) {
        return time.nanos() + Duration.ofMillis(20).toNanos();
    }

    @Test
    void wait_whoseTokenIsCancelled_endsTheOperation() throws Exception {
        AtomicInteger disposed = new AtomicInteger();
        rig.reactive(
                Rig.BEFORE,
                HookOptions.named("never"),
                context -> Mono.<HookResult>never().doOnCancel(disposed::incrementAndGet));
        CancellationSource token = new CancellationSource();
        Caller caller = Rig.caller().limited(token, Awaiter.NO_DEADLINE);

        CompletableFuture<String> call = async(caller).toFuture();
        Schedulers.boundedElastic().schedule(() -> {
            await().until(() -> rig.trace.size() == 2);
            token.cancel();
        });
        assertThat(rig.failure("in", caller).code().id()).isEqualTo("cancelled");

        assertThatThrownBy(() -> call.get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("[cancelled]");
        assertThat(rig.trace).doesNotContain("body=in");
        await().until(() -> disposed.get() == 2);
    }

    @Test
    void subscriber_thatLeaves_endsTheOperationOnce() {
        rig.reactive(Rig.BEFORE, HookOptions.named("never"), context -> {
            context.onEnd(view -> rig.trace.add("end"));
            return Mono.never();
        });
        rig.open(Rig.LAST, "last", context -> {
            rig.trace.add("last");
            return HookResult.proceed();
        });

        Disposable subscription = async(Rig.caller()).subscribe();
        subscription.dispose();

        await().until(() -> rig.trace.contains("end"));
        assertThat(rig.written()).isEqualTo("check=in last end");
    }

    @Test
    void subscriber_thatLeavesDuringTheBody_cancelsTheBody() {
        AtomicInteger cancelled = new AtomicInteger();
        rig.open(Rig.LAST, "last", context -> {
            rig.trace.add("last");
            return HookResult.proceed();
        });
        Disposable subscription = rig.passage(
                        (input, caller) -> input,
                        (input, caller) -> Mono.<Rig.Text>never().doOnCancel(cancelled::incrementAndGet))
                .callAsync(Rig.PROBE, new Rig.Text("in"), Rig.caller())
                .subscribe();
        subscription.dispose();

        await().until(() -> rig.trace.contains("last"));
        assertThat(cancelled).hasValue(1);
    }

    @Test
    void directHook_onANonBlockingThread_runsElsewhere() {
        rig.open(Rig.BEFORE, "direct", context -> {
            rig.trace.add("blocking=" + !Schedulers.isInNonBlockingThread());
            return HookResult.proceed();
        });
        rig.reactive(
                Rig.FIRST,
                HookOptions.named("hop"),
                context -> Mono.just(HookResult.proceed()).publishOn(Schedulers.parallel()));

        StepVerifier.create(async(Rig.caller()).subscribeOn(Schedulers.parallel()))
                .expectNext("out(in)")
                .verifyComplete();
        assertThat(rig.trace).contains("blocking=true");
    }

    @Test
    void blockingCall_onANonBlockingThread_isRefused() {
        rig.reactive(Rig.BEFORE, HookOptions.named("never"), context -> Mono.never());

        StepVerifier.create(
                        Mono.fromCallable(() -> rig.failure("in").code().id()).subscribeOn(Schedulers.parallel()))
                .expectNext("invalid_state")
                .verifyComplete();
    }

    @Test
    void reactorContext_ofTheSubscriber_reachesHookAndBody() {
        rig.reactive(
                Rig.BEFORE,
                HookOptions.named("context"),
                context -> Mono.deferContextual(view -> {
                    return Mono.just(HookResult.modified(view.get("name")));
                }));
        Mono<String> call = rig.passage(
                        (input, caller) -> input,
                        (input, caller) ->
                                Mono.deferContextual(view -> Mono.just(new Rig.Text(input.text() + view.get("name")))))
                .callAsync(Rig.PROBE, new Rig.Text("in"), Rig.caller())
                .map(Rig.Text::text)
                .contextWrite(context -> context.put("name", "x"));

        StepVerifier.create(call).expectNext("xx").verifyComplete();
    }

    @Test
    void manyReactiveHooks_doNotGrowTheStack() {
        for (int i = 0; i < 2_000; i++) {
            rig.reactive(
                    Rig.BEFORE,
                    HookOptions.named("h" + i),
                    context -> Mono.just(HookResult.proceed()).publishOn(Schedulers.immediate()));
        }

        StepVerifier.create(async(Rig.caller())).expectNext("out(in)").verifyComplete();
    }

    @Test
    void wait_onErrorWhoseTokenIsCancelled_letsTheErrorGoOn() {
        CancellationSource token = new CancellationSource();
        List<String> heard = new ArrayList<>();
        rig.hooks.executions(execution -> heard.add(execution.hook().name()));
        rig.reactive(
                Rig.ERROR,
                HookOptions.named("never"),
                context -> Mono.<HookResult>never().doOnSubscribe(subscription -> token.cancel()));
        rig.open(Rig.LAST, "last", context -> HookResult.proceed());

        LlmSpellException failure = rig.failure("fail", Rig.caller().limited(token, Awaiter.NO_DEADLINE));

        assertThat(failure.code().id()).isEqualTo("invalid_argument");
        assertThat(failure.getSuppressed()).singleElement().isInstanceOf(CancelledException.class);
        assertThat(heard).containsExactly("never", "last");
    }

    @Test
    void hook_thatFailsBecauseTheCallerLeft_isNotItsFault() {
        CancellationSource token = new CancellationSource();
        rig.guard(Rig.AFTER, "guard", context -> {
            token.cancel();
            throw new CancelledException("its own call");
        });

        assertThat(rig.failure("in", Rig.caller().limited(token, Awaiter.NO_DEADLINE)))
                .hasMessage("tool/probe was cancelled by its caller [cancelled]");
    }

    @Test
    void hook_thatIsInterrupted_keepsTheInterruptAndFails() {
        rig.open(Rig.BEFORE, "open", context -> {
            throw new InterruptedException("planted");
        });

        assertThat(rig.call("in")).isEqualTo("out(in)");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void asyncBody_thatThrowsInsteadOfGivingAMono_isCoded() {
        for (int round = 0; round < 2; round++) {
            Mono<Rig.Text> call = rig.passage((input, caller) -> input, (input, caller) -> {
                        throw new UnsupportedOperationException("planted");
                    })
                    .callAsync(Rig.PROBE, new Rig.Text("in"), Rig.caller());
            assertThatThrownBy(call::block).hasMessageContaining("[internal]");
            rig.open(Rig.LAST, "any" + round, context -> HookResult.proceed());
        }
    }

    @Test
    void operationWithoutAsyncBody_calledReactively_runsItsBody() {
        for (int round = 0; round < 2; round++) {
            StepVerifier.create(rig.passage((input, caller) -> new Rig.Text("done"), null)
                            .callAsync(Rig.PROBE, new Rig.Text("in"), Rig.caller())
                            .map(Rig.Text::text))
                    .expectNext("done")
                    .verifyComplete();
            rig.open(Rig.LAST, "any" + round, context -> HookResult.proceed());
        }
    }
}

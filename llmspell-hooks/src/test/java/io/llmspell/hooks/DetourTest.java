package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.concurrent.CancellationSource;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.gate.OperationTargets;
import io.llmspell.core.hook.ForkOperation;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Principal;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** What Redirect, Retry, Fork and Cache do beyond one cell of the matrix. */
class DetourTest {
    private static HookResult once(AtomicInteger asked, HookResult first) {
        return asked.getAndIncrement() == 0 ? first : HookResult.proceed();
    }

    // ---- retry ----

    @Test
    void retry_onError_runsTheWholeOperationAgainWithItsFirstInput() {
        try (Rig rig = new Rig()) {
            AtomicInteger asked = new AtomicInteger();
            List<Integer> attempts = new ArrayList<>();
            rig.open(Rig.BEFORE, "change", context -> {
                attempts.add(context.attempt());
                return HookResult.modified(context.data() + (context.attempt() == 1 ? "" : "!"));
            });
            rig.open(Rig.ERROR, "again", context -> once(asked, HookResult.retry(Duration.ZERO, 3)));

            assertThat(rig.call("fail")).isEqualTo("out(fail!)");
            assertThat(attempts).containsExactly(1, 2);
        }
    }

    @Test
    void retry_withADelay_waitsOnTheClockOfTheGate() {
        ManualTime time = new ManualTime();
        try (Rig rig = new Rig(Hooks.builder().time(time).build())) {
            AtomicInteger asked = new AtomicInteger();
            CompletableFuture<Integer> others = new CompletableFuture<>();
            rig.open(Rig.BEFORE, "later", context -> {
                others.complete(time.timers());
                return once(asked, HookResult.retry(Duration.ofSeconds(2), 3));
            });
            CompletableFuture<String> call = CompletableFuture.supplyAsync(() -> rig.call("in"), own());
            Awaitility.await().until(() -> others.isDone() && time.timers() > others.join());

            time.advance(Duration.ofMillis(1_999));
            assertThat(call).isNotDone();
            time.advance(Duration.ofMillis(1));

            assertThat(call.join()).isEqualTo("out(in)");
        }
    }

    private static Executor own() {
        return task -> new Thread(task).start();
    }

    @Test
    void retry_beyondTheLongestDelay_isRetryExhausted() {
        try (Rig rig = new Rig()) {
            rig.open(Rig.BEFORE, "slow", context -> HookResult.retry(Duration.ofSeconds(6), 3));

            assertThat(rig.failure("in")).satisfies(failure -> {
                assertThat(failure.code()).isEqualTo(ErrorCode.RETRY_EXHAUSTED);
                assertThat(failure.text()).contains("slow", "tool/probe", "PT5S");
            });
        }
    }

    @Test
    void retry_withoutBudgetLeft_letsTheErrorGoOn() {
        ManualTime time = new ManualTime();
        try (Rig rig = new Rig(Hooks.builder().time(time).build())) {
            AtomicInteger runs = new AtomicInteger();
            rig.open(Rig.BEFORE, "count", context -> {
                runs.incrementAndGet();
                return HookResult.proceed();
            });
            rig.open(Rig.ERROR, "again", context -> HookResult.retry(Duration.ZERO, 2));
            for (int i = 0; i < 100; i++) {
                assertThat(rig.call("fail")).isEqualTo("invalid_argument");
            }
            // ten are free, and one for each five calls
            assertThat(runs.get()).isBetween(100 + 10 + 15, 100 + 10 + 25);

            time.advance(Duration.ofSeconds(20));
            runs.set(0);
            rig.call("fail");
            assertThat(runs).hasValue(2);
        }
    }

    @Test
    void retry_whileItsCallerCancels_endsTheOperation() {
        try (Rig rig = new Rig();
                CancellationSource stop = new CancellationSource()) {
            rig.open(Rig.BEFORE, "later", context -> {
                stop.cancel();
                return HookResult.retry(Duration.ofSeconds(4), 3);
            });

            assertThat(rig.failure("in", Rig.caller().limited(stop, Long.MAX_VALUE))
                            .code())
                    .isEqualTo(ErrorCode.CANCELLED);
        }
    }

    @Test
    void retry_afterAVeto_isRefused() {
        try (Rig rig = new Rig()) {
            rig.guard(Rig.BEFORE, "veto", context -> HookResult.cancel("no"));
            rig.open(Rig.ERROR, "again", context -> HookResult.retry(Duration.ZERO, 3));

            assertThat(rig.call("in")).isEqualTo("operation_cancelled");
            assertThat(rig.written()).isEqualTo("check=in");
        }
    }

    @Test
    void onEnd_runsOncePerAttempt() {
        try (Rig rig = new Rig()) {
            AtomicInteger asked = new AtomicInteger();
            rig.open(Rig.BEFORE, "timer", context -> {
                context.onEnd(view -> rig.trace.add("end " + (view.error() == null ? "ok" : "failed")));
                return HookResult.proceed();
            });
            rig.open(Rig.ERROR, "again", context -> once(asked, HookResult.retry(Duration.ZERO, 3)));
            rig.call("fail");

            assertThat(rig.written()).isEqualTo("check=fail body=fail end failed check=fail body=fail end failed");
        }
    }

    // ---- redirect ----

    @Test
    void redirect_toItself_isAFailureOfTheHook() {
        try (Rig rig = new Rig()) {
            rig.open(Rig.BEFORE, "circle", context -> HookResult.redirect("probe"));
            assertThat(rig.call("in")).isEqualTo("out(in)");
        }
        try (Rig rig = new Rig()) {
            rig.guard(Rig.BEFORE, "circle", context -> HookResult.redirect("probe"));
            assertThat(rig.failure("in")).satisfies(failure -> {
                assertThat(failure.code()).isEqualTo(ErrorCode.REDIRECT_LOOP);
                assertThat(failure.text()).contains("circle", "redirects to probe");
            });
        }
    }

    @Test
    void redirect_afterThreeOthers_isRefused() {
        try (Rig rig = new Rig()) {
            rig.guard(Rig.BEFORE, "far", context -> HookResult.redirect("other"));
            Caller caller = Rig.caller();
            for (String hop : List.of("a", "b", "c")) {
                caller = caller.with(caller.lineage().redirect("tool_call/" + hop));
            }

            assertThat(rig.failure("in", caller).code()).isEqualTo(ErrorCode.REDIRECT_LOOP);
        }
    }

    @Test
    void redirect_theGuardBehind_hasTheLastWord() {
        try (Rig rig = new Rig()) {
            rig.open(Rig.FIRST, "elsewhere", context -> HookResult.redirect("other"));
            rig.guard(Rig.BEFORE, "veto", context -> HookResult.cancel("no"));

            assertThat(rig.call("in")).isEqualTo("operation_cancelled");
            assertThat(rig.written()).doesNotContain("other=");
        }
    }

    @Test
    void redirect_toATargetThatFails_isTheErrorOfTheOperation() {
        try (Rig rig = new Rig()) {
            rig.open(Rig.BEFORE, "elsewhere", context -> HookResult.redirect("bad"));
            assertThat(rig.failure("in").text()).contains("one that works");
        }
        try (Rig rig = new Rig()) { // as a fallback it cannot mend the error
            rig.open(Rig.ERROR, "elsewhere", context -> HookResult.redirect("bad"));
            assertThat(rig.failure("fail").text()).contains("something that works");
        }
    }

    @Test
    void redirect_withoutTargets_isNotAllowed() {
        try (Hooks hooks = Hooks.builder().settings(Rig.PATIENT).build()) {
            HookOptions options = Rig.closed("elsewhere");
            hooks.registry().register(Rig.BEFORE, options, context -> HookResult.redirect("other"));
            Rig rig = new Rig(hooks, false);

            assertThat(rig.failure("in").code()).isEqualTo(ErrorCode.RESULT_NOT_ALLOWED);
        }
    }

    // ---- fork ----

    @Test
    void fork_runsBesideTheBodyAndIsSeenByAfterHooks() {
        try (Rig rig = new Rig()) {
            List<Map<String, @Nullable Object>> seen = new ArrayList<>();
            rig.open(
                    Rig.BEFORE,
                    "beside",
                    context -> HookResult.fork(List.of(
                            new ForkOperation("one", OperationKind.TOOL_CALL, "copy", "x"),
                            new ForkOperation("two", OperationKind.TOOL_CALL, "bad", null))));
            rig.open(Rig.AFTER, "look", context -> {
                seen.add(Map.copyOf(context.operation().forks()));
                return HookResult.proceed();
            });

            assertThat(rig.call("in")).isEqualTo("out(in)+one,two");
            assertThat(seen).hasSize(1);
            assertThat(seen.get(0)).containsEntry("one", "copy(x)");
            assertThat(String.valueOf(seen.get(0).get("two"))).contains("invalid_argument", "one that works");
        }
    }

    @Test
    void fork_withOneIdTwice_isAFailureOfTheHook() {
        try (Rig rig = new Rig()) {
            ForkOperation one = new ForkOperation("one", OperationKind.TOOL_CALL, "copy", "x");
            rig.guard(Rig.BEFORE, "beside", context -> HookResult.fork(List.of(one, one)));

            assertThat(rig.failure("in").text()).contains("fork id is \"one\"");
        }
    }

    @Test
    void fork_insideThreeForks_isRefused() {
        try (Rig rig = new Rig()) {
            ForkOperation one = new ForkOperation("one", OperationKind.TOOL_CALL, "copy", "x");
            rig.guard(Rig.BEFORE, "beside", context -> HookResult.fork(List.of(one)));
            Caller caller = Rig.caller();
            Caller deep = caller.with(caller.lineage().fork().fork().fork());

            assertThat(rig.failure("in", deep).code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
        }
    }

    @Test
    void fork_thatNeverEnds_isCancelledWithItsCaller() {
        try (Hooks hooks = Hooks.builder().settings(Rig.PATIENT).build();
                CancellationSource stop = new CancellationSource()) {
            AtomicInteger cancelled = new AtomicInteger();
            hooks.targets(new OperationTargets() {
                @Override
                public Mono<Outcome> start(OperationKind kind, String target, @Nullable Object input, Caller caller) {
                    return Mono.<Outcome>never().doOnCancel(cancelled::incrementAndGet);
                }

                @Override
                public Set<OperationKind> kinds() {
                    return Set.of(OperationKind.TOOL_CALL);
                }
            });
            Rig rig = new Rig(hooks, false);
            ForkOperation one = new ForkOperation("one", OperationKind.TOOL_CALL, "never", null);
            rig.open(Rig.BEFORE, "beside", context -> HookResult.fork(List.of(one)));
            CompletableFuture<String> call = CompletableFuture.supplyAsync(
                    () -> {
                        Rig.Text input = new Rig.Text("in");
                        return rig.passage
                                .call(Rig.PROBE, input, Rig.caller().limited(stop, Long.MAX_VALUE))
                                .text();
                    },
                    own());
            Awaitility.await().until(() -> rig.trace.contains("body=in"));
            stop.cancel();

            assertThat(call.join()).isEqualTo("out(in)+one");
            Awaitility.await().untilAtomic(cancelled, org.hamcrest.Matchers.equalTo(1));
        }
    }

    @Test
    void fork_thatNeverEnds_isCancelledWhenItsSubscriberLeaves() {
        AtomicInteger cancelled = new AtomicInteger();
        try (Hooks hooks = Hooks.builder().settings(Rig.PATIENT).build()) {
            hooks.targets(new OperationTargets() {
                @Override
                public Mono<Outcome> start(OperationKind kind, String target, @Nullable Object input, Caller caller) {
                    return Mono.<Outcome>never().doOnCancel(cancelled::incrementAndGet);
                }

                @Override
                public Set<OperationKind> kinds() {
                    return Set.of(OperationKind.TOOL_CALL);
                }
            });
            Rig rig = new Rig(hooks, false);
            ForkOperation one = new ForkOperation("one", OperationKind.TOOL_CALL, "never", null);
            rig.open(Rig.FIRST, "beside", context -> HookResult.fork(List.of(one)));
            rig.reactive(Rig.BEFORE, Rig.at("never", 0), context -> {
                rig.trace.add("waits");
                return Mono.never();
            });
            rig.open(Rig.LAST, "last", context -> {
                rig.trace.add("last");
                return HookResult.proceed();
            });

            reactor.core.Disposable call = rig.passage
                    .callAsync(Rig.PROBE, new Rig.Text("in"), Rig.caller())
                    .subscribe();
            Awaitility.await().until(() -> rig.trace.contains("waits"));
            call.dispose();

            Awaitility.await().untilAtomic(cancelled, org.hamcrest.Matchers.equalTo(1));
            Awaitility.await().until(() -> rig.trace.contains("last"));
            assertThat(rig.trace).doesNotContain("body=in");
        }
    }

    /** Timers have one thread, and hooks and bodies may block. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void retry_afterAWait_goesOnOnAThreadThatMayBlock(boolean reactive) {
        try (Rig rig = new Rig(Hooks.builder().settings(Rig.PATIENT).build())) {
            List<String> threads = new ArrayList<>();
            rig.open(
                    Rig.AFTER,
                    "again",
                    context ->
                            context.attempt() == 1 ? HookResult.retry(Duration.ofMillis(20), 2) : HookResult.proceed());
            rig.open(Rig.BEFORE, "look", context -> {
                threads.add(Thread.currentThread().getName());
                return HookResult.proceed();
            });

            assertThat(reactive ? rig.callAsync("in") : rig.call("in")).isEqualTo("out(in)");
            assertThat(threads).hasSize(2).doesNotContain("llmspell-timer");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fork_inEachAttempt_isOneOfThatAttempt(boolean reactive) {
        try (Rig rig = new Rig()) {
            HookHandle beside = rig.open(
                    Rig.BEFORE,
                    "beside",
                    context -> HookResult.fork(
                            List.of(new ForkOperation("one", OperationKind.TOOL_CALL, "other", context.attempt()))));
            rig.open(Rig.LAST, "look", context -> {
                rig.trace.add("forks=" + context.operation().forks());
                return HookResult.proceed();
            });
            rig.open(
                    Rig.AFTER,
                    "again",
                    context -> context.attempt() == 1 ? HookResult.retry(Duration.ZERO, 2) : HookResult.proceed());

            assertThat(reactive ? rig.callAsync("in") : rig.call("in")).isEqualTo("out(in)+one");
            assertThat(beside.metrics().lastError()).isNull();
            assertThat(rig.trace).contains("forks={one=other(1)}", "forks={one=other(2)}");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void redirect_toWhatCannotStart_isAnErrorOfTheOperation(boolean reactive) {
        try (Hooks hooks = Hooks.builder().settings(Rig.PATIENT).build()) {
            hooks.targets(new OperationTargets() {
                @Override
                public Mono<Outcome> start(OperationKind kind, String target, @Nullable Object input, Caller caller) {
                    throw new ArgumentException("target", target, "one that exists");
                }

                @Override
                public Set<OperationKind> kinds() {
                    return Set.of(OperationKind.TOOL_CALL);
                }
            });
            Rig rig = new Rig(hooks, false);
            for (io.llmspell.core.hook.HookPoint point : List.of(Rig.BEFORE, Rig.AFTER, Rig.ERROR)) {
                String input = point.equals(Rig.ERROR) ? "fail" : "in";
                try (HookHandle handle = rig.open(point, "redirect", context -> HookResult.redirect("gone"))) {
                    assertThat(reactive ? rig.callAsync(input) : rig.call(input))
                            .as(point.toString())
                            .isEqualTo("invalid_argument");
                    assertThat(handle.metrics().count()).as(point.toString()).isOne();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void retry_atOnceAndForEver_ends(boolean reactive) {
        try (Rig rig = new Rig()) {
            rig.guard(Rig.FIRST, "again", context -> HookResult.retry(Duration.ZERO, Integer.MAX_VALUE));

            assertThat(reactive ? rig.callAsync("in") : rig.call("in")).isEqualTo("retry_exhausted");
            assertThat(rig.failure("in").text()).contains("it may run 1000 times in all");
        }
    }

    // ---- cache ----

    @Test
    void cache_theSecondTime_answersWithoutTheBody() {
        ManualTime time = new ManualTime();
        try (Rig rig = new Rig(Hooks.builder().time(time).build())) {
            rig.open(Rig.BEFORE, "keep", context -> HookResult.cache(null, Duration.ofSeconds(10)));
            rig.call("in");
            assertThat(rig.written()).isEqualTo("check=in body=in");
            assertThat(rig.call("in")).isEqualTo("out(in)");
            assertThat(rig.written()).isEqualTo("check=in");
            assertThat(rig.call("other")).isEqualTo("out(other)");

            time.advance(Duration.ofSeconds(11));
            rig.written();
            rig.call("in");
            assertThat(rig.written()).isEqualTo("check=in body=in");
        }
    }

    @Test
    void cache_ofAnOutputThatIsRejected_keepsNothing() {
        try (Rig rig = new Rig()) {
            rig.open(Rig.BEFORE, "keep", context -> HookResult.cache("key", Duration.ofSeconds(10)));
            AtomicInteger asked = new AtomicInteger();
            rig.open(Rig.AFTER, "again", context -> once(asked, HookResult.retry(Duration.ZERO, 3)));
            rig.call("in");

            assertThat(rig.written()).isEqualTo("check=in body=in check=in body=in");
        }
    }

    @Test
    void cache_ofAnotherPrincipal_isNotSeen() {
        try (Rig rig = new Rig()) {
            rig.open(Rig.BEFORE, "keep", context -> HookResult.cache("key", Duration.ofSeconds(10)));
            rig.call("in");
            rig.written();
            rig.passage.call(
                    Rig.PROBE, new Rig.Text("in"), Rig.caller().as(new Principal.RuntimePart("somebody else")));

            assertThat(rig.written()).isEqualTo("check=in body=in");
        }
    }

    @Test
    void cache_withAFill_answersAtOnce() {
        try (Rig rig = new Rig()) {
            HookResult fill = new HookResult.Cache("key", Duration.ofSeconds(10), new Outcome("filled"));
            rig.open(Rig.BEFORE, "keep", context -> fill);

            assertThat(rig.call("in")).isEqualTo("filled");
        }
    }

    @Test
    void cache_hit_stillMeetsTheGuardsBehind() {
        try (Rig rig = new Rig()) {
            AtomicInteger asked = new AtomicInteger();
            rig.open(Rig.FIRST, "keep", context -> HookResult.cache("key", Duration.ofSeconds(10)));
            rig.guard(
                    Rig.BEFORE,
                    "veto",
                    context -> asked.getAndIncrement() == 0 ? HookResult.proceed() : HookResult.cancel("no"));
            assertThat(rig.call("in")).isEqualTo("out(in)");

            assertThat(rig.call("in")).isEqualTo("operation_cancelled");
        }
    }

    // ---- a guard that reserves ----

    @Test
    void guard_thatReserves_isNotAskedAgain() {
        try (Rig rig = new Rig()) {
            AtomicInteger asked = new AtomicInteger();
            rig.guard(Rig.FIRST, "permit", new io.llmspell.core.hook.Hook() {
                @Override
                public HookResult execute(io.llmspell.core.hook.HookContext context) {
                    asked.incrementAndGet();
                    return HookResult.proceed();
                }

                @Override
                public boolean reserves() {
                    return true;
                }
            });
            rig.open(Rig.BEFORE, "change", context -> HookResult.modified("new"));
            rig.call("in");

            assertThat(asked).hasValue(1);
        }
    }
}

package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.concurrent.CancellationSource;
import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.hook.AroundHook;
import io.llmspell.core.hook.BreakerState;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Around-hooks; each test calls both ways where the way can matter. */
@Timeout(30)
class AroundTest {
    private static final HookPoint AROUND = HookPoint.around(OperationKind.TOOL_CALL);

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private HookHandle open(String name, AroundHook hook) {
        return rig.hooks.registry().registerAround(OperationKind.TOOL_CALL, HookOptions.named(name), hook);
    }

    private HookHandle closed(String name, AroundHook hook) {
        return rig.hooks.registry().registerAround(OperationKind.TOOL_CALL, Rig.closed(name), hook);
    }

    private String call(boolean reactive, String input) {
        return reactive ? rig.callAsync(input) : rig.call(input);
    }

    private AroundHook writing(String name) {
        return (context, rest) -> Mono.defer(() -> {
                    rig.trace.add(name + ">");
                    return rest;
                })
                .doFinally(signal -> rig.trace.add("<" + name));
    }

    private static AroundHook answering(String text) {
        return (context, rest) -> Mono.just(new Outcome(text));
    }

    private static AroundHook changing(String text) {
        return (context, rest) -> rest.thenReturn(new Outcome(text));
    }

    private static AroundHook rescuing(String text) {
        return (context, rest) -> rest.onErrorReturn(new Outcome(text));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aroundHooks_encloseChecksAndHooks_andUnwindInReverse(boolean reactive) {
        open("b", writing("b"));
        open("c", writing("c"));
        open("a", writing("a"));
        rig.open(Rig.BEFORE, "before", context -> {
            rig.trace.add("before");
            return HookResult.proceed();
        });

        assertThat(call(reactive, "in")).isEqualTo("out(in)");
        assertThat(rig.written()).isEqualTo("a> b> c> check=in before body=in <c <b <a");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void error_thatTheHookPassesThrough_isTheOperationsOwn(boolean reactive) {
        open("a", (context, rest) -> rest);
        HookHandle handle = open("b", (context, rest) -> rest.map(outcome -> outcome));

        assertThat(call(reactive, "fail")).isEqualTo("invalid_argument");
        assertThat(handle.metrics().failures()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void outcome_passedThroughUnchanged_isNotReadAgain(boolean reactive) {
        open("a", (context, rest) -> rest);

        assertThat(call(reactive, "invalid")).isEqualTo("out(invalid)");
        assertThat(rig.written()).isEqualTo("check=invalid body=invalid");
    }

    // ---- failures ----

    private static List<AroundHook> brokenBefore() {
        return List.of(
                (context, rest) -> {
                    throw new UnsupportedOperationException("planted");
                },
                (context, rest) -> {
                    throw new NoClassDefFoundError("Planted");
                },
                (context, rest) -> Mono.error(new java.io.IOException("planted")),
                (context, rest) -> Mono.empty(),
                (context, rest) -> null,
                (context, rest) -> Mono.just(new Outcome("invalid")),
                (context, rest) -> Mono.just(new Outcome(new Object())));
    }

    private static List<AroundHook> brokenAfter() {
        return List.of(
                (context, rest) -> rest.map(outcome -> {
                    throw new UnsupportedOperationException("planted");
                }),
                (context, rest) -> rest.then(Mono.empty()),
                (context, rest) -> rest.thenReturn(new Outcome("invalid")),
                (context, rest) -> rest.map(outcome -> {
                    List<Object> cycle = new ArrayList<>();
                    cycle.add(cycle);
                    return new Outcome(cycle);
                }));
    }

    @Test
    void observer_thatFailsBeforeItHandsOn_isLeftOut() {
        for (AroundHook broken : brokenBefore()) {
            for (boolean reactive : new boolean[] {false, true}) {
                try (HookHandle handle = open("broken", broken)) {
                    assertThat(call(reactive, "in")).isEqualTo("out(in)");
                    assertThat(rig.written()).isEqualTo("check=in body=in");
                    assertThat(handle.metrics().failures()).isOne();
                }
            }
        }
    }

    @Test
    void observer_thatFailsAfterwards_letsTheOutcomeStand() {
        for (AroundHook broken : brokenAfter()) {
            for (boolean reactive : new boolean[] {false, true}) {
                try (HookHandle handle = open("broken", broken)) {
                    assertThat(call(reactive, "in")).isEqualTo("out(in)");
                    assertThat(rig.written()).isEqualTo("check=in body=in");
                    assertThat(handle.metrics().failures()).isOne();
                }
            }
        }
    }

    @Test
    void guard_thatFailsBeforeItHandsOn_refuses() {
        for (AroundHook broken : brokenBefore()) {
            for (boolean reactive : new boolean[] {false, true}) {
                try (HookHandle handle = closed("broken", broken)) {
                    assertThat(call(reactive, "in")).isIn("hook_failed", "invalid_hook_result");
                    assertThat(rig.written()).isEmpty();
                    assertThat(handle.metrics().failures()).isOne();
                }
            }
        }
    }

    @Test
    void guard_thatFailsAfterwards_withholdsTheOutcome() {
        for (AroundHook broken : brokenAfter()) {
            for (boolean reactive : new boolean[] {false, true}) {
                try (HookHandle handle = closed("broken", broken)) {
                    assertThat(call(reactive, "in")).isIn("hook_failed", "invalid_hook_result");
                    assertThat(rig.written()).isEqualTo("check=in body=in");
                    assertThat(handle.metrics().failures()).isOne();
                }
            }
        }
    }

    @Test
    void quarantinedHook_afterItsFailure_isDisabled() {
        HookOptions options = HookOptions.builder("weak")
                .failurePolicy(FailurePolicy.QUARANTINE)
                .build();
        HookHandle handle =
                rig.hooks.registry().registerAround(OperationKind.TOOL_CALL, options, (context, rest) -> Mono.empty());

        assertThat(rig.call("in")).isEqualTo("out(in)");
        assertThat(handle.info().enabled()).isFalse();
        assertThat(rig.call("in")).isEqualTo("out(in)");
        assertThat(handle.metrics().failures()).isOne();
    }

    @Test
    void breaker_open_skipsAnObserverAndLetsAGuardRefuse() {
        HookHandle handle = open("broken", (context, rest) -> Mono.empty());
        for (int i = 0; i < 5; i++) {
            assertThat(rig.call("in")).isEqualTo("out(in)");
        }
        assertThat(handle.metrics().failures()).isEqualTo(3);
        assertThat(handle.metrics().notStarted()).isEqualTo(2);

        closed("guard", (context, rest) -> Mono.empty());
        for (int i = 0; i < 3; i++) {
            assertThat(rig.call("in")).isEqualTo("invalid_hook_result");
        }
        assertThat(rig.call("in")).isEqualTo("hook_unavailable");
    }

    @Test
    void rest_subscribedTwice_runsOnce() {
        HookHandle handle = open("twice", (context, rest) -> rest.then(rest));

        assertThat(rig.call("in")).isEqualTo("out(in)");
        assertThat(rig.written()).isEqualTo("check=in body=in");
        assertThat(handle.metrics().lastError()).contains("subscribed to the rest of the operation twice");

        List<String> codes = new ArrayList<>();
        handle.close();
        open(
                "again",
                (context, rest) -> rest.then(rest.onErrorResume(LlmSpellException.class, refused -> {
                    codes.add(refused.code().id());
                    return Mono.just(new Outcome("mended"));
                })));
        assertThat(rig.callAsync("in")).isEqualTo("mended");
        assertThat(codes).containsExactly("invalid_state");
        assertThat(rig.written()).startsWith("check=in body=in");
    }

    // ---- other results inside ----

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void retry_inside_isOneRunForTheHook(boolean reactive) {
        open("a", writing("a"));
        rig.open(
                Rig.AFTER,
                "again",
                context -> context.attempt() < 3 ? HookResult.retry(Duration.ZERO, 3) : HookResult.proceed());

        assertThat(call(reactive, "in")).isEqualTo("out(in)");
        assertThat(rig.written()).isEqualTo("a> check=in body=in check=in body=in check=in body=in <a");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void outcome_ofRedirectAndCache_passesThroughToo(boolean reactive) {
        open("a", writing("a"));
        try (HookHandle redirect = rig.open(Rig.BEFORE, "redirect", context -> HookResult.redirect("other"))) {
            assertThat(call(reactive, "in")).isEqualTo("other(in)");
        }
        rig.open(Rig.BEFORE, "cache", context -> HookResult.cache("k", Duration.ofMinutes(1)));
        assertThat(call(reactive, "one")).isEqualTo("out(one)");
        assertThat(call(reactive, "two")).isEqualTo("out(one)");
        assertThat(rig.written()).isEqualTo("a> check=in other=in <a a> check=one body=one <a a> check=two <a");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answer_inPlaceOfAnError_isAFallback(boolean reactive) {
        open("fallback", rescuing("instead"));

        assertThat(call(reactive, "fail")).isEqualTo("instead");
        assertThat(call(reactive, "in")).isEqualTo("out(in)");
    }

    // ---- what guards and promises have said ----

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusalOfAGuard_cannotBeRescued(boolean reactive) {
        open("fallback", rescuing("escaped"));
        try (HookHandle veto = rig.open(Rig.BEFORE, "veto", context -> HookResult.cancel("no"))) {
            assertThat(call(reactive, "in")).isEqualTo("operation_cancelled");
        }
        try (HookHandle broken = rig.guard(Rig.BEFORE, "broken", context -> null)) {
            assertThat(call(reactive, "in")).isEqualTo("invalid_hook_result");
        }
        try (HookHandle withheld = rig.guard(Rig.AFTER, "withheld", context -> HookResult.cancel("secret"))) {
            assertThat(call(reactive, "in")).isEqualTo("operation_cancelled");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusalOfAPromise_cannotBeRescued(boolean reactive) {
        open("fallback", rescuing("escaped"));

        assertThat(call(reactive, "forbidden")).isEqualTo("invalid_argument");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answer_withoutTheOperation_passesPromisesAndGuards(boolean reactive) {
        open("answer", answering("ans"));
        rig.guard(
                Rig.BEFORE,
                "input",
                context -> "evil".equals(context.data()) ? HookResult.cancel("no") : HookResult.proceed());
        rig.guard(Rig.AFTER, "output", context -> {
            rig.trace.add("judged=" + context.data() + "," + context.operation().replaced());
            return HookResult.proceed();
        });
        rig.open(Rig.AFTER, "observer", context -> {
            throw new AssertionError("observers are not asked about an answer from around the operation");
        });

        assertThat(call(reactive, "in")).isEqualTo("ans");
        assertThat(rig.written()).isEqualTo("check=in judged=ans,true");
        assertThat(call(reactive, "evil")).isEqualTo("operation_cancelled");
        assertThat(call(reactive, "forbidden")).isEqualTo("invalid_argument");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void outcome_changedAfterwards_isJudgedOnceMore(boolean reactive) {
        List<String> ends = new ArrayList<>();
        rig.guard(Rig.BEFORE, "input", context -> {
            rig.trace.add("input");
            context.putMetadata("note", "kept");
            return HookResult.proceed();
        });
        rig.guard(Rig.AFTER, "output", context -> {
            String note = context.metadata().get("note");
            context.onEnd(view -> ends.add(context.operation().id()));
            rig.trace.add("judged=" + context.data() + "," + note);
            return "evil".equals(context.data()) ? HookResult.cancel("no") : HookResult.proceed();
        });
        try (HookHandle good = open("change", changing("good"))) {
            assertThat(call(reactive, "in")).isEqualTo("good");
        }
        assertThat(rig.written()).isEqualTo("check=in input body=in judged=out(in),kept judged=good,kept");
        assertThat(ends).hasSize(2);
        assertThat(ends.get(0)).isEqualTo(ends.get(1));
        try (HookHandle evil = open("change", changing("evil"))) {
            assertThat(call(reactive, "in")).isEqualTo("operation_cancelled");
        }
        try (HookHandle evil = open("change", rescuing("evil"))) {
            assertThat(call(reactive, "fail")).isEqualTo("operation_cancelled");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void guard_thatReserves_isNotAskedTwice(boolean reactive) {
        int[] reserved = new int[1];
        rig.guard(Rig.BEFORE, "limit", new io.llmspell.core.hook.Hook() {
            @Override
            public HookResult execute(HookContext context) {
                reserved[0]++;
                return HookResult.proceed();
            }

            @Override
            public boolean reserves() {
                return true;
            }
        });
        try (HookHandle change = open("change", changing("good"))) {
            assertThat(call(reactive, "in")).isEqualTo("good");
        }
        assertThat(reserved[0]).isOne();
        try (HookHandle answer = open("answer", answering("ans"))) {
            assertThat(call(reactive, "in")).isEqualTo("ans");
        }
        assertThat(reserved[0]).isEqualTo(2);
    }

    // ---- guards around ----

    private static String told(LlmSpellException problem) {
        return problem.code().id() + " " + problem.details().get("hook");
    }

    /** What the audit log hears. */
    private List<String> refusals() {
        List<String> heard = new CopyOnWriteArrayList<>();
        rig.hooks.news(new HookListener() {
            @Override
            public void executed(HookExecution execution) {}

            @Override
            public void refused(HookInfo hook, Component component, Caller caller, LlmSpellException problem) {
                heard.add(hook.name() + " " + component + " " + caller.correlation() + " " + told(problem));
            }
        });
        return heard;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusalOfAGuardAround_isTold(boolean reactive) {
        List<String> heard = refusals();
        for (List<AroundHook> broken : List.of(brokenBefore(), brokenAfter())) {
            for (AroundHook hook : broken) {
                try (HookHandle handle = closed("guard", hook)) {
                    String code = call(reactive, "in");
                    assertThat(heard).containsExactly("guard tool/probe run-1 " + code + " guard");
                }
                heard.clear();
            }
        }
        closed("guard", (context, rest) -> Mono.empty());
        for (int i = 0; i < 4; i++) {
            call(reactive, "in");
        }
        assertThat(heard).hasSize(4).last().asString().contains("hook_unavailable");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusalOfAGuardAround_cannotBeRescuedFurtherOut(boolean reactive) {
        open("a-fallback", rescuing("escaped"));
        for (List<AroundHook> broken : List.of(brokenBefore(), brokenAfter())) {
            for (AroundHook hook : broken) {
                try (HookHandle handle = closed("guard", hook)) {
                    assertThat(call(reactive, "in")).isIn("hook_failed", "invalid_hook_result");
                }
            }
        }
    }

    /** Refuses the input and the outcome {@code evil}, and counts how often it was asked. */
    private AroundHook judging(AtomicInteger asked) {
        return (context, rest) -> {
            asked.incrementAndGet();
            if ("evil".equals(context.operation().input())) {
                return Mono.error(new UnsupportedOperationException("no"));
            }
            return rest.doOnNext(outcome -> {
                if ("evil".equals(outcome.json())) {
                    throw new UnsupportedOperationException("no");
                }
            });
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answerFurtherOut_stillPassesTheGuardAround(boolean reactive) {
        AtomicInteger asked = new AtomicInteger();
        closed("guard", judging(asked));
        try (HookHandle answer = open("a-answer", answering("ans"))) {
            assertThat(call(reactive, "in")).isEqualTo("ans");
            assertThat(asked).hasValue(1);
            assertThat(rig.written()).isEqualTo("check=in");
            assertThat(call(reactive, "evil")).isEqualTo("hook_failed");
        }
        try (HookHandle answer = open("a-answer", answering("evil"))) {
            assertThat(call(reactive, "in")).isEqualTo("hook_failed");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void outcomeChangedFurtherOut_isJudgedOnceMoreByTheGuardAround(boolean reactive) {
        List<String> heard = refusals();
        AtomicInteger asked = new AtomicInteger();
        closed("guard", judging(asked));
        try (HookHandle good = open("a-change", changing("good"))) {
            assertThat(call(reactive, "in")).isEqualTo("good");
            assertThat(rig.written()).isEqualTo("check=in body=in");
            assertThat(asked).hasValue(2);
        }
        try (HookHandle evil = open("a-change", changing("evil"))) {
            assertThat(call(reactive, "in")).isEqualTo("hook_failed");
        }
        try (HookHandle rescued = open("a-change", rescuing("good"))) {
            assertThat(call(reactive, "fail")).isEqualTo("good");
        }
        try (HookHandle rescued = open("a-change", rescuing("evil"))) {
            assertThat(call(reactive, "fail")).isEqualTo("hook_failed");
        }
        assertThat(heard).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void outcomeChangedFurtherIn_isJudgedOnce(boolean reactive) {
        AtomicInteger asked = new AtomicInteger();
        closed("guard", judging(asked));
        open("z-change", changing("good"));

        assertThat(call(reactive, "in")).isEqualTo("good");
        assertThat(asked).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void guardAround_askedOnceMore_mayOnlyAgreeOrRefuse(boolean reactive) {
        open("a-change", changing("good"));
        closed(
                "guard",
                (context, rest) ->
                        rest.map(outcome -> "good".equals(outcome.json()) ? new Outcome("of the guard") : outcome));

        assertThat(call(reactive, "in")).isEqualTo("hook_failed");
        assertThat(rig.hooks.registry().metrics("guard").lastError()).contains("replace");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void observerAround_thatFails_isNoRefusal(boolean reactive) {
        List<String> heard = refusals();
        open("broken", (context, rest) -> Mono.empty());
        closed("guard", (context, rest) -> rest);

        assertThat(call(reactive, "in")).isEqualTo("out(in)");
        assertThat(call(reactive, "fail")).isEqualTo("invalid_argument");
        assertThat(heard).isEmpty();
    }

    @Test
    void caller_whoGivesUp_isNoFailureOfTheHookAndNoRefusal() {
        List<String> heard = refusals();
        HookHandle handle = closed("slow", (context, rest) -> Mono.never());
        for (int i = 0; i < 5; i++) {
            rig.passage
                    .callAsync(Rig.PROBE, new Rig.Text("in"), Rig.caller())
                    .subscribe()
                    .dispose();
        }

        assertThat(handle.metrics().failures()).isZero();
        assertThat(handle.metrics().notStarted()).isEqualTo(5);
        assertThat(handle.metrics().breaker()).isEqualTo(BreakerState.CLOSED);
        assertThat(heard).isEmpty();
    }

    @Test
    void hook_late_isCancelled() {
        ManualTime time = new ManualTime();
        try (Rig slow = timed(time)) {
            CompletableFuture<String> cancelled = new CompletableFuture<>();
            slow.hooks
                    .registry()
                    .registerAround(
                            OperationKind.TOOL_CALL,
                            HookOptions.named("slow"),
                            (context, rest) ->
                                    Mono.<Outcome>never().doOnCancel(() -> cancelled.complete("the hook is let go")));
            CompletableFuture<Rig.Text> call = slow.passage
                    .callAsync(Rig.PROBE, new Rig.Text("in"), Rig.caller())
                    .toFuture();
            time.advance(Duration.ofMillis(120));

            assertThat(call).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(new Rig.Text("out(in)"));
            assertThat(cancelled).succeedsWithin(Duration.ofSeconds(10));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hook_thatGivesUpTheRest_endsTheOperation(boolean reactive) {
        CompletableFuture<String> ended = new CompletableFuture<>();
        Passage<Rig.Text, Rig.Text> endless = rig.passage(
                (input, caller) -> input,
                (input, caller) -> Mono.<Rig.Text>never().doOnCancel(() -> ended.complete("cancelled")));
        // a synchronous body is there at once, however slow the machine is; the other never comes
        Duration patience = reactive ? Duration.ofMillis(20) : Duration.ofSeconds(20);
        open("impatient", (context, rest) -> rest.timeout(patience));
        if (!reactive) {
            assertThat(endless.call(Rig.PROBE, new Rig.Text("in"), Rig.caller()).text())
                    .isEqualTo("in");
            return;
        }

        assertThatThrownBy(() -> endless.callAsync(Rig.PROBE, new Rig.Text("in"), Rig.caller())
                        .block(Duration.ofSeconds(10)))
                .isInstanceOf(CancelledException.class);
        assertThat(ended).succeedsWithin(Duration.ofSeconds(10));
    }

    // ---- the context ----

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void context_beforeAndAfterwards_isThatOfTheHook(boolean reactive) {
        AtomicReference<@Nullable HookContext> kept = new AtomicReference<>();
        rig.open(Rig.AFTER, "inside", context -> HookResult.proceed());
        open("a", (context, rest) -> {
            kept.set(context);
            rig.trace.add(context.point() + " " + context.data());
            return rest.doOnNext(outcome -> rig.trace.add(context.point() + " "
                    + context.operation().output() + " " + context.caller().hookChain()));
        });

        assertThat(call(reactive, "in")).isEqualTo("out(in)");
        assertThat(rig.written())
                .isEqualTo(AROUND + " in check=in body=in " + AROUND + " out(in) [\"a\" at " + AROUND + "]");
        HookContext context = kept.get();
        assertThat(context).isNotNull();
        assertThatThrownBy(context::point).hasMessageEndingWith("[invalid_state]");
        assertThatThrownBy(context::data).hasMessageEndingWith("[invalid_state]");
    }

    // ---- time ----

    private static Rig timed(ManualTime time) {
        return new Rig(Hooks.builder().time(time).build());
    }

    @Test
    void time_ofTheRest_isNotTheHooks() {
        ManualTime time = new ManualTime();
        try (Rig slow = timed(time)) {
            HookHandle handle = slow.hooks
                    .registry()
                    .registerAround(OperationKind.TOOL_CALL, Rig.closed("a"), (context, rest) -> {
                        time.advance(Duration.ofMillis(30));
                        return rest.doOnNext(outcome -> time.advance(Duration.ofMillis(20)));
                    });
            slow.open(Rig.BEFORE, "inside", context -> {
                time.advance(Duration.ofMillis(60));
                return HookResult.proceed();
            });
            slow.open(Rig.AFTER, "inside", context -> {
                time.advance(Duration.ofMillis(60));
                return HookResult.proceed();
            });

            assertThat(slow.call("in")).isEqualTo("out(in)");
            assertThat(handle.metrics().total()).isEqualTo(Duration.ofMillis(50));
            assertThat(handle.metrics().failures()).isZero();
        }
    }

    @Test
    void hook_lateBeforeItHandsOn_isLeftOutOrRefuses_andCannotHandOnLater() {
        for (FailurePolicy policy : List.of(FailurePolicy.FAIL_OPEN, FailurePolicy.FAIL_CLOSED)) {
            ManualTime time = new ManualTime();
            try (Rig slow = timed(time)) {
                CompletableFuture<String> later = new CompletableFuture<>();
                AtomicReference<String> handedOn = new AtomicReference<>("");
                HookOptions options =
                        HookOptions.builder("slow").failurePolicy(policy).build();
                slow.hooks
                        .registry()
                        .registerAround(
                                OperationKind.TOOL_CALL,
                                options,
                                (context, rest) -> Mono.fromFuture(
                                        Mono.fromFuture(later, true)
                                                .then(rest)
                                                .doOnError(
                                                        failure -> handedOn.set(String.valueOf(failure.getMessage())))
                                                .toFuture(),
                                        true)); // deaf to its end
                CompletableFuture<String> call = slow.passage
                        .callAsync(Rig.PROBE, new Rig.Text("in"), Rig.caller())
                        .map(Rig.Text::text)
                        .onErrorResume(
                                LlmSpellException.class,
                                failure -> Mono.just(failure.code().id()))
                        .toFuture();
                time.advance(Duration.ofMillis(99));
                assertThat(call).isNotDone();
                time.advance(Duration.ofMillis(20));

                boolean open = policy == FailurePolicy.FAIL_OPEN;
                assertThat(call).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(open ? "out(in)" : "hook_timeout");
                slow.written();
                later.complete("now");
                assertThat(handedOn.get()).contains("twice or too late");
                assertThat(slow.written()).isEmpty();
            }
        }
    }

    @Test
    void hook_lateAfterwards_letsTheOutcomeStandOrWithholdsIt() {
        for (FailurePolicy policy : List.of(FailurePolicy.FAIL_OPEN, FailurePolicy.FAIL_CLOSED)) {
            ManualTime time = new ManualTime();
            try (Rig slow = timed(time)) {
                HookOptions options =
                        HookOptions.builder("slow").failurePolicy(policy).build();
                slow.hooks
                        .registry()
                        .registerAround(OperationKind.TOOL_CALL, options, (context, rest) -> rest.then(Mono.never()));
                CompletableFuture<String> call = slow.passage
                        .callAsync(Rig.PROBE, new Rig.Text("in"), Rig.caller())
                        .map(Rig.Text::text)
                        .onErrorResume(
                                LlmSpellException.class,
                                failure -> Mono.just(failure.code().id()))
                        .toFuture();
                assertThat(slow.written()).isEqualTo("check=in body=in");
                time.advance(Duration.ofMillis(120));

                boolean open = policy == FailurePolicy.FAIL_OPEN;
                assertThat(call).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(open ? "out(in)" : "hook_timeout");
                assertThat(slow.written()).isEmpty();
            }
        }
    }

    @Test
    void caller_whoStopsWaiting_isNotFollowedByTheOperation() {
        CancellationSource token = new CancellationSource();
        CompletableFuture<String> later = new CompletableFuture<>();
        open("slow", (context, rest) -> {
            Mono.delay(Duration.ofMillis(50), Schedulers.boundedElastic()).subscribe(tick -> token.cancel());
            return Mono.fromFuture(later, true).then(rest);
        });
        Caller caller = Rig.caller().limited(token, io.llmspell.core.concurrent.Awaiter.NO_DEADLINE);

        assertThat(rig.failure("in", caller).code().id()).isEqualTo("cancelled");
        later.complete("now");
        assertThat(rig.written()).isEmpty();
    }

    @Test
    void time_ofHooksAfterAndAroundTheBody_countsForTheShare() {
        ManualTime time = new ManualTime();
        try (Rig slow = timed(time)) {
            slow.open(Rig.AFTER, "after", context -> {
                time.advance(Duration.ofMillis(10));
                return HookResult.proceed();
            });
            slow.open(Rig.BEFORE, "before", context -> {
                time.advance(Duration.ofMillis(5));
                return HookResult.proceed();
            });
            slow.hooks.registry().registerAround(OperationKind.TOOL_CALL, HookOptions.named("a"), (context, rest) -> {
                time.advance(Duration.ofMillis(20));
                return rest;
            });
            var passage = slow.passage(
                    (input, caller) -> {
                        time.advance(Duration.ofMillis(100));
                        return input;
                    },
                    null);
            passage.call(Rig.PROBE, new Rig.Text("in"), Rig.caller());

            assertThat(((GateImpl) slow.hooks.gate()).shares().percent("tool/probe"))
                    .isEqualTo(35);
        }
    }
}

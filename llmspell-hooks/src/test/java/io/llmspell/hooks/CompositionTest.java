package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ConfigException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.BreakerState;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.json.JsonObject;
import io.llmspell.testing.hook.FakeHookContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

class CompositionTest {
    private static final Hook GOES_ON = context -> HookResult.proceed();
    private static final Hook SKIPS = context -> HookResult.skipped("not mine");
    private static final Hook FAILS = context -> {
        throw new ArgumentException("broken");
    };

    private final Rig rig = new Rig();
    private final List<String> asked = new ArrayList<>();

    @AfterEach
    void close() {
        rig.close();
    }

    private static Hook gives(HookResult result) {
        return context -> result;
    }

    private static Hook cancels(String reason) {
        return gives(HookResult.cancel(reason));
    }

    private Composition build(CompositionMode mode, Hook... children) {
        CompositionBuilder builder = Composition.of(mode);
        for (int i = 0; i < children.length; i++) {
            String name = "c" + i;
            Hook child = children[i];
            builder.child(patient(name), context -> {
                asked.add(name);
                return child.execute(context);
            });
        }
        return builder.build(rig.hooks);
    }

    /** A child that the load of the machine does not cut off. */
    private static HookOptions patient(String name) {
        return HookOptions.builder(name).timeout(Duration.ofMinutes(1)).build();
    }

    private static HookContext context(Object data) {
        return FakeHookContext.at(HookPoint.BEFORE_TOOL_EXECUTION, data);
    }

    /** The answer of the blocking face; that of the other one must be the same. */
    private static HookResult answer(Composition composition, Object data) {
        HookResult direct = composition.execute(context(data), null);
        HookResult reactive =
                composition.executeReactive(context(data), null).blockOptional().orElseThrow();
        assertThat(reactive).isEqualTo(direct);
        return direct;
    }

    private static LlmSpellException failure(Composition composition) {
        try {
            HookResult result = composition.execute(context("x"), null);
            throw new AssertionError("the composite gave " + result);
        } catch (LlmSpellException failure) {
            return failure;
        }
    }

    // ---- sequential ----

    @Test
    void sequential_allGoOn_isContinue() {
        assertThat(answer(build(CompositionMode.Sequential.DEFAULTS, GOES_ON, SKIPS, GOES_ON), "x"))
                .isEqualTo(HookResult.proceed());
    }

    @Test
    void sequential_allSkipped_isSkipped() {
        assertThat(answer(build(CompositionMode.Sequential.DEFAULTS, SKIPS, SKIPS), "x"))
                .isEqualTo(HookResult.skipped("no child applied"));
    }

    @Test
    void sequential_modified_feedsTheNextAndIsTheResult() {
        Hook appends = context -> HookResult.modified(context.data() + "+");
        Hook snapshots = context -> HookResult.modified(context.snapshot().data() + "s");

        assertThat(answer(build(CompositionMode.Sequential.DEFAULTS, appends, snapshots, GOES_ON, appends), "x"))
                .isEqualTo(HookResult.modified("x+s+"));
    }

    @Test
    void sequential_otherResult_endsTheChain() {
        Composition chain = build(CompositionMode.Sequential.DEFAULTS, GOES_ON, cancels("no"), cancels("later"));

        assertThat(chain.execute(context("x"), null)).isEqualTo(HookResult.cancel("no"));
        assertThat(asked).containsExactly("c0", "c1");
    }

    @Test
    void sequential_stopOnModified_endsWithIt() {
        CompositionMode mode = new CompositionMode.Sequential(true, true);

        assertThat(answer(build(mode, gives(HookResult.modified("y")), cancels("no")), "x"))
                .isEqualTo(HookResult.modified("y"));
    }

    @Test
    void sequential_failure_failsTheCompositeAndNamesTheChild() {
        Composition chain = build(CompositionMode.Sequential.DEFAULTS, GOES_ON, FAILS, cancels("no"));

        assertThat(failure(chain).code()).isEqualTo(ErrorCode.HOOK_FAILED);
        assertThat(failure(chain)).hasMessageContaining("\"c1\"").hasMessageContaining("broken");
        assertThat(asked).doesNotContain("c2");
    }

    @Test
    void sequential_failurePassedOver_goesOn() {
        CompositionMode mode = new CompositionMode.Sequential(false, false);

        assertThat(answer(build(mode, FAILS, cancels("no")), "x")).isEqualTo(HookResult.cancel("no"));
    }

    @Test
    void sequential_allFailPassedOver_fails() {
        assertThat(failure(build(new CompositionMode.Sequential(false, false), FAILS, FAILS)))
                .hasMessageContaining("\"c0\"");
    }

    @Test
    void failClosedChild_failing_failsTheCompositeWhateverTheMode() {
        HookOptions closed = HookOptions.builder("guard")
                .failurePolicy(FailurePolicy.FAIL_CLOSED)
                .build();
        for (CompositionMode mode : List.of(
                new CompositionMode.Sequential(false, false),
                CompositionMode.FirstMatch.DEFAULTS,
                new CompositionMode.Parallel(Duration.ofMinutes(1), true, 0),
                CompositionMode.Voting.DEFAULTS)) {
            Composition composite = Composition.of(mode)
                    .child(closed, FAILS)
                    .child("other", GOES_ON)
                    .build(rig.hooks);
            assertThat(failure(composite)).as(mode.id()).hasMessageContaining("\"guard\"");
        }
    }

    @Test
    void child_withoutResult_hasFailed() {
        @SuppressWarnings("NullAway") // what a careless hook does
        Hook nothing = context -> null;

        assertThat(failure(build(CompositionMode.Sequential.DEFAULTS, nothing)).code())
                .isEqualTo(ErrorCode.INVALID_HOOK_RESULT);
    }

    @Test
    void child_withModifiedThatIsNoJson_hasFailed() {
        assertThat(failure(build(CompositionMode.Sequential.DEFAULTS, gives(HookResult.modified(new Object())))))
                .hasMessageContaining("\"c0\"");
    }

    @Test
    void child_withError_hasFailed() {
        Hook overflows = context -> {
            throw new StackOverflowError();
        };
        assertThat(failure(build(CompositionMode.Sequential.DEFAULTS, overflows)))
                .hasMessageContaining("StackOverflowError");
    }

    // ---- first match ----

    @Test
    void firstMatch_takesTheFirstOtherThanContinueAndSkipped() {
        Composition first = build(
                CompositionMode.FirstMatch.DEFAULTS, GOES_ON, SKIPS, gives(HookResult.modified("y")), cancels("no"));

        assertThat(first.execute(context("x"), null)).isEqualTo(HookResult.modified("y"));
        assertThat(asked).containsExactly("c0", "c1", "c2");
    }

    @Test
    void firstMatch_failure_isPassedOver() {
        assertThat(answer(build(CompositionMode.FirstMatch.DEFAULTS, FAILS, cancels("no")), "x"))
                .isEqualTo(HookResult.cancel("no"));
    }

    @Test
    void firstMatch_stopOnError_fails() {
        assertThat(failure(build(new CompositionMode.FirstMatch(true), FAILS, cancels("no"))))
                .hasMessageContaining("\"c0\"");
    }

    @Test
    void firstMatch_allFail_fails() {
        assertThat(failure(build(CompositionMode.FirstMatch.DEFAULTS, FAILS, FAILS)))
                .hasMessageContaining("\"c0\"");
    }

    // ---- voting ----

    private static CompositionMode voting(double threshold) {
        return new CompositionMode.Voting(threshold, 1, false, CompositionMode.TieBreaker.FIRST_RESULT);
    }

    private static CompositionMode tie(CompositionMode.TieBreaker breaker) {
        return new CompositionMode.Voting(0.5, 1, false, breaker);
    }

    @Test
    void voting_majority_winsWithItsFirstPayload() {
        assertThat(answer(build(voting(0.5), GOES_ON, cancels("first"), cancels("second")), "x"))
                .isEqualTo(HookResult.cancel("first"));
    }

    @Test
    void voting_noMajority_isContinue() {
        assertThat(answer(build(voting(0.75), cancels("a"), cancels("b"), GOES_ON), "x"))
                .isEqualTo(HookResult.proceed());
    }

    @ParameterizedTest
    @CsvSource({"0.07, 100, 7", "0.6666666666666666, 3, 2", "0.5, 3, 2", "1, 5, 5", "0.01, 5, 1", "0.34, 3, 2"})
    void voting_threshold_needsCeilingOfVotesTimesThreshold(double threshold, int votes, int needed) {
        for (int cancelling = needed - 1; cancelling <= needed; cancelling++) {
            Hook[] children = new Hook[votes];
            for (int i = 0; i < votes; i++) {
                HookResult result = i < cancelling
                        ? HookResult.cancel("no")
                        : i % 2 == 0 ? HookResult.replace(i) : HookResult.modified(i);
                children[i] = gives(result);
            }
            // the others are split by kind, so that with few votes needed Cancel wins only if it has the most
            boolean elected = answer(build(voting(threshold), children), "x").equals(HookResult.cancel("no"));
            long most = Math.max(cancelling, (votes - cancelling + 1) / 2);
            assertThat(elected).isEqualTo(cancelling >= needed && cancelling == most);
        }
    }

    @Test
    void voting_skippedAndFailed_abstain() {
        assertThat(answer(build(voting(1), SKIPS, FAILS, cancels("only")), "x")).isEqualTo(HookResult.cancel("only"));
    }

    @Test
    void voting_tie_isBrokenAsAsked() {
        Hook[] children = {cancels("a"), GOES_ON, GOES_ON, cancels("b")};

        assertThat(answer(build(tie(CompositionMode.TieBreaker.FIRST_RESULT), children), "x"))
                .isEqualTo(HookResult.cancel("a"));
        assertThat(answer(build(tie(CompositionMode.TieBreaker.PREFER_CONTINUE), children), "x"))
                .isEqualTo(HookResult.proceed());
        assertThat(answer(build(tie(CompositionMode.TieBreaker.PREFER_ACTION), GOES_ON, cancels("a")), "x"))
                .isEqualTo(HookResult.cancel("a"));
    }

    @Test
    void voting_tieByPriority_takesTheKindOfTheEarliestPriority() {
        Composition votes = Composition.of(tie(CompositionMode.TieBreaker.BY_PRIORITY))
                .child("calm", GOES_ON)
                .child(HookOptions.builder("first").priority(-10).build(), cancels("first"))
                .build(rig.hooks);

        assertThat(answer(votes, "x")).isEqualTo(HookResult.cancel("first"));
    }

    @Test
    void voting_tooFewVotes_isContinueButFailsIfAChildFailed() {
        CompositionMode two = new CompositionMode.Voting(0.5, 2, false, CompositionMode.TieBreaker.FIRST_RESULT);

        assertThat(answer(build(two, cancels("a"), SKIPS), "x")).isEqualTo(HookResult.proceed());
        assertThat(failure(build(two, cancels("a"), FAILS))).hasMessageContaining("\"c1\"");
    }

    @Test
    void voting_requireAll_failsOnAbstention() {
        CompositionMode all = new CompositionMode.Voting(0.5, 1, true, CompositionMode.TieBreaker.FIRST_RESULT);

        assertThat(failure(build(all, cancels("a"), SKIPS))).hasMessageContaining("abstained");
        assertThat(failure(build(all, cancels("a"), FAILS))).hasMessageContaining("broken");
    }

    @Test
    void voting_children_seeTheDataAsTheCompositeGotIt() {
        Hook echoes = context -> HookResult.modified(context.data() + "!");

        assertThat(answer(build(voting(0.5), echoes, echoes), "x")).isEqualTo(HookResult.modified("x!"));
    }

    // ---- all ----

    @Test
    void nested_composites_decideLikeHooksAndKeepTheirFigures() {
        Composition inner = build(CompositionMode.FirstMatch.DEFAULTS, SKIPS, gives(HookResult.modified("inner")));
        Composition outer = Composition.of(CompositionMode.Sequential.DEFAULTS)
                .child(HookOptions.named("inner"), inner)
                .child("appends", context -> HookResult.modified(context.data() + "+"))
                .build(rig.hooks);

        assertThat(answer(outer, "x")).isEqualTo(HookResult.modified("inner+"));
        Composition.Child first = outer.children().get(0);
        assertThat(first.name()).isEqualTo("inner");
        assertThat(first.metrics().count()).isEqualTo(2);
        assertThat(first.children()).extracting(Composition.Child::name).containsExactly("c0", "c1");
        assertThat(first.children().get(0).metrics().skipped()).isEqualTo(2);
    }

    @Test
    void reactiveChildren_areWaitedForAndFeedTheNext() {
        Composition chain = Composition.of(CompositionMode.Sequential.DEFAULTS)
                .reactiveChild(
                        patient("later"),
                        context ->
                                Mono.delay(Duration.ofMillis(5)).map(tick -> HookResult.modified(context.data() + "1")))
                .child("direct", context -> HookResult.modified(context.data() + "2"))
                .reactiveChild(HookOptions.named("known"), context -> Mono.just(HookResult.proceed()))
                .build(rig.hooks);

        assertThat(answer(chain, "x")).isEqualTo(HookResult.modified("x12"));
    }

    @Test
    void children_failing_haveFiguresOfTheirOwn() {
        Composition chain = build(new CompositionMode.Sequential(false, false), FAILS, GOES_ON);
        chain.execute(context("x"), null);

        assertThat(chain.children().get(0).metrics().failures()).isEqualTo(1);
        assertThat(chain.children().get(0).metrics().lastError()).contains("broken");
        assertThat(chain.children().get(1).metrics().failures()).isZero();
    }

    @Test
    void children_breakers_areToldToTheListeners() {
        List<String> told = new ArrayList<>();
        Handle hearing = rig.hooks.news(new HookListener() {
            @Override
            public void executed(HookExecution execution) {
                told.add("executed");
            }

            @Override
            public void breakerChanged(
                    HookInfo hook, BreakerState from, BreakerState to, String reason, Duration openFor) {
                told.add(hook.name() + "@" + hook.point() + " " + from + ">" + to + " " + reason + " "
                        + openFor.toSeconds());
            }
        });
        Composition composition =
                build(new CompositionMode.Sequential(false, false), FAILS, gives(HookResult.proceed()));
        for (int i = 0; i < BreakerSettings.DEFAULT.failureThreshold(); i++) {
            composition.execute(context("x"), null);
        }
        hearing.close();

        assertThat(told).hasSize(1);
        assertThat(told.get(0)).matches("c0@BeforeToolExecution CLOSED>OPEN failures 1[45]");
    }

    @Test
    void composite_atTheGate_actsLikeAnyHook() {
        build(CompositionMode.Sequential.DEFAULTS, GOES_ON, context -> HookResult.modified(context.data() + "!"))
                .register(rig.hooks.registry(), Rig.BEFORE, HookOptions.named("chain"));

        assertThat(rig.call("x")).isEqualTo("out(x!)");
        assertThat(rig.callAsync("x")).isEqualTo("out(x!)");
    }

    @Test
    void composite_failClosed_refusesWhenItFails() {
        build(CompositionMode.Sequential.DEFAULTS, FAILS)
                .register(rig.hooks.registry(), Rig.BEFORE, Rig.closed("chain"));

        assertThat(rig.failure("x")).hasMessageContaining("\"chain\"").hasMessageContaining("\"c0\"");
    }

    // ---- bad input ----

    @Test
    void noChildren_isRefused() {
        assertThatThrownBy(() ->
                        Composition.of(CompositionMode.Sequential.DEFAULTS).build(rig.hooks))
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("sequential")
                .hasMessageContaining("1 or more");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.5, 1.01, Double.NaN, Double.POSITIVE_INFINITY})
    void threshold_outOfRange_isRefused(double threshold) {
        assertThatThrownBy(() -> voting(threshold))
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("threshold")
                .hasMessageContaining("more than 0, at most 1");
    }

    @Test
    void minVotes_beyondTheChildren_isRefused() {
        CompositionMode three = new CompositionMode.Voting(0.5, 3, false, CompositionMode.TieBreaker.FIRST_RESULT);

        assertThatThrownBy(() -> build(three, GOES_ON))
                .hasMessageContaining("min_votes")
                .hasMessageContaining("1 to 1");
    }

    @Test
    void twoChildrenOfOneName_areRefused() {
        assertThatThrownBy(() -> Composition.of(CompositionMode.Sequential.DEFAULTS)
                        .child("a", GOES_ON)
                        .child("a", GOES_ON))
                .hasMessageContaining("unique");
    }

    @Test
    void optionsThatCannotActInAComposite_areRefused() {
        CompositionBuilder builder = Composition.of(CompositionMode.Sequential.DEFAULTS);

        assertThatThrownBy(
                        () -> builder.child(HookOptions.builder("a").isolated().build(), GOES_ON))
                .hasMessageContaining("isolated");
        assertThatThrownBy(() ->
                        builder.child(HookOptions.builder("a").enabled(false).build(), GOES_ON))
                .hasMessageContaining("enabled");
        assertThatThrownBy(() -> builder.child(
                        HookOptions.builder("a")
                                .failurePolicy(FailurePolicy.QUARANTINE)
                                .build(),
                        GOES_ON))
                .hasMessageContaining("fail_closed");
    }

    @Test
    void modes_areReadFromOptions() {
        assertThat(read(
                        "voting",
                        "threshold",
                        0.6,
                        "tie_breaker",
                        "prefer_action",
                        "min_votes",
                        2,
                        "require_all",
                        true))
                .isEqualTo(new CompositionMode.Voting(0.6, 2, true, CompositionMode.TieBreaker.PREFER_ACTION));
        assertThat(read("parallel", "timeout", "2s", "max_concurrency", 3, "continue_on_error", true))
                .isEqualTo(new CompositionMode.Parallel(Duration.ofSeconds(2), true, 3));
        assertThat(read("sequential", "stop_on_error", false, "stop_on_modified", true))
                .isEqualTo(new CompositionMode.Sequential(false, true));
        assertThat(read("first_match", "stop_on_error", true)).isEqualTo(new CompositionMode.FirstMatch(true));
        assertThat(read("voting")).isEqualTo(CompositionMode.Voting.DEFAULTS);
        assertThat(read("parallel")).isEqualTo(CompositionMode.Parallel.DEFAULTS);
    }

    @Test
    void modes_withWrongNamesOrOptions_areRefused() {
        assertThatThrownBy(() -> read("vote"))
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("first_match");
        assertThatThrownBy(() -> read("voting", "treshold", 0.5))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("threshold");
        assertThatThrownBy(() -> read("voting", "threshold", 1.5)).isInstanceOf(ArgumentException.class);
        assertThatThrownBy(() -> read("parallel", "max_concurrency", -1)).isInstanceOf(ArgumentException.class);
    }

    private static CompositionMode read(String kind, Object... options) {
        Map<String, Object> values = JsonObject.of(options);
        return CompositionMode.read(kind, ConfigSection.of("compose", values));
    }
}

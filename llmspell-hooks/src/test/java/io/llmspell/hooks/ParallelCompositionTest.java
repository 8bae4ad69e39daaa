package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.concurrent.CancellationSource;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.BreakerState;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.json.JsonObject;
import io.llmspell.testing.hook.FakeHookContext;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

@Timeout(30)
class ParallelCompositionTest {
    private static final CompositionMode STRICT = new CompositionMode.Parallel(Duration.ofSeconds(20), false, 0);
    private static final CompositionMode LENIENT = new CompositionMode.Parallel(Duration.ofSeconds(20), true, 0);
    private static final Hook GOES_ON = context -> HookResult.proceed();
    private static final Hook FAILS = context -> {
        throw new ArgumentException("broken");
    };

    private final ManualTime time = new ManualTime();
    private final Rig rig = new Rig();
    private final Rig manual = new Rig(Hooks.builder().time(time).build());

    @AfterEach
    void close() {
        rig.close();
        manual.close();
    }

    private static Hook gives(HookResult result) {
        return context -> result;
    }

    private static Composition build(Rig where, CompositionMode mode, Hook... children) {
        CompositionBuilder builder = Composition.of(mode);
        for (int i = 0; i < children.length; i++) {
            builder.child(patient("c" + i), children[i]);
        }
        return builder.build(where.hooks);
    }

    /** A child that the load of the machine does not cut off. */
    private static HookOptions patient(String name) {
        return HookOptions.builder(name).timeout(Duration.ofMinutes(1)).build();
    }

    private static FakeHookContext context(Object data) {
        return FakeHookContext.at(HookPoint.BEFORE_TOOL_EXECUTION, data);
    }

    private HookResult answer(CompositionMode mode, Hook... children) {
        Composition composition = build(rig, mode, children);
        HookResult direct = composition.execute(context("x"), null);
        assertThat(composition.executeReactive(context("x"), null).blockOptional())
                .contains(direct);
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

    @Test
    void children_runAtTheSameTime() {
        CyclicBarrier all = new CyclicBarrier(8);
        Hook meets = context -> {
            all.await(10, TimeUnit.SECONDS); // fails unless all eight are here
            return HookResult.proceed();
        };
        Hook[] children = Collections.nCopies(8, meets).toArray(Hook[]::new);

        assertThat(answer(STRICT, children)).isEqualTo(HookResult.proceed());
    }

    @Test
    void children_atMostAsManyAsAllowedRunAtOnce() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Hook counts = context -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            Thread.yield();
            now.decrementAndGet();
            return HookResult.proceed();
        };
        Composition two = build(
                rig,
                new CompositionMode.Parallel(Duration.ofSeconds(20), false, 2),
                Collections.nCopies(200, counts).toArray(Hook[]::new));

        assertThat(two.execute(context("x"), null)).isEqualTo(HookResult.proceed());
        assertThat(most).hasValueLessThanOrEqualTo(2);
        assertThat(two.children()).allMatch(child -> child.metrics().count() == 1);
    }

    @Test
    void results_rankByKindThenByChild() {
        List<HookResult> ranked = List.of(
                HookResult.cancel("no"),
                HookResult.replace(1),
                HookResult.redirect("peer"),
                HookResult.retry(Duration.ZERO, 2),
                HookResult.modified("m"),
                HookResult.cache("k", Duration.ofSeconds(1)),
                HookResult.proceed(),
                HookResult.skipped("s"));
        for (int best = 0; best < ranked.size(); best++) {
            List<HookResult> results = new ArrayList<>(ranked.subList(best, ranked.size()));
            Collections.shuffle(results, new Random(best));
            assertThat(answer(
                            STRICT,
                            results.stream().map(ParallelCompositionTest::gives).toArray(Hook[]::new)))
                    .isEqualTo(ranked.get(best));
        }
        assertThat(answer(STRICT, gives(HookResult.cancel("a")), gives(HookResult.cancel("b"))))
                .isEqualTo(HookResult.cancel("a"));
    }

    @Test
    void modifiedObjects_areMergedWhateverTheOrderTheyCameIn() {
        CountDownLatch secondIsDone = new CountDownLatch(1);
        Composition merging = build(
                rig,
                STRICT,
                context -> {
                    secondIsDone.await();
                    return HookResult.modified(Map.of("a", 1, "both", "first", "kept", 0));
                },
                context -> {
                    secondIsDone.countDown();
                    return HookResult.modified(Map.of("b", 2, "both", "second", "kept", 0, "a", 0));
                });

        assertThat(merging.execute(context(JsonObject.of("kept", 0, "a", 0)), null))
                .isEqualTo(HookResult.modified(JsonObject.of("a", 1, "b", 2, "both", "second", "kept", 0)));
    }

    @Test
    void modifiedThatAreNoObjects_firstChildWins() {
        assertThat(answer(STRICT, gives(HookResult.modified("a")), gives(HookResult.modified(Map.of("b", 1)))))
                .isEqualTo(HookResult.modified("a"));
    }

    @Test
    void failure_failsTheCompositeUnlessPassedOver() {
        assertThat(failure(build(rig, STRICT, GOES_ON, FAILS)))
                .hasMessageContaining("\"c1\"")
                .hasMessageContaining("broken");
        assertThat(answer(LENIENT, GOES_ON, FAILS)).isEqualTo(HookResult.proceed());
        assertThat(failure(build(rig, LENIENT, FAILS, FAILS))).hasMessageContaining("\"c0\"");
    }

    @Test
    void veto_stands_whateverBecameOfTheOthers() {
        assertThat(answer(STRICT, FAILS, gives(HookResult.cancel("no")))).isEqualTo(HookResult.cancel("no"));
    }

    @Test
    void metadata_isMergedInTheOrderOfTheChildren() {
        CountDownLatch secondIsDone = new CountDownLatch(1);
        Composition merging = build(
                rig,
                STRICT,
                context -> {
                    secondIsDone.await();
                    context.putMetadata("who", "first");
                    context.putMetadata("a", "1");
                    return HookResult.proceed();
                },
                context -> {
                    assertThat(context.metadata()).containsOnly(Map.entry("seen", "before"));
                    context.putMetadata("who", "second");
                    secondIsDone.countDown();
                    return HookResult.proceed();
                });
        FakeHookContext live = context("x");
        live.putMetadata("seen", "before");

        merging.execute(live, null);

        assertThat(live.metadata())
                .containsOnly(Map.entry("seen", "before"), Map.entry("a", "1"), Map.entry("who", "second"));
    }

    @Test
    void child_seesTheOperationAsItWas() {
        FakeHookContext live = context("x").withOutput("out");
        AtomicReference<String> seen = new AtomicReference<>();
        build(rig, STRICT, context -> {
                    seen.set(context.point() + " " + context.component() + " " + context.data() + " "
                            + context.operation().input() + " "
                            + context.operation().output() + " "
                            + context.operation().id() + " " + context.attempt() + " " + context.language() + " "
                            + context.snapshot().data() + " " + context.caller().correlation());
                    return HookResult.proceed();
                })
                .execute(live, null);

        assertThat(seen)
                .hasValue(live.point() + " " + live.component() + " x x out " + live.id() + " 1 " + live.language()
                        + " x " + live.caller().correlation());
    }

    @Test
    void lateChild_isCutOffAndLeavesNothingButItsActions() {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        List<String> ended = new CopyOnWriteArrayList<>();
        AtomicReference<Throwable> tooLate = new AtomicReference<>();
        Composition late = build(
                manual,
                new CompositionMode.Parallel(Duration.ofSeconds(5), true, 0),
                context -> {
                    context.putMetadata("in", "time");
                    return HookResult.cancel("in time");
                },
                context -> {
                    context.putMetadata("too", "late");
                    context.onEnd(outcome -> ended.add("released"));
                    started.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException stopped) {
                        try {
                            context.putMetadata("even", "later");
                        } catch (InvalidStateException refused) {
                            tooLate.set(refused);
                        }
                        interrupted.countDown();
                    }
                    return HookResult.proceed();
                });
        FakeHookContext live = context("x");

        CompletableFuture<HookResult> result = start(() -> late.execute(live, null));
        await(started);
        time.advance(Duration.ofSeconds(5));

        assertThat(result.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(HookResult.cancel("in time"));
        await(interrupted);
        assertThat(tooLate.get()).hasMessageContaining("waits no longer");
        assertThat(live.metadata()).containsOnly(Map.entry("in", "time"));
        assertThat(ended).isEmpty();
        live.end();
        assertThat(ended).containsExactly("released");
        assertThat(late.children().get(1).metrics().failures()).isEqualTo(1);
        assertThat(late.children().get(1).metrics().lastError()).contains("PT5S");
    }

    @Test
    void child_pastItsOwnDeadline_isInterruptedAndHasFailed() {
        HookOptions hasty =
                HookOptions.builder("hasty").timeout(Duration.ofMillis(20)).build();
        Hook waits = context -> {
            new CountDownLatch(1).await();
            return HookResult.proceed();
        };
        for (CompositionMode mode : List.of(LENIENT, new CompositionMode.Sequential(false, false))) {
            Composition composite = Composition.of(mode)
                    .child(hasty, waits)
                    .reactiveChild(
                            HookOptions.builder("later")
                                    .timeout(Duration.ofMillis(20))
                                    .build(),
                            context -> Mono.never())
                    .child(patient("other"), gives(HookResult.cancel("still asked")))
                    .build(rig.hooks);

            assertThat(composite.execute(context("x"), null)).isEqualTo(HookResult.cancel("still asked"));
            assertThat(composite.children().get(0).metrics().lastError()).contains("deadline");
            assertThat(composite.children().get(1).metrics().failures()).isEqualTo(1);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    @Test
    void childThatFailsTooOften_isNotAskedButCountsAsFailed() {
        AtomicInteger asked = new AtomicInteger();
        Composition composite = build(rig, STRICT, GOES_ON, context -> {
            asked.incrementAndGet();
            throw new ArgumentException("broken");
        });
        for (int i = 0; i < 5; i++) {
            assertThat(failure(composite).code()).isEqualTo(i < 3 ? ErrorCode.HOOK_FAILED : ErrorCode.HOOK_UNAVAILABLE);
        }

        assertThat(asked).hasValue(3);
        assertThat(composite.children().get(1).metrics().breaker()).isEqualTo(BreakerState.OPEN);
        assertThat(composite.children().get(1).metrics().notStarted()).isEqualTo(2);
        assertThat(composite.children().get(0).metrics().breaker()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void children_atTwoPoints_haveABreakerForEach() {
        Composition composite = build(rig, STRICT, FAILS);
        for (int i = 0; i < 3; i++) {
            assertThat(failure(composite).code()).isEqualTo(ErrorCode.HOOK_FAILED);
        }

        assertThatThrownBy(() -> composite.execute(FakeHookContext.at(HookPoint.BEFORE_AGENT_EXECUTION, "x"), null))
                .hasMessageContaining("broken");
        assertThat(composite.children().get(0).metrics().failures()).isEqualTo(4);
        assertThat(composite.children().get(0).metrics().breaker()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void lateChild_strict_failsTheCompositeWithTimeout() {
        CountDownLatch started = new CountDownLatch(1);
        Composition late =
                build(manual, new CompositionMode.Parallel(Duration.ofSeconds(5), false, 0), GOES_ON, context -> {
                    started.countDown();
                    new CountDownLatch(1).await();
                    return HookResult.proceed();
                });
        CompletableFuture<LlmSpellException> failure = start(() -> failure(late));
        await(started);
        time.advance(Duration.ofSeconds(5));

        assertThat(failure.orTimeout(10, TimeUnit.SECONDS).join().code()).isEqualTo(ErrorCode.HOOK_TIMEOUT);
    }

    @Test
    void childThatWaitsForItsTurn_isNotAskedOnceTheTimeIsUp() {
        CountDownLatch started = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        Composition oneByOne = build(
                manual,
                new CompositionMode.Parallel(Duration.ofSeconds(5), true, 1),
                GOES_ON,
                context -> {
                    started.countDown();
                    new CountDownLatch(1).await();
                    return HookResult.proceed();
                },
                context -> {
                    asked.incrementAndGet();
                    return HookResult.cancel("never");
                });
        CompletableFuture<HookResult> result = start(() -> oneByOne.execute(context("x"), null));
        await(started);
        time.advance(Duration.ofSeconds(5));

        assertThat(result.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(HookResult.proceed());
        assertThat(asked).hasValue(0);
    }

    @Test
    void callerCancels_childrenAreStopped() {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        build(rig, STRICT, context -> {
                    started.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        stopped.countDown();
                    }
                    return HookResult.proceed();
                })
                .register(rig.hooks.registry(), Rig.BEFORE, patient("parallel"));
        CancellationSource token = new CancellationSource();
        CompletableFuture<LlmSpellException> failure =
                start(() -> rig.failure("x", Rig.caller().limited(token, Long.MAX_VALUE)));
        await(started);
        token.cancel();

        assertThat(failure.orTimeout(10, TimeUnit.SECONDS).join().code()).isEqualTo(ErrorCode.CANCELLED);
        await(stopped);
    }

    @Test
    void subscriberLeaves_childrenAreStoppedAndTheirActionsRun() {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Composition waiting = build(rig, STRICT, context -> {
            context.onEnd(outcome -> released.countDown());
            started.countDown();
            try {
                new CountDownLatch(1).await();
            } finally {
                stopped.countDown();
            }
            return HookResult.proceed();
        });
        Disposable subscription = waiting.executeReactive(context("x"), null).subscribe();
        await(started);
        subscription.dispose();

        await(stopped);
        await(released);
    }

    @Test
    void subscriberLeaves_actionThatTakesTooLong_isInterruptedAndTheOthersRun() {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch inAction = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Composition waiting = build(manual, STRICT, context -> {
            context.onEnd(outcome -> {
                inAction.countDown();
                waitUntilInterrupted();
            });
            context.onEnd(outcome -> {
                throw new ArgumentException("broken");
            });
            context.onEnd(outcome -> released.countDown());
            started.countDown();
            new CountDownLatch(1).await();
            return HookResult.proceed();
        });
        Disposable subscription = waiting.executeReactive(context("x"), null).subscribe();
        await(started);
        CompletableFuture<HookResult> left = start(() -> {
            subscription.dispose();
            return HookResult.proceed();
        });
        await(inAction);

        // More than once: at the first look the action may not wait yet, and then the time that has passed is excused.
        Awaitility.await().until(() -> {
            time.advance(Duration.ofMinutes(2));
            return released.getCount() == 0;
        });
        assertThat(left.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(HookResult.proceed());
    }

    @Test
    void nestedAndReactiveChildren_runAtTheSameTime() {
        CyclicBarrier all = new CyclicBarrier(3);
        Hook meets = context -> {
            all.await(10, TimeUnit.SECONDS);
            return HookResult.proceed();
        };
        Composition outer = Composition.of(STRICT)
                .child(patient("serial"), build(rig, CompositionMode.Sequential.DEFAULTS, meets))
                .child(patient("parallel"), build(rig, STRICT, meets, meets))
                .reactiveChild(
                        patient("later"),
                        context -> Mono.delay(Duration.ofMillis(1)).map(tick -> HookResult.modified("done")))
                .build(rig.hooks);

        assertThat(outer.blocks()).isFalse();
        assertThat(outer.execute(context("x"), null)).isEqualTo(HookResult.modified("done"));
    }

    @Test
    void composite_atTheGate_decidesInBothWays() {
        build(rig, STRICT, gives(HookResult.modified("y")), GOES_ON)
                .register(rig.hooks.registry(), Rig.BEFORE, patient("parallel"));

        assertThat(rig.call("x")).isEqualTo("out(y)");
        assertThat(rig.callAsync("x")).isEqualTo("out(y)");
    }

    @Test
    void metadata_beyondTheLimit_failsTheChildThatWroteIt() {
        Hook[] writers = new Hook[3];
        for (int i = 0; i < writers.length; i++) {
            String prefix = "k" + i + "-";
            writers[i] = context -> {
                for (int key = 0; key < 30; key++) {
                    context.putMetadata(prefix + key, "v");
                }
                return HookResult.proceed();
            };
        }
        build(rig, STRICT, writers).register(rig.hooks.registry(), Rig.BEFORE, Rig.closed("parallel"));

        assertThat(rig.failure("x")).hasMessageContaining("\"c2\"").hasMessageContaining("metadata");
    }

    @Test
    void state_thatIsMissing_isToldToTheChildThatAsksForIt() {
        assertThat(failure(build(
                        rig,
                        STRICT,
                        context -> HookResult.modified(context.state().toString()))))
                .hasMessageContaining("state");
    }

    @Test
    void snapshot_collectsWhatIsLeftOnce() {
        FakeHookContext live = context("x");
        SnapshotContext snapshot = SnapshotContext.of(SnapshotContext.freeze(live, time));
        AtomicInteger ended = new AtomicInteger();
        snapshot.onEnd(outcome -> ended.incrementAndGet());
        snapshot.mergeInto(live, true);
        snapshot.mergeInto(live, true);
        live.end();

        assertThat(ended).hasValue(1);
        assertThatThrownBy(() -> snapshot.onEnd(outcome -> {})).isInstanceOf(InvalidStateException.class);
    }

    private static <T> CompletableFuture<T> start(java.util.function.Supplier<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(call.get());
            } catch (Throwable failure) {
                result.completeExceptionally(failure);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    private static void waitUntilInterrupted() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(CountDownLatch latch) {
        Awaitility.await().until(() -> latch.getCount() == 0);
    }
}

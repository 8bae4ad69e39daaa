package io.llmspell.hooks.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.CancellationSource;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonObject;
import io.llmspell.hooks.coordination.ChainResult.Status;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.test.StepVerifier;

@Timeout(30)
class CoordinatorTest {
    private static final Component A = Component.named(ComponentType.TOOL, "a");
    private static final Component B = Component.named(ComponentType.AGENT, "b");
    private static final CorrelationId RUN = new CorrelationId("run-1");

    private final ManualTime time = new ManualTime();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });
    private final Coordinator coordinator = coordinator(CoordinatorSettings.DEFAULT);

    private Coordinator coordinator(CoordinatorSettings settings) {
        return new Coordinator(time, Awaiter.blocking(time), threads, settings);
    }

    @AfterEach
    void close() {
        coordinator.close();
        threads.shutdownNow();
    }

    private static Caller caller() {
        return Caller.host(RUN);
    }

    private static ExecutionChain.Work gives(Object value) {
        return input -> value;
    }

    private static final ExecutionChain.Work FAILS = input -> {
        throw new ArgumentException("broken");
    };

    /** Work that ends when it is interrupted. */
    private static ExecutionChain.Work waits(CountDownLatch begun) {
        return input -> {
            begun.countDown();
            new CountDownLatch(1).await();
            return null;
        };
    }

    private CompletableFuture<ChainResult> start(Coordinator where, ExecutionChain chain) {
        return where.runAsync(chain, null, caller()).toFuture();
    }

    private static ChainResult result(CompletableFuture<ChainResult> future) {
        return future.orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static Status status(ChainResult result, String step) {
        return result.steps().get(step).status();
    }

    @Test
    void steps_runInTheOrderOfTheirNeedsAndHandOutputsOn() {
        ExecutionChain chain = ExecutionChain.named("report")
                .step(
                        "join",
                        B,
                        input -> input.outputs().get("left") + "+"
                                + input.outputs().get("right"),
                        "left",
                        "right")
                .step("left", A, input -> input.chain() + "l", "base")
                .step("right", A, input -> input.chain() + "r", "base")
                .step("base", B, gives("unseen"))
                .build();

        ChainResult result = coordinator.run(chain, "in:", caller());

        assertThat(chain.order()).containsExactly("base", "left", "right", "join");
        assertThat(result.success()).isTrue();
        assertThat(result.steps().get("join").output()).isEqualTo("in:l+in:r");
        assertThat(result.correlation()).isEqualTo(RUN);
        assertThat(coordinator.activeChains()).isZero();
    }

    @Test
    void independentSteps_runAtOnce() {
        CyclicBarrier both = new CyclicBarrier(2);
        ExecutionChain.Work meets = input -> {
            both.await(10, TimeUnit.SECONDS);
            return null;
        };
        ExecutionChain chain = ExecutionChain.named("two")
                .step("x", A, meets)
                .step("y", A, meets)
                .build();

        assertThat(coordinator.run(chain, null, caller()).success()).isTrue();
    }

    @Test
    void failure_costsOnlyWhatNeedsIt() {
        ExecutionChain chain = ExecutionChain.named("partly")
                .step("bad", A, FAILS)
                .step("needs-bad", B, gives(1), "bad")
                .step("needs-that", B, gives(1), "needs-bad")
                .step("good", B, gives("ok"))
                .step("needs-good", A, gives("ok"), "good")
                .build();

        ChainResult result = coordinator.run(chain, null, caller());

        assertThat(result.success()).isFalse();
        assertThat(status(result, "bad")).isEqualTo(Status.FAILED);
        assertThat(result.steps().get("bad").error()).hasMessageContaining("broken");
        assertThat(status(result, "needs-bad")).isEqualTo(Status.SKIPPED);
        assertThat(status(result, "needs-that")).isEqualTo(Status.SKIPPED);
        assertThat(result.steps().get("needs-that").error()).hasMessageContaining("needs-bad");
        assertThat(status(result, "needs-good")).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void outputThatIsNoJson_failsTheStep() {
        ExecutionChain chain =
                ExecutionChain.named("x").step("s", A, gives(new Object())).build();

        assertThat(status(coordinator.run(chain, null, caller()), "s")).isEqualTo(Status.FAILED);
    }

    @Test
    void errorInAStep_isItsFailure() {
        ExecutionChain chain = ExecutionChain.named("x")
                .step("s", A, input -> {
                    throw new StackOverflowError();
                })
                .step("other", B, gives(1))
                .build();
        ChainResult result = coordinator.run(chain, null, caller());

        assertThat(result.steps().get("s").error().code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(status(result, "other")).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void slowStep_isCutOffWithoutHoldingTheOthers() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch otherDone = new CountDownLatch(1);
        ExecutionChain chain = ExecutionChain.named("slow")
                .step("slow", A, waits(begun))
                .step("needs-slow", B, gives(1), "slow")
                .step("other", B, input -> {
                    otherDone.countDown();
                    return "ok";
                })
                .build();
        CompletableFuture<ChainResult> future = start(coordinator, chain);
        begun.await();
        otherDone.await();
        await().until(() -> coordinator.trace(RUN).orElseThrow().events().stream()
                .anyMatch(event -> event.type().equals("step.succeeded")));
        time.advance(Duration.ofSeconds(30));

        ChainResult result = result(future);
        assertThat(status(result, "slow")).isEqualTo(Status.TIMED_OUT);
        assertThat(result.steps().get("slow").error().code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(result.steps().get("slow").elapsed()).isEqualTo(Duration.ofSeconds(30));
        assertThat(status(result, "needs-slow")).isEqualTo(Status.SKIPPED);
        assertThat(status(result, "other")).isEqualTo(Status.SUCCEEDED);
        await().until(() -> coordinator.abandonedSteps() == 0); // it ended when it was interrupted
    }

    @Test
    void chain_pastItsTime_endsWithWhatThereIs() throws Exception {
        Coordinator brief = coordinator(new CoordinatorSettings(
                Duration.ofMinutes(10), Duration.ofSeconds(5), 10, 10, 10, Duration.ofHours(1)));
        CountDownLatch begun = new CountDownLatch(1);
        ExecutionChain chain = ExecutionChain.named("brief")
                .step("slow", A, waits(begun))
                .step("after", B, gives(1), "slow")
                .build();
        CompletableFuture<ChainResult> future = start(brief, chain);
        begun.await();
        time.advance(Duration.ofSeconds(5));

        ChainResult result = result(future);
        assertThat(status(result, "slow")).isEqualTo(Status.TIMED_OUT);
        assertThat(status(result, "after")).isEqualTo(Status.TIMED_OUT);
        assertThat(brief.activeChains()).isZero();
    }

    @Test
    void callerDeadline_endsTheChain() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        ExecutionChain chain =
                ExecutionChain.named("x").step("slow", A, waits(begun)).build();
        Caller hurried = caller().limited(caller().token(), time.nanos() + 1_000_000_000L);
        CompletableFuture<ChainResult> future =
                coordinator.runAsync(chain, null, hurried).toFuture();
        begun.await();
        time.advance(Duration.ofSeconds(1));

        assertThat(status(result(future), "slow")).isEqualTo(Status.TIMED_OUT);
    }

    @Test
    void cancelledCaller_endsTheChainAndItsSteps() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean told = new AtomicBoolean();
        CancellationSource token = new CancellationSource();
        ExecutionChain chain = ExecutionChain.named("x")
                .step("s", A, input -> {
                    input.caller().token().onCancel(() -> told.set(true));
                    begun.countDown();
                    while (!told.get()) {
                        Thread.onSpinWait();
                    }
                    return null;
                })
                .build();
        CompletableFuture<ChainResult> future = coordinator
                .runAsync(chain, null, caller().limited(token, Awaiter.NO_DEADLINE))
                .toFuture();
        begun.await();
        token.cancel();

        assertThat(status(result(future), "s")).isEqualTo(Status.CANCELLED);
        await().untilTrue(told);
    }

    @Test
    void closing_cancelsWhatRunsAndRefusesMore() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        ExecutionChain chain =
                ExecutionChain.named("x").step("s", A, waits(begun)).build();
        CompletableFuture<ChainResult> future = start(coordinator, chain);
        begun.await();
        coordinator.close();
        coordinator.close();

        assertThat(status(result(future), "s")).isEqualTo(Status.CANCELLED);
        assertThatThrownBy(() -> coordinator.run(chain, null, caller())).isInstanceOf(InvalidStateException.class);
        assertThat(coordinator.activeChains()).isZero();
    }

    @Test
    void tooManyChains_areRefused() throws Exception {
        Coordinator two = coordinator(new CoordinatorSettings(
                Duration.ofSeconds(30), Duration.ofSeconds(300), 2, 10, 10, Duration.ofHours(1)));
        CountDownLatch begun = new CountDownLatch(2);
        ExecutionChain chain =
                ExecutionChain.named("x").step("s", A, waits(begun)).build();
        CompletableFuture<ChainResult> first = start(two, chain);
        CompletableFuture<ChainResult> second = start(two, chain);
        begun.await();

        assertThatThrownBy(() -> two.run(chain, null, caller()))
                .isInstanceOf(LimitException.class)
                .hasMessageContaining("max_active_chains = 2");
        StepVerifier.create(two.runAsync(chain, null, caller())).verifyError(LimitException.class);
        two.close();
        result(first);
        result(second);
        assertThat(two.activeChains()).isZero();
    }

    @Test
    void componentThatIsStuck_takesNoMoreStepsAndDisturbsNobody() throws Exception {
        CountDownLatch begun = new CountDownLatch(Lanes.PLACES);
        CountDownLatch end = new CountDownLatch(1);
        ExecutionChain.Work ignoresInterrupts = input -> {
            begun.countDown();
            boolean waiting = true;
            while (waiting) {
                try {
                    end.await();
                    waiting = false;
                } catch (InterruptedException ignored) {
                    waiting = true;
                }
            }
            return null;
        };
        ExecutionChain.Builder builder = ExecutionChain.named("stuck");
        for (int i = 0; i < Lanes.PLACES + 1; i++) { // the last one waits for a place
            builder.step("s" + i, A, ignoresInterrupts);
        }
        CompletableFuture<ChainResult> future = start(coordinator, builder.build());
        begun.await();
        time.advance(Duration.ofSeconds(30));

        ChainResult result = result(future);
        assertThat(status(result, "s0")).isEqualTo(Status.TIMED_OUT);
        assertThat(status(result, "s" + Lanes.PLACES)).isEqualTo(Status.FAILED);
        assertThat(coordinator.abandonedSteps()).isEqualTo(Lanes.PLACES);
        ExecutionChain both = ExecutionChain.named("both")
                .step("stuck", A, gives(1))
                .step("free", B, gives(1))
                .build();
        ChainResult other = coordinator.run(both, null, caller());
        assertThat(other.steps().get("stuck").error()).hasMessageContaining("cut off and have not ended");
        assertThat(status(other, "free")).isEqualTo(Status.SUCCEEDED);

        end.countDown();
        await().until(() -> coordinator.abandonedSteps() == 0);
        await().until(() -> coordinator.run(both, null, caller()).success());
    }

    @Test
    void component_hasPlacesOfItsOwn() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ExecutionChain.Builder builder = ExecutionChain.named("many");
        for (int i = 0; i < 100; i++) {
            builder.step("s" + i, A, input -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                Thread.yield();
                now.decrementAndGet();
                return null;
            });
        }

        assertThat(coordinator.run(builder.build(), null, caller()).success()).isTrue();
        assertThat(most).hasValueLessThanOrEqualTo(Lanes.PLACES);
    }

    @Test
    void interrupt_ofACutOffStep_doesNotStayOnItsThread() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        try (Coordinator single = new Coordinator(
                time,
                Awaiter.blocking(time),
                one,
                new CoordinatorSettings(
                        Duration.ofSeconds(1), Duration.ofSeconds(300), 10, 10, 10, Duration.ofHours(1)))) {
            for (int i = 0; i < 200; i++) {
                CountDownLatch begun = new CountDownLatch(1);
                ExecutionChain chain = ExecutionChain.named("x")
                        .step("spins", A, input -> {
                            begun.countDown();
                            while (!Thread.currentThread().isInterrupted()) {
                                Thread.onSpinWait();
                            }
                            return null;
                        })
                        .build();
                CompletableFuture<ChainResult> future = start(single, chain);
                begun.await();
                time.advance(Duration.ofSeconds(1));
                result(future);
                assertThat(one.submit(() -> Thread.currentThread().isInterrupted())
                                .get())
                        .isFalse();
            }
        } finally {
            one.shutdownNow();
        }
    }

    @Test
    void executorThatTakesNoMore_failsTheStep() {
        try (Coordinator none = new Coordinator(
                time,
                Awaiter.blocking(time),
                task -> {
                    throw new java.util.concurrent.RejectedExecutionException("full");
                },
                CoordinatorSettings.DEFAULT)) {
            ExecutionChain chain = ExecutionChain.named("x")
                    .step("s", A, gives(1))
                    .step("t", A, gives(1), "s")
                    .build();
            ChainResult result = none.run(chain, null, caller());
            assertThat(status(result, "s")).isEqualTo(Status.FAILED);
            assertThat(status(result, "t")).isEqualTo(Status.SKIPPED);
        }
    }

    @Test
    void trace_hasTheEventsOfTheRunOnly() {
        ExecutionChain chain = ExecutionChain.named("c")
                .step("ok", A, gives(1))
                .step("bad", B, FAILS, "ok")
                .step("never", A, gives(1), "bad")
                .build();
        coordinator.run(chain, null, caller());
        coordinator.note(RUN, B, "custom", JsonObject.of("x", 1));
        coordinator.note(new CorrelationId("other"), B, "custom", JsonObject.empty());

        Trace trace = coordinator.trace(RUN).orElseThrow();
        assertThat(trace.events())
                .extracting(Trace.Event::type)
                .containsExactly(
                        "chain.started",
                        "step.started",
                        "step.succeeded",
                        "step.started",
                        "step.failed",
                        "step.skipped",
                        "chain.failed",
                        "custom");
        assertThat(trace.events().get(2).component()).isEqualTo(A);
        assertThat(trace.events().get(2).details()).isEqualTo(Map.of("chain", "c", "step", "ok"));
        assertThat(coordinator.trace(new CorrelationId("unknown"))).isEmpty();
    }

    @Test
    void traces_areBoundedInEveryWay() {
        Coordinator small = coordinator(new CoordinatorSettings(
                Duration.ofSeconds(30), Duration.ofSeconds(300), 10, 3, 4, Duration.ofHours(24)));
        for (int i = 0; i < 10; i++) {
            small.note(RUN, A, "e" + i, JsonObject.empty());
        }
        Trace trace = small.trace(RUN).orElseThrow();
        assertThat(trace.events()).extracting(Trace.Event::type).containsExactly("e6", "e7", "e8", "e9");
        assertThat(trace.dropped()).isEqualTo(6);

        for (String run : List.of("r1", "r2", "run-1", "r3")) {
            small.note(new CorrelationId(run), A, "e", JsonObject.empty());
        }
        assertThat(small.trace(new CorrelationId("r1"))).isEmpty(); // its last event is the oldest
        assertThat(small.trace(RUN)).isPresent();

        time.advance(Duration.ofHours(24).plusNanos(1));
        assertThat(small.trace(RUN)).isEmpty();
    }

    @Test
    void manyChainsAtOnce_eachStepRunsOnce() {
        AtomicInteger runs = new AtomicInteger();
        ExecutionChain.Builder builder =
                ExecutionChain.named("diamonds").step("s0", A, input -> runs.incrementAndGet());
        for (int i = 1; i < 20; i++) {
            builder.step("s" + i, i % 2 == 0 ? A : B, input -> runs.incrementAndGet(), "s" + i / 2);
        }
        ExecutionChain chain = builder.build();
        List<CompletableFuture<ChainResult>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(start(coordinator, chain));
        }

        assertThat(all)
                .allSatisfy(future -> assertThat(result(future).success()).isTrue());
        assertThat(runs).hasValue(2_000);
        assertThat(coordinator.activeChains()).isZero();
    }

    @Test
    void badInput_isRefused() {
        assertThatThrownBy(() -> ExecutionChain.named("x").build())
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("1 or more");
        assertThatThrownBy(() -> ExecutionChain.named(" ")).isInstanceOf(ArgumentException.class);
        assertThatThrownBy(
                        () -> ExecutionChain.named("x").step("a", A, gives(1)).step("a", A, gives(1)))
                .hasMessageContaining("once");
        assertThatThrownBy(() -> ExecutionChain.named("x")
                        .step("a", A, gives(1), "b")
                        .step("b", A, gives(1), "c")
                        .step("c", A, gives(1), "a")
                        .build())
                .isInstanceOfSatisfying(
                        LlmSpellException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.DEPENDENCY_CYCLE))
                .hasMessageContaining("a -> b -> c -> a");
        assertThatThrownBy(() ->
                        new CoordinatorSettings(Duration.ZERO, Duration.ofSeconds(1), 1, 1, 1, Duration.ofSeconds(1)))
                .hasMessageContaining("max_component_execution_time");
        assertThatThrownBy(() -> coordinator.note(RUN, A, "", JsonObject.empty()))
                .isInstanceOf(ArgumentException.class);
    }
}

package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IsolatedThreadsTest {
    private final IsolatedThreads threads = new IsolatedThreads(2);
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void close() {
        gate.countDown();
        threads.close();
    }

    private IsolatedRun quick() {
        return threads.run("quick", HookResult::proceed, Runnable::run);
    }

    /** Waits for the gate, whatever interrupts it. */
    private IsolatedRun stubborn() {
        CountDownLatch began = new CountDownLatch(1);
        IsolatedRun run = threads.run(
                "stubborn",
                () -> {
                    began.countDown();
                    while (gate.getCount() > 0) {
                        try {
                            gate.await();
                        } catch (InterruptedException ignored) {
                            // this is what the hook is here for
                        }
                    }
                    return HookResult.proceed();
                },
                Runnable::run);
        await().until(() -> began.getCount() == 0);
        return run;
    }

    @Test
    void run_withoutThreadOfTheMachine_isRefusedAndHoldsNothing() {
        AtomicBoolean none = new AtomicBoolean(true);
        IsolatedThreads poor = new IsolatedThreads(1, task -> {
            if (none.getAndSet(false)) {
                throw new OutOfMemoryError("planted");
            }
            return new Thread(task);
        });

        assertThatThrownBy(() -> poor.run("h", HookResult::proceed, Runnable::run))
                .isInstanceOf(HookException.class)
                .hasMessageContaining("no thread could be started");
        assertThat(poor.running()).isZero();
        assertThat(poor.run("h", HookResult::proceed, Runnable::run)).succeedsWithin(Duration.ofSeconds(10));
        poor.close();
    }

    @Test
    void run_givesTheResultFromADaemonThreadOfItsOwn() throws Exception {
        AtomicReference<Thread> ran = new AtomicReference<>();

        IsolatedRun run = threads.run(
                "h",
                () -> {
                    ran.set(Thread.currentThread());
                    return HookResult.proceed();
                },
                Runnable::run);

        assertThat(run.get(10, TimeUnit.SECONDS)).isEqualTo(HookResult.proceed());
        assertThat(ran.get()).isNotSameAs(Thread.currentThread());
        assertThat(ran.get().isDaemon()).isTrue();
        assertThat(ran.get().getName()).isEqualTo("llmspell-isolated-hook");
    }

    @Test
    void run_thatThrows_failsTheFuture_errorsToo() {
        IsolatedRun run = threads.run(
                "h",
                () -> {
                    throw new StackOverflowError("deep");
                },
                Runnable::run);

        assertThatThrownBy(run::join).isInstanceOf(CompletionException.class).hasRootCauseMessage("deep");
        assertThat(threads.running()).isZero();
    }

    @Test
    void run_withoutResult_givesNull() {
        assertThat(threads.run("h", () -> null, Runnable::run).join()).isNull();
    }

    @Test
    void oneAfterTheOther_isNeverRefused() {
        IsolatedThreads one = new IsolatedThreads(1);
        try {
            for (int i = 0; i < 5_000; i++) {
                assertThat(one.run("h", HookResult::proceed, Runnable::run).join())
                        .isNotNull();
            }
        } finally {
            one.close();
        }
    }

    @Test
    void allBusy_isRefusedAtOnce() {
        stubborn();
        stubborn();

        assertThat(threads.running()).isEqualTo(2);
        assertThatThrownBy(this::quick)
                .isInstanceOfSatisfying(
                        HookException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.HOOK_UNAVAILABLE))
                .hasMessageContaining("hook \"quick\" could not start: all 2 threads")
                .hasMessageContaining("0 of them stuck");
    }

    @Test
    void abandoned_interruptsAndEndsTheFutureAtOnce() {
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch began = new CountDownLatch(1);
        IsolatedRun run = threads.run(
                "h",
                () -> {
                    began.countDown();
                    try {
                        gate.await();
                    } catch (InterruptedException e) {
                        interrupted.set(true);
                        throw e;
                    }
                    return HookResult.proceed();
                },
                Runnable::run);
        await().until(() -> began.getCount() == 0);

        assertThat(run.abandon(new IllegalStateException("late"))).isTrue();
        assertThat(run.abandon(new IllegalStateException("again"))).isFalse();

        assertThatThrownBy(run::join).hasRootCauseMessage("late");
        await().until(interrupted::get);
        await().until(() -> threads.running() == 0);
        assertThat(threads.stuck()).isZero();
    }

    @Test
    void abandoned_thatIgnoresTheInterrupt_countsUntilItEnds() {
        List<IsolatedRun> runs = List.of(stubborn(), stubborn());
        runs.forEach(run -> run.abandon(new IllegalStateException("late")));

        assertThat(threads.stuck()).isEqualTo(2);
        assertThatThrownBy(this::quick).hasMessageContaining("2 of them stuck");
        gate.countDown();
        await().until(() -> threads.running() == 0 && threads.stuck() == 0);
        assertThat(quick().join()).isNotNull();
    }

    @Test
    void cancelled_isAbandonedToo() {
        IsolatedRun run = stubborn();

        assertThat(run.cancel(true)).isTrue();

        assertThatThrownBy(run::join).isInstanceOf(CancellationException.class);
        assertThat(threads.stuck()).isEqualTo(1);
    }

    @Test
    void ended_cannotBeAbandoned() {
        IsolatedRun run = quick();
        run.join();

        assertThat(run.abandon(new IllegalStateException("late"))).isFalse();
        assertThat(run.cancel(true)).isFalse();
        assertThat(threads.stuck()).isZero();
    }

    @Test
    void interruptOfAnAbandonedRun_neverHitsTheNextOne() {
        for (int i = 0; i < 2_000; i++) {
            IsolatedRun late = threads.run("late", HookResult::proceed, Runnable::run);
            boolean abandoned = late.abandon(new IllegalStateException("late"));
            await().pollInterval(1, TimeUnit.MICROSECONDS).until(() -> threads.running() == 0);
            List<CompletableFuture<HookResult>> next = new ArrayList<>();
            for (int n = 0; n < 2; n++) {
                next.add(threads.run(
                        "next",
                        () -> Thread.currentThread().isInterrupted() ? null : HookResult.proceed(),
                        Runnable::run));
            }
            for (CompletableFuture<HookResult> each : next) {
                assertThat(each.join())
                        .as("round %s, abandoned %s", i, abandoned)
                        .isNotNull();
            }
        }
    }

    @Test
    void resume_decidesWhereTheFutureCompletes() throws Exception {
        List<Runnable> later = new ArrayList<>();
        CountDownLatch handed = new CountDownLatch(1);
        IsolatedRun run = threads.run("h", HookResult::proceed, task -> {
            later.add(task);
            handed.countDown();
        });

        assertThat(handed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(run).isNotDone();
        assertThat(threads.running()).isZero();
        later.get(0).run();
        assertThat(run).isDone();
    }

    @Test
    void close_interruptsAndRefuses_twice() {
        CountDownLatch began = new CountDownLatch(1);
        IsolatedRun run = threads.run(
                "h",
                () -> {
                    began.countDown();
                    gate.await();
                    return HookResult.proceed();
                },
                Runnable::run);
        await().until(() -> began.getCount() == 0);

        threads.close();
        threads.close();

        assertThatThrownBy(run::join).hasRootCauseInstanceOf(InterruptedException.class);
        assertThatThrownBy(this::quick).isInstanceOf(HookException.class).hasMessageContaining("the hooks are closed");
        assertThat(threads.running()).isZero();
    }
}

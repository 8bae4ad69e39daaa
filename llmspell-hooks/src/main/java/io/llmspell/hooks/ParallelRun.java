package io.llmspell.hooks;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Asks children at once, each on a snapshot of the operation.
 *
 * <p>{@link #advance} and {@link #abandon} are called by the thread that drives the composite, one at a time. A child
 * that ends says so on its own thread; its call is settled once, by it or by the driver that waits no longer. Children
 * are started by whoever finds {@code starting} at rest, so {@code next} has one writer at a time.
 */
final class ParallelRun implements CompositeRun {
    private final List<CompositeChild> children;
    private final CompositionMode.Parallel mode;
    private final Duration limit;
    private final CompositeEnv env;
    private final HookContext context;
    private final @Nullable ContextView reactive;
    private final List<ParallelCall> calls = new ArrayList<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final AtomicInteger starting = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger left;
    private volatile boolean over;
    private Handle timer = Handle.noop();
    private int next;
    private @Nullable HookResult result;
    private @Nullable LlmSpellException failure;

    ParallelRun(
            List<CompositeChild> children,
            CompositionMode.Parallel mode,
            Duration limit,
            CompositeEnv env,
            HookContext context,
            @Nullable ContextView reactive) {
        this.children = children;
        this.mode = mode;
        this.limit = limit;
        this.env = env;
        this.context = context;
        this.reactive = reactive;
        this.left = new AtomicInteger(children.size());
    }

    @Override
    public @Nullable CompletableFuture<?> advance() {
        if (calls.isEmpty()) {
            SnapshotContext.Frozen frozen = SnapshotContext.freeze(context, env.time());
            children.forEach(child -> calls.add(new ParallelCall(child, SnapshotContext.of(frozen), env)));
            timer = env.time().schedule(limit, this::timeIsUp);
            startMore();
            return done;
        }
        if (!over) {
            finish();
        }
        return null;
    }

    /** On the timer's thread, where no foreign code may run. */
    private void timeIsUp() {
        try {
            env.threads().execute(() -> done.complete(null));
        } catch (RejectedExecutionException full) { // late on the wrong thread is better than never
            done.complete(null);
        }
    }

    @Override
    public HookResult result() {
        if (failure != null) {
            throw failure;
        }
        return Objects.requireNonNull(result);
    }

    @Override
    public void abandon() {
        over = true;
        timer.close();
        for (ParallelCall call : calls) {
            call.giveUp("was cut off, because nobody waited for it any longer");
            if (reactive == null) {
                call.snapshot.mergeInto(context, false);
            } else { // the operation has gone on without the composite
                call.end();
            }
            call.stop();
        }
    }

    /** On the thread of the operation: takes what there is in the order of the children. */
    private void finish() {
        over = true;
        timer.close();
        List<ChildOutcome> outcomes = new ArrayList<>();
        for (ParallelCall call : calls) {
            call.giveUp("did not answer within " + limit);
            ChildOutcome outcome = call.outcome();
            try {
                call.snapshot.mergeInto(context, call.inTime());
            } catch (LlmSpellException full) { // more metadata than an operation may have
                outcome = ChildOutcome.failed(full);
            }
            call.stop();
            outcomes.add(outcome);
        }
        try {
            result = Ranking.of(mode, children, outcomes, context.data());
        } catch (LlmSpellException failed) {
            failure = failed;
        }
    }

    private void startMore() {
        if (starting.getAndIncrement() != 0) {
            return;
        }
        int most = mode.maxConcurrency() == 0 ? Integer.MAX_VALUE : mode.maxConcurrency();
        int seen = 1;
        do {
            while (!over && next < calls.size() && running.get() < most) {
                running.incrementAndGet();
                start(calls.get(next++));
            }
            seen = starting.addAndGet(-seen);
        } while (seen != 0);
    }

    private void start(ParallelCall call) {
        if (!call.begin()) {
            ended();
            return;
        }
        CompositeChild.Code code = call.child.code();
        if (code instanceof CompositeChild.Code.Direct direct) {
            elsewhere(call, () -> direct.hook().execute(call.snapshot));
        } else if (code instanceof CompositeChild.Code.Reactive later) {
            here(call, () -> later.hook().execute(call.snapshot));
        } else if (code instanceof CompositeChild.Code.Nested nested) {
            if (nested.composition().blocks()) {
                elsewhere(call, () -> nested.composition().execute(call.snapshot, null));
            } else {
                here(call, () -> nested.composition().executeReactive(call.snapshot, null));
            }
        }
    }

    private void elsewhere(ParallelCall call, Callable<HookResult> work) {
        FutureTask<@Nullable Void> task = new FutureTask<>(
                () -> {
                    if (call.run(work)) {
                        ended();
                    }
                },
                null);
        call.stopper(() -> task.cancel(true));
        try {
            env.threads().execute(CarriedContext.over(task));
        } catch (RejectedExecutionException full) {
            if (call.refused()) {
                ended();
            }
        }
    }

    private void here(ParallelCall call, Callable<Mono<HookResult>> work) {
        CompletableFuture<HookResult> answer;
        try {
            answer = ChildFuture.of(call.child, work.call(), reactive, env.watchdog(), call.began());
        } catch (Throwable thrown) { // errors too: a child must not take the others with it
            settle(call, null, thrown);
            return;
        }
        call.stopper(() -> answer.cancel(true));
        CompletableFuture<?> unused = answer.whenComplete((value, thrown) -> settle(call, value, thrown));
    }

    private void settle(ParallelCall call, @Nullable HookResult value, @Nullable Throwable thrown) {
        if (call.settle(value, thrown)) {
            ended();
        }
    }

    private void ended() {
        running.decrementAndGet();
        if (left.decrementAndGet() == 0) {
            done.complete(null);
        } else {
            startMore();
        }
    }
}

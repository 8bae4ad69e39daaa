package io.llmspell.hooks;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.error.LlmSpellException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Drives a pass without blocking: it goes on when what the pass waits for completes.
 *
 * <p>One thread at a time is in {@link #drive}: the next one enters through the future on which the last one parked,
 * which completes once. Other threads only set {@code stop} and cancel that future: whoever sets {@code stop} looks
 * for {@code parked} afterwards, and the driver looks for {@code stop} after it has set {@code parked}, so one of them
 * sees the other. The cancelling itself is done on a thread that may block, since the operation then ends there.
 */
final class AsyncRun<I, O> {
    private final GateImpl gate;
    private final Pass<I, O> pass;
    private final MonoSink<O> sink;
    private final Scheduler elastic = Schedulers.boundedElastic();
    private final AtomicReference<@Nullable LlmSpellException> stop = new AtomicReference<>();
    private volatile @Nullable CompletableFuture<?> parked;
    private volatile boolean deserted;

    private AsyncRun(Pass<I, O> pass, MonoSink<O> sink) {
        this.gate = pass.gate;
        this.pass = pass;
        this.sink = sink;
    }

    static <I, O> Mono<O> of(Pass<I, O> pass) {
        return Mono.create(sink -> new AsyncRun<>(pass, sink).start());
    }

    private void start() {
        pass.reactive(sink.contextView());
        sink.onCancel(() -> {
            deserted = true;
            stop(new CancelledException(pass.component.toString()));
        });
        drive();
    }

    private void drive() {
        if (pass.blocks() && Schedulers.isInNonBlockingThread()) {
            elsewhere(this::run);
        } else {
            run();
        }
    }

    private void run() {
        Handle bound = CarriedContext.bind(sink.contextView());
        try {
            advance();
        } finally {
            bound.close();
        }
    }

    private void advance() {
        CompletableFuture<?> wait = pass.advance();
        while (wait != null) {
            if (!wait.isDone()) {
                park(wait);
                return;
            }
            wait = pass.advance();
        }
        deliver();
    }

    private void park(CompletableFuture<?> wait) {
        Handle guard = pass.waitsGuarded() ? guard() : Handle.noop();
        parked = wait;
        if (stop.get() != null) {
            cancel(wait);
        }
        CompletableFuture<?> unused = wait.whenComplete((value, failure) -> {
            parked = null;
            guard.close();
            LlmSpellException reason = stop.getAndSet(null);
            if (reason != null) {
                pass.abandon(reason);
            }
            drive();
        });
    }

    /** Ends a wait for a hook when the caller's token is cancelled or its deadline passes. */
    private Handle guard() {
        long deadline = pass.caller.deadlineNanos();
        Handle timer = Handle.noop();
        if (deadline != Awaiter.NO_DEADLINE) {
            Duration left = Duration.ofNanos(deadline - gate.time().nanos());
            timer = gate.time().schedule(left, () -> stop(LimitException.timeout("a wait", "its deadline")));
        }
        Handle running = timer;
        Handle token = pass.caller.token().onCancel(() -> stop(new CancelledException(pass.component.toString())));
        return () -> {
            running.close();
            token.close();
        };
    }

    private void stop(LlmSpellException reason) {
        stop.compareAndSet(null, reason);
        pass.requestStop(reason);
        CompletableFuture<?> wait = parked;
        if (wait != null) {
            cancel(wait);
        }
    }

    private void cancel(CompletableFuture<?> wait) {
        elsewhere(() -> wait.cancel(true));
    }

    private void elsewhere(Runnable task) {
        try {
            elastic.schedule(task);
        } catch (RejectedExecutionException full) { // late on the wrong thread is better than never
            task.run();
        }
    }

    private void deliver() {
        LlmSpellException error = pass.error;
        O output = pass.output;
        if (deserted) {
            return;
        }
        if (error != null) {
            sink.error(error);
        } else {
            sink.success(output);
        }
    }
}

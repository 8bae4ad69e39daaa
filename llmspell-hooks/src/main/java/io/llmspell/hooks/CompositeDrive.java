package io.llmspell.hooks;

import io.llmspell.core.hook.HookResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/**
 * Drives a composite without blocking.
 *
 * <p>One thread at a time is in {@link #loop}: the next one enters through the future on which the last one parked.
 * A subscriber that leaves sets {@code deserted} and then cancels what is parked; the driver parks and then looks at
 * {@code deserted}, so one of them ends the wait.
 */
final class CompositeDrive {
    private final CompositeRun run;
    private final boolean blocks;
    private final MonoSink<HookResult> sink;
    private volatile boolean deserted;
    private volatile @Nullable CompletableFuture<?> parked;

    CompositeDrive(CompositeRun run, boolean blocks, MonoSink<HookResult> sink) {
        this.run = run;
        this.blocks = blocks;
        this.sink = sink;
    }

    void start() {
        sink.onCancel(this::leave);
        go();
    }

    private void leave() {
        deserted = true;
        CompletableFuture<?> wait = parked;
        if (wait != null) {
            wait.cancel(true);
        }
    }

    private void go() {
        if (!blocks || !Schedulers.isInNonBlockingThread()) {
            loop();
            return;
        }
        try {
            Schedulers.boundedElastic().schedule(this::loop);
        } catch (RejectedExecutionException full) {
            run.abandon();
            sink.error(full);
        }
    }

    private void loop() {
        try {
            while (!deserted) {
                CompletableFuture<?> wait = run.advance();
                if (wait == null) {
                    sink.success(run.result());
                    return;
                }
                if (!wait.isDone()) {
                    park(wait);
                    return;
                }
            }
            run.abandon();
        } catch (Throwable failure) { // the composite's own, and faults
            sink.error(failure);
        }
    }

    private void park(CompletableFuture<?> wait) {
        parked = wait;
        if (deserted) {
            wait.cancel(true);
        }
        CompletableFuture<?> unused = wait.whenComplete((value, failure) -> {
            parked = null;
            go();
        });
    }
}

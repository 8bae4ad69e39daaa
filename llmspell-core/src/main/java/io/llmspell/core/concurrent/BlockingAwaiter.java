package io.llmspell.core.concurrent;

import io.llmspell.core.error.InternalException;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LimitException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

/** Parks the calling thread until the stage ends; woken by completion, deadline, token or interrupt. */
final class BlockingAwaiter implements Awaiter {
    private final Ticker time;

    BlockingAwaiter(Ticker time) {
        this.time = time;
    }

    @Override
    public <T extends @Nullable Object> T await(CompletionStage<T> stage, long deadlineNanos, Cancellation token) {
        if (Schedulers.isInNonBlockingThread()) {
            throw new InvalidStateException("a blocking call was made on the non-blocking thread "
                    + Thread.currentThread().getName() + "; use the reactive twin of the method");
        }
        Waiting<T> waiting = new Waiting<>();
        stage.whenComplete(waiting::done);
        Handle cancel = token.onCancel(waiting.latch::countDown);
        Handle timer = timer(deadlineNanos, waiting);
        try {
            waiting.latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("a wait");
        } finally {
            timer.close();
            cancel.close();
        }
        return waiting.value(token);
    }

    private <T extends @Nullable Object> Handle timer(long deadlineNanos, Waiting<T> waiting) {
        if (deadlineNanos == NO_DEADLINE || waiting.latch.getCount() == 0) {
            return Handle.noop();
        }
        Duration left = Duration.ofNanos(Math.max(0, deadlineNanos - time.nanos()));
        return time.schedule(left, waiting.latch::countDown);
    }

    /** What one call waits for. */
    private static final class Waiting<T extends @Nullable Object> {
        final CountDownLatch latch = new CountDownLatch(1);
        private final AtomicReference<@Nullable Result<T>> result = new AtomicReference<>();

        void done(T value, @Nullable Throwable error) {
            result.set(new Result<>(value, error));
            latch.countDown();
        }

        T value(Cancellation token) {
            Result<T> ended = result.get();
            if (ended == null) {
                token.throwIfCancelled("a wait");
                throw LimitException.timeout("a wait", "its deadline");
            }
            if (ended.error != null) {
                throw InternalException.coded("an asynchronous call", unwrap(ended.error));
            }
            return ended.value;
        }

        private static Throwable unwrap(Throwable error) {
            Throwable cause = error.getCause();
            return error instanceof CompletionException && cause != null ? cause : error;
        }
    }

    private record Result<T extends @Nullable Object>(
            T value, @Nullable Throwable error) {}
}

package io.llmspell.storage.spi;

import io.llmspell.core.error.InternalException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.CommitListener;
import io.llmspell.core.storage.Write;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.MonoSink;

/**
 * What waits in a {@link CommitQueue}; {@code done} is written by the leader last and read by the waiter, so everything
 * before it is seen too.
 */
abstract class QueueItem {
    private static final Logger LOG = LoggerFactory.getLogger(QueueItem.class);

    final @Nullable Thread waiter;
    volatile boolean done;

    QueueItem(@Nullable Thread waiter) {
        this.waiter = waiter;
    }

    final void finish() {
        done = true;
        if (waiter != null && waiter != Thread.currentThread()) {
            LockSupport.unpark(waiter);
        }
    }

    /** A batch on its way. */
    static final class Pending extends QueueItem {
        final Batch batch;
        private final @Nullable MonoSink<Commit> sink;
        private final Runnable onEnd;
        private @Nullable Commit outcome;
        private @Nullable LlmSpellException error;

        Pending(Batch batch, @Nullable Thread waiter, @Nullable MonoSink<Commit> sink, Runnable onEnd) {
            super(waiter);
            this.batch = batch;
            this.sink = sink;
            this.onEnd = onEnd;
        }

        long bytes() {
            long sum = 0;
            for (Write part : batch.writes()) {
                if (part instanceof Write.Put put) {
                    sum += put.value().length();
                } else if (part instanceof Write.Append append) {
                    sum += append.value().length();
                }
            }
            return sum;
        }

        void succeed(Commit commit) {
            CommitListener listener = batch.listener();
            if (listener != null && commit instanceof Commit.Done written) {
                tell(listener, written);
            }
            outcome = commit;
            finish();
            onEnd.run();
        }

        void fail(LlmSpellException fault) {
            error = fault;
            finish();
            onEnd.run();
        }

        /** What tells the subscriber once the batch is done; null if a thread waits instead. */
        @Nullable Runnable delivery() {
            MonoSink<Commit> subscriber = sink;
            if (subscriber == null) {
                return null;
            }
            LlmSpellException fault = error;
            return fault == null ? () -> subscriber.success(outcome) : () -> subscriber.error(fault);
        }

        Commit outcome() {
            if (error != null) {
                throw error;
            }
            return Objects.requireNonNull(outcome);
        }

        private static void tell(CommitListener listener, Commit.Done done) {
            try {
                listener.committed(done);
            } catch (Throwable fault) {
                // The commit stands; a listener that breaks its contract must not make it look failed.
                LOG.error("a commit listener failed at commit {}", done.number(), LogText.maskedError(fault));
            }
        }
    }

    /** An action on its way. */
    static final class Action<T> extends QueueItem {
        private final Supplier<T> action;
        private @Nullable T result;
        private @Nullable Throwable error;

        Action(Supplier<T> action, @Nullable Thread waiter) {
            super(waiter);
            this.action = action;
        }

        void run() {
            try {
                result = action.get();
            } catch (Throwable fault) {
                error = fault;
            }
        }

        T result() {
            if (error != null) {
                throw InternalException.coded("an action of the store", error);
            }
            return Objects.requireNonNull(result);
        }
    }
}

package io.llmspell.events;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.event.EventException;
import io.llmspell.core.event.EventInbox;
import io.llmspell.core.event.EventPattern;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A subscription whose events are fetched.
 *
 * <p><b>Threads:</b> safe; {@code taking} makes one taker of many callers, and is taken before the order lock. Stages
 * are completed outside both.
 */
final class InboxSubscription extends QueuedSubscription implements EventInbox {
    private final ReentrantLock taking = new ReentrantLock();

    /** Who waits for the next event; guarded by {@code taking}. */
    private @Nullable Next pending;

    InboxSubscription(BusParts parts, EventPattern pattern, SubscribeOptions options, Caller caller) {
        super(parts, pattern, options, caller, false);
    }

    @Override
    public Optional<UniversalEvent> poll() {
        UniversalEvent event;
        taking.lock();
        try {
            event = taken();
        } finally {
            taking.unlock();
        }
        admit();
        return Optional.ofNullable(event);
    }

    @Override
    public CompletionStage<UniversalEvent> next() {
        Next next;
        UniversalEvent event;
        taking.lock();
        try {
            if (pending != null) {
                return pending;
            }
            next = new Next();
            event = taken();
            pending = event == null && !isClosed() ? next : null;
        } finally {
            taking.unlock();
        }
        if (event != null) {
            next.complete(event);
        } else if (isClosed()) {
            closed();
            next.end();
        }
        admit();
        return next;
    }

    /** Under {@code taking}: an event may be evicted between look and grasp, so one failure does not mean emptiness. */
    private @Nullable UniversalEvent taken() {
        UniversalEvent event = takeNext();
        while (event == null && !queue().isEmpty()) {
            event = takeNext();
        }
        return event;
    }

    @Override
    void wake() {
        Next waiter = null;
        UniversalEvent event = null;
        taking.lock();
        try {
            if (pending != null) {
                event = taken();
                waiter = pending;
                pending = event == null ? waiter : null;
            }
        } finally {
            taking.unlock();
        }
        if (waiter != null && event != null) {
            waiter.complete(event);
            admit();
        }
    }

    @Override
    void wakeFromCommit() {
        try {
            parts().threads().execute(this::wake);
        } catch (RejectedExecutionException closing) {
            wake(); // the bus has closed, and closing has ended whoever waited
        }
    }

    @Override
    void closed() {
        Next waiter;
        taking.lock();
        try {
            waiter = pending;
            pending = null;
        } finally {
            taking.unlock();
        }
        if (waiter != null) {
            waiter.end();
        }
        becameIdle();
    }

    @Override
    boolean servedByThisThread() {
        return false;
    }

    @Override
    void resumed() {
        // events are only fetched, so nothing can fail
    }

    @Override
    long running(long delivered) {
        return 0; // events are only fetched
    }

    @Override
    long failures() {
        return 0;
    }

    /** A stage that takes no event once its caller has given it up, by cancellation or a timeout of the stage. */
    private final class Next extends CompletableFuture<UniversalEvent> {
        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            return withdrawn() && super.cancel(mayInterruptIfRunning);
        }

        @Override
        public boolean completeExceptionally(Throwable error) {
            return withdrawn() && super.completeExceptionally(error);
        }

        private boolean withdrawn() {
            taking.lock();
            try {
                boolean waited = pending == this;
                pending = waited ? null : pending;
                return waited;
            } finally {
                taking.unlock();
            }
        }

        void end() {
            super.completeExceptionally(new EventException(
                    ErrorCode.UNKNOWN_SUBSCRIPTION, "No active subscription found: " + id() + "; it was closed"));
        }
    }
}

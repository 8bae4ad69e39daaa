package io.llmspell.events;

import io.llmspell.core.error.LimitException;
import io.llmspell.core.event.EventHandler;
import io.llmspell.core.event.EventPattern;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A subscription whose handler runs on the threads of the bus, in one lane or in several at once.
 *
 * <p><b>Threads:</b> safe. With one lane its drain task is the one taker of the queue; several take under {@code taking},
 * which is taken before the order lock.
 */
final class HandlerSubscription extends QueuedSubscription implements Draining {
    private final Lane[] lanes;
    private final Handling handling;
    private final Patience patience;
    private final @Nullable ReentrantLock taking;
    private final CompletableFuture<Void> quiet = new CompletableFuture<>();
    private volatile boolean quietWanted;

    HandlerSubscription(
            BusParts parts, EventPattern pattern, SubscribeOptions options, EventHandler handler, Caller caller) {
        super(parts, pattern, options, caller);
        this.handling = Handling.of(options.handling(), parts.settings().handling());
        this.patience = new Patience(this, handling.quarantineAfter());
        this.taking = handling.concurrency() == 1 ? null : new ReentrantLock();
        this.lanes = new Lane[handling.concurrency()];
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] = new Lane(handler);
        }
    }

    @Override
    void wake() {
        if (lanes.length == 1) {
            lanes[0].drain.wake();
            return;
        }
        for (Lane lane : lanes) {
            if (lane.drain.isIdle()) {
                lane.drain.wake();
                return;
            }
        }
    }

    private @Nullable UniversalEvent taken() {
        if (taking == null) {
            return takeNext();
        }
        UniversalEvent event;
        taking.lock();
        try {
            event = takeNext();
        } finally {
            taking.unlock();
        }
        if (event != null && !queue().isEmpty()) {
            wake(); // another lane may rest, as a publisher that waited for room wakes nobody
        }
        return event;
    }

    @Override
    boolean mayBeLow() {
        return taking == null ? queue().isAtMost(lowMark()) : super.mayBeLow();
    }

    private void rested() {
        boolean idle = allIdle();
        if (isClosed() && idle) {
            becameIdle();
        }
        if (quietWanted && idle && queue().isEmpty()) {
            quiet.complete(null);
        }
    }

    private boolean allIdle() {
        for (Lane lane : lanes) {
            if (!lane.drain.isIdle()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public CompletionStage<Void> quiet() {
        quietWanted = true;
        rested();
        return quiet;
    }

    @Override
    void closed() {
        for (Lane lane : lanes) {
            lane.drain.settle();
        }
    }

    @Override
    void resumed() {
        patience.renew();
    }

    @Override
    public boolean servedByThisThread() {
        for (Lane lane : lanes) {
            if (lane.run.isOnThisThread()) {
                return true;
            }
        }
        return false;
    }

    @Override
    long failures() {
        return patience.failures();
    }

    @Override
    long finished() {
        long sum = 0;
        for (Lane lane : lanes) {
            sum += lane.run.finished();
        }
        return sum;
    }

    /** One handler at a time. */
    private final class Lane implements Drain.Work, HandlerRun.Owner {
        final HandlerRun run;
        final Drain drain;

        Lane(EventHandler handler) {
            this.run = new HandlerRun(parts(), handler, handling.timeout(), this);
            this.drain = new Drain(this, parts().threads());
        }

        @Override
        public boolean ready() {
            return taking == null ? queue().hasNext() : !queue().isEmpty();
        }

        @Override
        public void began() {
            run.begin();
        }

        @Override
        public void paused() {
            run.pause();
        }

        @Override
        public void step() {
            UniversalEvent event = taken();
            admit();
            if (event != null) {
                run.run(event);
            }
        }

        @Override
        public boolean isActive() {
            return drain.isActive();
        }

        @Override
        public void ended(UniversalEvent event, @Nullable Throwable failure) {
            if (failure == null) {
                patience.succeeded();
            } else {
                patience.failed(event, failure, () -> run.again(event));
            }
        }

        @Override
        public void overran(UniversalEvent event) {
            LimitException error = LimitException.timeout(
                    "the handler of " + HandlerSubscription.this + " on event " + event.type(),
                    handling.timeout().toString());
            try {
                parts().threads().execute(() -> patience.failed(event, error, null));
            } catch (RejectedExecutionException closed) {
                patience.failed(event, error, null); // the bus has closed, and the count must be right all the same
            }
        }

        @Override
        public void rested() {
            HandlerSubscription.this.rested();
        }
    }
}

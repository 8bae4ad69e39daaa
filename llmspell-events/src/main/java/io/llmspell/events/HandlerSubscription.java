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
        super(parts, pattern, options, caller, true);
        this.handling = Handling.of(options.handling(), parts.settings().handling());
        this.patience = new Patience(this, handling.quarantineAfter());
        this.taking = handling.concurrency() == 1 ? null : new ReentrantLock();
        this.lanes = new Lane[handling.concurrency()];
        boolean alone = taking == null && !isContested();
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] = new Lane(handler, alone);
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

    private void runBeside(Runnable task) {
        try {
            parts().threads().execute(task);
        } catch (RejectedExecutionException closed) {
            task.run(); // the bus has closed, and what is to be told must be told all the same
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
    long running(long delivered) {
        long sum = 0;
        for (Lane lane : lanes) {
            sum += lane.run.isRunning() ? 1 : 0;
        }
        return sum;
    }

    @Override
    long delivered() {
        long sum = 0;
        for (Lane lane : lanes) {
            sum += lane.run.started();
        }
        return sum;
    }

    /** What was taken, but not handed to a handler yet, goes with the rest. */
    @Override
    long undelivered(long unclaimed) {
        for (Lane lane : lanes) {
            lane.run.close();
        }
        return notLost() - delivered();
    }

    /** A publisher came to wait for room just as some was made. */
    private void admitBeside() {
        admit();
        wake(); // the lanes may rest, as they did not see what was let in
    }

    /** One handler at a time. */
    private final class Lane implements Drain.Work, HandlerRun.Owner {
        final HandlerRun run;
        final Drain drain;

        /** Whether the queue knows what was taken last, because this lane alone takes. */
        private final boolean alone;

        /** The event at work, if the queue does not know; a write of a reference for each event is dear. */
        private @Nullable UniversalEvent event;

        Lane(EventHandler handler, boolean alone) {
            this.alone = alone;
            this.run = new HandlerRun(parts().time(), handler, handling.timeout(), this);
            this.drain = new Drain(this, parts().threads());
        }

        @Override
        public boolean ready() {
            return taking == null ? queue().hasNext() : !queue().isEmpty();
        }

        @Override
        public boolean readyAtRest() {
            parts().order().lock();
            try {
                return !queue().isEmpty();
            } finally {
                parts().order().unlock();
            }
        }

        @Override
        public void began() {
            run.begin();
        }

        @Override
        public void paused() {
            run.pause();
            event = null;
            if (alone) {
                queue().forget();
            }
        }

        @Override
        public void step() {
            run.goOn();
            UniversalEvent taken = taken();
            if (admits()) {
                run.finish(); // what it takes is not the time of the handler before
                admit();
            }
            if (taken == null) {
                return;
            }
            if (!alone) {
                event = taken;
            }
            run.run(taken);
        }

        @Override
        public void starts() {
            if (waitedFor()) { // after the start, which is a full fence between the making of room and this look
                runBeside(HandlerSubscription.this::admitBeside);
            }
        }

        @Override
        public @Nullable UniversalEvent current() {
            Object item = alone ? queue().taken() : event;
            return item == null ? null : Queued.event(item);
        }

        @Override
        public boolean isActive() {
            return drain.isActive();
        }

        @Override
        public void failed(UniversalEvent failing, Throwable failure) {
            patience.failed(failing, failure, () -> run.again(failing));
        }

        @Override
        public void succeeded() {
            patience.succeeded();
        }

        @Override
        public void overran(UniversalEvent late) {
            LimitException error = LimitException.timeout(
                    "the handler of " + HandlerSubscription.this + " on event " + late.type(),
                    handling.timeout().toString());
            runBeside(() -> patience.failed(late, error, null));
        }

        @Override
        public void rested() {
            HandlerSubscription.this.rested();
        }
    }
}

package io.llmspell.events;

import io.llmspell.core.event.EventHandler;
import io.llmspell.core.event.EventPattern;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A subscription whose handler runs on the threads of the bus.
 *
 * <p><b>Threads:</b> safe; the drain task is the one taker of the queue.
 */
final class HandlerSubscription extends QueuedSubscription implements Drain.Work, Draining {
    private final EventHandler handler;
    private final Drain drain;
    private final AtomicLong failed = new AtomicLong();
    private final CompletableFuture<Void> quiet = new CompletableFuture<>();
    private volatile boolean quietWanted;

    /** The thread that runs the handler; only compared with the reader's own thread. */
    private volatile @Nullable Thread runner;

    HandlerSubscription(
            BusParts parts, EventPattern pattern, SubscribeOptions options, EventHandler handler, Caller caller) {
        super(parts, pattern, options, caller);
        this.handler = handler;
        this.drain = new Drain(this, parts.threads());
    }

    @Override
    void wake() {
        drain.wake();
    }

    @Override
    public boolean ready() {
        return !queue().isEmpty();
    }

    @Override
    public void step() {
        UniversalEvent event = takeNext();
        admit();
        if (event == null) {
            return;
        }
        runner = Thread.currentThread();
        try {
            handler.handle(event, false);
        } catch (Throwable failure) {
            failed.incrementAndGet();
            parts().failures().report(this, event, failure);
        } finally {
            runner = null;
            Thread.interrupted(); // an interrupt that this handler left must not hit the next one
        }
    }

    @Override
    public void rested() {
        if (isClosed() && drain.isIdle()) {
            becameIdle();
        }
        if (quietWanted && drain.isIdle() && !ready()) {
            quiet.complete(null);
        }
    }

    @Override
    public CompletionStage<Void> quiet() {
        quietWanted = true;
        rested();
        return quiet;
    }

    @Override
    void closed() {
        drain.settle();
    }

    @Override
    public boolean servedByThisThread() {
        return runner == Thread.currentThread();
    }

    @Override
    long failures() {
        return failed.get();
    }
}

package io.llmspell.events;

import io.llmspell.core.event.EventPattern;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;

/**
 * One subscriber of a stream: its queue is emptied as far as it has requested.
 *
 * <p><b>Threads:</b> safe. All signals come from the drain task, one at a time; it sends none before {@link #begin},
 * which is called when {@code onSubscribe} has returned.
 */
final class StreamSubscription extends QueuedSubscription
        implements org.reactivestreams.Subscription, Drain.Work, Draining {
    private final Drain drain;
    private final AtomicLong demand = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong finished = new AtomicLong();
    private final CompletableFuture<Void> quiet = new CompletableFuture<>();

    /** Null once the stream has ended, so that nothing holds the subscriber. */
    private volatile @Nullable CoreSubscriber<? super UniversalEvent> subscriber;

    private volatile boolean begun;
    private volatile boolean cancelled;
    private volatile boolean quietWanted;
    private volatile @Nullable Throwable error;
    private volatile @Nullable Thread runner;

    StreamSubscription(
            BusParts parts,
            EventPattern pattern,
            SubscribeOptions options,
            CoreSubscriber<? super UniversalEvent> subscriber,
            Caller caller) {
        super(parts, pattern, options, caller, false);
        this.subscriber = subscriber;
        this.drain = new Drain(this, parts.threads());
    }

    void begin() {
        begun = true;
        drain.wake();
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            error = Exceptions.nullOrNegativeRequestException(n);
            close();
            return;
        }
        demand.accumulateAndGet(n, Operators::addCap);
        drain.wake();
    }

    @Override
    public void cancel() {
        cancelled = true;
        close();
    }

    @Override
    void wake() {
        drain.wake();
    }

    @Override
    public boolean ready() {
        if (!begun || subscriber == null) {
            return false;
        }
        return isClosed() || (demand.get() > 0 && !queue().isEmpty());
    }

    @Override
    public boolean readyAtRest() {
        parts().order().lock();
        try {
            return ready();
        } finally {
            parts().order().unlock();
        }
    }

    @Override
    public void step() {
        CoreSubscriber<? super UniversalEvent> receiver = subscriber;
        if (receiver == null) {
            return;
        }
        runner = Thread.currentThread();
        try {
            if (isClosed()) {
                end(receiver);
            } else {
                pass(receiver);
            }
        } finally {
            runner = null;
        }
    }

    private void pass(CoreSubscriber<? super UniversalEvent> receiver) {
        UniversalEvent event = takeNext();
        admit();
        if (event == null) {
            return;
        }
        demand.updateAndGet(n -> n == Long.MAX_VALUE ? n : n - 1);
        try {
            receiver.onNext(event);
        } catch (Throwable failure) {
            failed.incrementAndGet();
            boolean unused = parts().failures().report(reader(), event, failure, null);
            cancel();
        } finally {
            finished.incrementAndGet();
        }
    }

    private void end(CoreSubscriber<? super UniversalEvent> receiver) {
        subscriber = null;
        Throwable problem = error;
        try {
            if (cancelled) {
                return;
            }
            if (problem != null) {
                receiver.onError(problem);
            } else {
                receiver.onComplete();
            }
        } catch (Throwable failure) {
            parts().failures().reportEnd(this, failure);
        }
    }

    @Override
    public void rested() {
        if (isClosed() && subscriber == null && drain.isIdle()) {
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
        drain.wake();
    }

    @Override
    public boolean servedByThisThread() {
        return runner == Thread.currentThread();
    }

    @Override
    void resumed() {
        // a stream has no handler that could fail and go on, so it is never in quarantine
    }

    @Override
    long running(long delivered) {
        return delivered - finished.get();
    }

    @Override
    long failures() {
        return failed.get();
    }
}

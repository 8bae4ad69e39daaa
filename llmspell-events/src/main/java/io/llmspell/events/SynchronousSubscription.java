package io.llmspell.events;

import io.llmspell.core.event.EventHandler;
import io.llmspell.core.event.EventPattern;
import io.llmspell.core.event.SubscriptionStats;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A subscription whose handler runs on the publisher's thread.
 *
 * <p><b>Threads:</b> safe. The word {@code started} counts the handlers that have started, doubled, with the closed bit
 * below: one compare-and-set starts a handler, and none can start once the bit is set.
 */
final class SynchronousSubscription extends BusSubscription {
    private final EventHandler handler;
    private final AtomicLong started = new AtomicLong();
    private final AtomicLong finished = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    /** Guarded by the order lock. */
    private long expired;

    SynchronousSubscription(BusParts parts, EventPattern pattern, EventHandler handler, Caller caller) {
        super(parts, pattern, caller);
        this.handler = handler;
    }

    /** Runs the handler; false if the subscription is closed. */
    boolean deliver(UniversalEvent event, long expiresAt) {
        if (expiresAt != Queued.NEVER
                && Queued.expired(expiresAt, parts().time().nanos())) {
            return expire();
        }
        if (!start()) {
            return false;
        }
        try {
            handler.handle(event, false);
        } catch (Throwable failure) {
            failed.incrementAndGet();
            parts().failures().report(this, event, failure);
        } finally {
            finished.incrementAndGet();
            if ((started.get() & 1) != 0) {
                ended();
            }
        }
        return true;
    }

    private boolean start() {
        long word = started.get();
        while ((word & 1) == 0) {
            if (started.compareAndSet(word, word + 2)) {
                return true;
            }
            word = started.get();
        }
        return false;
    }

    private boolean expire() {
        parts().order().lock();
        try {
            boolean open = (started.get() & 1) == 0;
            if (open) {
                expired++;
            }
            return open;
        } finally {
            parts().order().unlock();
        }
    }

    @Override
    SubscriptionStats counted() {
        long delivered = started.get() >>> 1;
        long taken = delivered + expired;
        return new SubscriptionStats(taken, taken, 0, delivered, 0, expired, 0, failed.get());
    }

    @Override
    boolean shut() {
        long word = started.get();
        while ((word & 1) == 0) {
            if (started.compareAndSet(word, word | 1)) {
                return true;
            }
            word = started.get();
        }
        return false;
    }

    @Override
    void ended() {
        if (finished.get() == started.get() >>> 1) {
            becameIdle();
        }
    }
}

package io.llmspell.events;

import io.llmspell.core.event.EventHandler;
import io.llmspell.core.event.EventPattern;
import io.llmspell.core.event.SubscribeOptions;
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
    private final Patience patience;

    /** Guarded by the order lock, as the next one. */
    private long expired;

    private long dropped;

    SynchronousSubscription(
            BusParts parts, EventPattern pattern, SubscribeOptions options, EventHandler handler, Caller caller) {
        super(parts, pattern, caller);
        this.handler = handler;
        this.patience = new Patience(
                this,
                Handling.of(options.handling(), parts.settings().handling()).quarantineAfter());
    }

    /** Runs the handler; false if the subscription is closed. */
    boolean deliver(UniversalEvent event, long expiresAt) {
        if (quarantined()) {
            return countLost(false);
        }
        if (expiresAt != Queued.NEVER
                && Queued.expired(expiresAt, parts().time().nanos())) {
            return countLost(true);
        }
        if (!start()) {
            return false;
        }
        try {
            handler.handle(event, false);
            patience.succeeded();
        } catch (Throwable failure) {
            patience.failed(event, failure, () -> again(event));
        } finally {
            finished.incrementAndGet();
            if ((started.get() & 1) != 0) {
                ended(true);
            }
        }
        return true;
    }

    private boolean again(UniversalEvent event) throws Throwable {
        long word = started.get();
        while ((word & 1) == 0) {
            if (started.compareAndSet(word, word)) { // changes nothing, but has one order with the close
                handler.handle(event, true);
                return true;
            }
            word = started.get();
        }
        return false;
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

    private boolean countLost(boolean late) {
        parts().order().lock();
        try {
            boolean open = !isShut();
            if (open) {
                expired += late ? 1 : 0;
                dropped += late ? 0 : 1;
            }
            return open;
        } finally {
            parts().order().unlock();
        }
    }

    @Override
    SubscriptionStats counted() {
        long back = finished.get();
        long delivered = started.get() >>> 1;
        long taken = delivered + expired + dropped;
        return new SubscriptionStats(
                taken, taken, 0, delivered, dropped, expired, 0, patience.failures(), delivered - back);
    }

    @Override
    boolean isShut() {
        return (started.get() & 1) != 0;
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
    void dropWaiting() {
        // nothing waits: the handler runs while its event is published
    }

    @Override
    void resumed() {
        patience.renew();
    }

    @Override
    void ended(boolean closed) {
        if (closed && finished.get() == started.get() >>> 1) {
            becameIdle();
        }
    }
}

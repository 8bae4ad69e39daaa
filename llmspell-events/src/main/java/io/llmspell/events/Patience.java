package io.llmspell.events;

import io.llmspell.core.event.UniversalEvent;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the failures of one subscription's handler and puts it into quarantine after too many in a row.
 *
 * <p><b>Threads:</b> safe.
 */
final class Patience {
    private final BusSubscription subscription;
    private final int longest;
    private final AtomicLong failures = new AtomicLong();
    private final AtomicInteger inARow = new AtomicInteger();

    Patience(BusSubscription subscription, int longest) {
        this.subscription = subscription;
        this.longest = longest;
    }

    long failures() {
        return failures.get();
    }

    void succeeded() {
        if (inARow.get() != 0) {
            inARow.set(0);
        }
    }

    void failed(UniversalEvent event, Throwable failure) {
        failures.incrementAndGet();
        int now = inARow.incrementAndGet();
        subscription.parts().failures().report(subscription, event, failure);
        if (longest > 0 && now >= longest) {
            subscription.quarantine(now);
        }
    }

    void renew() {
        inARow.set(0);
    }
}

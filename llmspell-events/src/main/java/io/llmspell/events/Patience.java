package io.llmspell.events;

import io.llmspell.core.event.UniversalEvent;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

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

    void failed(UniversalEvent event, Throwable failure, @Nullable Redelivery again) {
        failures.incrementAndGet();
        int now = inARow.incrementAndGet();
        Redelivery counted = again == null ? null : () -> counted(again);
        if (subscription.parts().failures().report(subscription.reader(), event, failure, counted)) {
            succeeded();
            return;
        }
        if (longest > 0 && now >= longest) {
            subscription.quarantine(now);
        }
    }

    private boolean counted(Redelivery again) throws Throwable {
        try {
            return again.run();
        } catch (Throwable failure) {
            failures.incrementAndGet();
            throw failure;
        }
    }

    void renew() {
        inARow.set(0);
    }
}

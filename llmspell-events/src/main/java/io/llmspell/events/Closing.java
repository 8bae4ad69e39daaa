package io.llmspell.events;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Cancellation;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.CloseReport;
import io.llmspell.core.event.SubscriptionStats;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the subscriptions of a bus that takes no more events: drains what can be drained in time and counts the rest as
 * dropped.
 *
 * <p><b>Threads:</b> for the one thread that closes the bus.
 */
final class Closing {
    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    private final Awaiter awaiter;
    private final TimeSource time;
    private final LateThreads threads;

    Closing(Awaiter awaiter, TimeSource time, LateThreads threads) {
        this.awaiter = awaiter;
        this.time = time;
        this.threads = threads;
    }

    /**
     * Ends all subscriptions.
     *
     * @param others completes when nothing else runs that uses the threads of the bus
     */
    CloseReport run(List<BusSubscription> subscriptions, CompletableFuture<Void> others, Duration drainTimeout) {
        drain(subscriptions, others, drainTimeout);
        List<CloseReport.Left> left = new ArrayList<>();
        for (BusSubscription each : subscriptions) {
            long before = each.stats().dropped();
            each.close();
            SubscriptionStats last = each.stats();
            if (last.dropped() > before || last.running() > 0) {
                left.add(new CloseReport.Left(each.id(), each.pattern(), last.dropped() - before, last.running()));
                LOG.warn(
                        "the bus closed with {} events undelivered to {} and {} of its handlers running",
                        last.dropped() - before,
                        each,
                        last.running());
            }
        }
        // what runs goes on to its end on daemon threads; nothing new starts
        threads.shutdown();
        return new CloseReport(left.isEmpty(), left);
    }

    /** A handler that closes the bus cannot wait for itself. */
    private void drain(List<BusSubscription> subscriptions, CompletableFuture<Void> others, Duration drainTimeout) {
        CompletableFuture<?>[] quiet = subscriptions.stream()
                .filter(Draining.class::isInstance)
                .map(Draining.class::cast)
                .filter(each -> !each.servedByThisThread())
                .map(each -> each.quiet().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture<Void> all = CompletableFuture.allOf(CompletableFuture.allOf(quiet), others);
        if (all.isDone()) {
            return;
        }
        try {
            awaiter.await(all, time.nanos() + drainTimeout.toNanos(), Cancellation.none());
        } catch (LlmSpellException tooSlow) {
            LOG.debug("not all handlers became idle: {}", LogText.masked(tooSlow.getMessage()));
        }
    }
}

package io.llmspell.testing.event;

import static io.llmspell.testing.event.Buses.CALLER;
import static io.llmspell.testing.event.Buses.QUEUED;
import static io.llmspell.testing.event.Buses.SYNCHRONOUS;
import static io.llmspell.testing.event.Buses.accountsAgree;
import static io.llmspell.testing.event.Buses.draft;
import static io.llmspell.testing.event.Buses.eventually;
import static io.llmspell.testing.event.Buses.open;
import static io.llmspell.testing.event.Buses.queue;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.Overflow;
import io.llmspell.core.event.PublishResult;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.event.SubscriptionStats;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Many publishers, many subscriptions, and a check of every history. */
interface LoadContract extends EventBusFixture {
    /** What one subscription got: in order, without duplicates, nothing that was not published. */
    final class History {
        private final Map<Long, Long> last = new HashMap<>();
        private final AtomicLong count = new AtomicLong();
        private long newest;

        /** Called by one thread at a time. */
        void add(UniversalEvent event) {
            JsonObject payload = (JsonObject) Objects.requireNonNull(event.payload());
            long publisher = (Long) Objects.requireNonNull(payload.get("publisher"));
            long number = (Long) Objects.requireNonNull(payload.get("number"));
            assertThat(payload).containsEntry("sum", publisher * 31 + number);
            assertThat(event.sequence()).as("order of the bus").isGreaterThan(newest);
            assertThat(number).as("order of publisher %d", publisher).isGreaterThan(last.getOrDefault(publisher, -1L));
            newest = event.sequence();
            last.put(publisher, number);
            count.incrementAndGet();
        }

        long count() {
            return count.get();
        }
    }

    private static List<Callable<Long>> publishers(EventBus bus, int publishers, int events) {
        List<Callable<Long>> tasks = new ArrayList<>();
        for (int i = 0; i < publishers; i++) {
            long publisher = i;
            tasks.add(() -> {
                long refused = 0;
                for (long number = 0; number < events; number++) {
                    JsonObject payload =
                            JsonObject.of("publisher", publisher, "number", number, "sum", publisher * 31 + number);
                    PublishResult result = bus.publish(draft("load." + publisher, payload), CALLER);
                    refused += result instanceof PublishResult.Rejected ? 1 : 0;
                }
                return refused;
            });
        }
        return tasks;
    }

    /** Many publishers and waiting queues, down to a size of one: every event arrives once and in order. */
    @Test
    default void load_blockingSubscriptions_loseNothing() {
        blockingLosesNothing(64, 8, 5000);
        blockingLosesNothing(1, 2, 10_000);
    }

    private void blockingLosesNothing(int buffer, int publishers, int events) {
        try (EventBus bus = open(this)) {
            List<History> histories = new ArrayList<>();
            SubscribeOptions patient = queue(buffer, Overflow.BLOCK).withBlockTimeout(Duration.ofSeconds(20));
            for (int i = 0; i < 3; i++) {
                History history = new History();
                histories.add(history);
                bus.subscribe("load.*", patient, (event, again) -> history.add(event), CALLER);
            }
            assertThat(Buses.atOnce(publishers(bus, publishers, events))).containsOnly(0L);
            eventually(() -> assertThat(histories)
                    .allSatisfy(history -> assertThat(history.count()).isEqualTo((long) publishers * events)));
            assertThat(bus.subscriptions())
                    .allSatisfy(each -> assertThat(each.stats().failed()).isZero());
            accountsAgree(bus);
        }
    }

    /** Under each strategy a slow subscription gets no duplicate and nothing out of order, and misses what is counted. */
    @Test
    default void load_everyStrategy_lossIsWhatWasCounted() {
        int publishers = 4;
        int events = 10_000;
        for (Overflow overflow : Overflow.values()) {
            try (EventBus bus = open(this)) {
                History slowHistory = new History();
                History fastHistory = new History();
                SubscribeOptions small = queue(7, overflow).withBlockTimeout(Duration.ofMillis(1));
                Subscription slow =
                        bus.subscribe("load.*", small, (event, again) -> dawdle(slowHistory, event), CALLER);
                Subscription fast = bus.subscribe(
                        "**",
                        queue(publishers * events, Overflow.REJECT),
                        (event, again) -> fastHistory.add(event),
                        CALLER);
                List<Long> refusals =
                        Buses.atOnce(publishers(bus, publishers, overflow == Overflow.BLOCK ? 300 : events));
                long published = bus.stats().accepted();
                eventually(() -> assertThat(slow.stats().buffered()).isZero());
                eventually(() -> assertThat(fastHistory.count()).isEqualTo(published));
                SubscriptionStats stats = slow.stats();
                eventually(() -> assertThat(slowHistory.count()).isEqualTo(stats.delivered()));
                accountsAgree(bus);
                assertThat(stats.failed() + fast.stats().failed()).isZero();
                assertThat(stats.offered()).isEqualTo(published);
                assertThat(slowHistory.count() + stats.dropped() + stats.rejected())
                        .isEqualTo(published);
                assertThat(stats.rejected())
                        .isEqualTo(refusals.stream().mapToLong(Long::longValue).sum());
            }
        }
    }

    private static void dawdle(History history, UniversalEvent event) {
        history.add(event);
        if (history.count() % 16 == 0) {
            LockSupport.parkNanos(50_000);
        }
    }

    /** Subscriptions that end under load deliver nothing after their end, and exactly what they counted. */
    @Test
    default void load_unsubscribeAgainstPublish_nothingStartsAfterwards() {
        try (EventBus bus = open(this)) {
            AtomicBoolean done = new AtomicBoolean();
            AtomicLong handled = new AtomicLong();
            List<Callable<Long>> tasks = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                tasks.add(() -> {
                    while (!done.get()) {
                        bus.publish(draft("a.b", null), CALLER);
                    }
                    return 0L;
                });
            }
            tasks.add(() -> comeAndGo(bus, handled, done));
            Buses.atOnce(tasks);
            assertThat(bus.subscriptions()).isEmpty();
            eventually(() -> assertThat(handled.get()).isEqualTo(bus.stats().delivered()));
            assertThat(bus.stats().buffered()).isZero();
        }
    }

    private static long comeAndGo(EventBus bus, AtomicLong handled, AtomicBoolean done) {
        try {
            for (int i = 0; i < 1000; i++) {
                AtomicInteger inside = new AtomicInteger();
                Subscription subscription = bus.subscribe(
                        i % 3 == 0 ? "a.*" : "a.b",
                        i % 2 == 0 ? QUEUED : SYNCHRONOUS,
                        (event, again) -> {
                            inside.incrementAndGet();
                            handled.incrementAndGet();
                        },
                        CALLER);
                for (int turn = 0; turn < 1000 && inside.get() == 0; turn++) {
                    Thread.onSpinWait();
                }
                subscription.close();
                SubscriptionStats last = subscription.stats();
                Buses.join(subscription);
                assertThat(subscription.stats().delivered()).isEqualTo(last.delivered());
                assertThat((long) inside.get()).isEqualTo(last.delivered());
                accountsAgree(subscription);
            }
        } finally {
            done.set(true);
        }
        return 0L;
    }

    /** An event that comes just as its handler has nothing more to do is delivered. */
    @Test
    default void load_eventsThatComeAsTheHandlerRests_areNotLeftLying() {
        try (EventBus bus = open(this)) {
            AtomicLong handled = new AtomicLong();
            bus.subscribe("a", QUEUED, (event, again) -> handled.incrementAndGet(), CALLER);
            for (long round = 1; round <= 5000; round++) {
                bus.publish(draft("a", null), CALLER);
                long deadline = Buses.CLOCK.nanos() + Duration.ofSeconds(20).toNanos();
                for (int turn = 1; handled.get() < round && Buses.CLOCK.nanos() < deadline; turn++) {
                    Thread.onSpinWait();
                    LockSupport.parkNanos(turn % 100 == 0 ? 1000 : 0);
                }
                assertThat(handled).hasValue(round);
            }
        }
    }
}

package io.llmspell.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.event.CloseReport;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.Overflow;
import io.llmspell.core.event.PublishResult;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.event.SubscriptionStats;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.core.time.TimeSource;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.testing.time.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The promises of the bus under load, against any bus that a test plants in its place. */
final class BusCheck {
    static final Caller CALLER = Caller.host(new CorrelationId("check"));
    private static final Component SOURCE = Component.named(ComponentType.SYSTEM, "check");

    private final UnaryOperator<EventBus> plant;
    private final Duration patience;

    BusCheck(UnaryOperator<EventBus> plant, Duration patience) {
        this.plant = plant;
        this.patience = patience;
    }

    private EventBus bus() {
        return bus(new SystemTimeSource());
    }

    private EventBus bus(TimeSource time) {
        return plant.apply(Events.builder()
                .time(time)
                .ids(IdGenerator.timeOrdered(time))
                .gate(new PassThroughGate())
                .awaiter(Awaiter.blocking(time))
                .build());
    }

    private void eventually(Runnable check) {
        Awaitility.await().atMost(patience).pollInterval(Duration.ofMillis(5)).untilAsserted(check::run);
    }

    private static EventDraft draft(long publisher, long number) {
        JsonObject payload = JsonObject.of("publisher", publisher, "number", number, "sum", sum(publisher, number));
        return EventDraft.of("check.load", payload, SOURCE);
    }

    private static long sum(long publisher, long number) {
        return (publisher + 1) * 0x9E3779B97F4A7C15L ^ Long.rotateLeft(number, 17);
    }

    /** What one subscription got: nothing twice, nothing out of order, nothing that nobody published. */
    static final class History {
        private final Map<Long, Long> last = new HashMap<>();
        private final AtomicLong count = new AtomicLong();
        private final AtomicReference<@Nullable String> fault = new AtomicReference<>();

        /** Called by one thread at a time. */
        void add(UniversalEvent event) {
            JsonObject payload = (JsonObject) event.payload();
            long publisher = (Long) payload.get("publisher");
            long number = (Long) payload.get("number");
            Long before = last.put(publisher, number);
            if (!Long.valueOf(sum(publisher, number)).equals(payload.get("sum"))) {
                fault.compareAndSet(null, "an event that nobody published: " + payload);
            }
            if (before != null && before >= number) {
                fault.compareAndSet(null, payload + " came after number " + before);
            }
            count.incrementAndGet();
        }

        long count() {
            return count.get();
        }

        void isRight() {
            assertThat(fault.get()).as("fault in the history").isNull();
        }
    }

    private static long publish(EventBus bus, int publishers, int events) {
        AtomicLong refused = new AtomicLong();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < publishers; i++) {
            int publisher = i;
            all.add(CompletableFuture.runAsync(
                    () -> {
                        for (int number = 0; number < events; number++) {
                            PublishResult result = bus.publish(draft(publisher, number), CALLER);
                            refused.addAndGet(result instanceof PublishResult.Rejected ? 1 : 0);
                        }
                    },
                    task -> new Thread(task).start()));
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        return refused.get();
    }

    /** Publishers that wait for room lose nothing: every subscription gets every event once and in order. */
    void blockingQueues_loseNothing(int publishers, int events) {
        try (EventBus bus = bus()) {
            List<History> histories = new ArrayList<>();
            for (int size : new int[] {1, 64, 10_000}) {
                History history = new History();
                histories.add(history);
                SubscribeOptions options = SubscribeOptions.DEFAULT
                        .withOverflow(Overflow.BLOCK)
                        .withBufferSize(size)
                        .withBlockTimeout(Duration.ofMinutes(5));
                bus.subscribe("check.*", options, (event, again) -> history.add(event), CALLER);
            }
            assertThat(publish(bus, publishers, events)).isZero();
            for (History history : histories) {
                eventually(() -> assertThat(history.count()).isEqualTo((long) publishers * events));
                history.isRight();
            }
        }
    }

    /** Slow subscriptions miss what was counted and nothing else; a healthy one beside them misses nothing. */
    void overflow_isCountedExactly(Overflow overflow, int publishers, int events, int slow) {
        try (EventBus bus = bus()) {
            List<History> histories = new ArrayList<>();
            List<Subscription> subscriptions = new ArrayList<>();
            for (int i = 0; i < slow; i++) {
                History history = new History();
                histories.add(history);
                SubscribeOptions options = SubscribeOptions.DEFAULT
                        .withOverflow(overflow)
                        .withBufferSize(64)
                        .withBlockTimeout(Duration.ofMinutes(5));
                subscriptions.add(bus.subscribe(
                        "check.*",
                        options,
                        (event, again) -> {
                            history.add(event);
                            if (history.count() % 64 == 0) {
                                LockSupport.parkNanos(20_000);
                            }
                        },
                        CALLER));
            }
            AtomicLong healthy = new AtomicLong();
            bus.subscribe(
                    "check.*",
                    SubscribeOptions.DEFAULT.onPublisherThread(),
                    (event, again) -> healthy.incrementAndGet(),
                    CALLER);
            publish(bus, publishers, events);
            long total = (long) publishers * events;
            assertThat(healthy.get()).isEqualTo(total);
            for (int i = 0; i < slow; i++) {
                accountsAgree(subscriptions.get(i), histories.get(i), total);
            }
            assertThat(bus.stats().published())
                    .isEqualTo(bus.stats().accepted() + bus.stats().rejected());
        }
    }

    private void accountsAgree(Subscription subscription, History history, long total) {
        eventually(() -> {
            SubscriptionStats stats = subscription.stats();
            assertThat(stats.buffered() + stats.running()).isZero();
            assertThat(stats.offered()).isEqualTo(total).isEqualTo(stats.accepted() + stats.rejected());
            assertThat(stats.accepted())
                    .isEqualTo(stats.delivered() + stats.dropped() + stats.expired() + stats.buffered());
            assertThat(history.count()).as("delivered of %s", stats).isEqualTo(stats.delivered());
        });
        history.isRight();
    }

    /** Whatever a handler throws, it gets the rest, and others miss nothing. */
    void throwers_getTheRestAndHarmNobody() {
        List<Throwable> bad = List.of(
                new IOException("planted"),
                new IllegalStateException("planted"),
                new AssertionError("planted"),
                new StackOverflowError("planted"),
                new OutOfMemoryError("planted"),
                new NoClassDefFoundError("planted"));
        for (Throwable each : bad) {
            try (EventBus bus = bus()) {
                History other = new History();
                SubscribeOptions options = SubscribeOptions.DEFAULT.withQuarantineAfter(0);
                Subscription thrower = bus.subscribe("check.*", options, (event, again) -> sneak(each), CALLER);
                bus.subscribe("check.*", options, (event, again) -> other.add(event), CALLER);
                publish(bus, 2, 50);
                eventually(() -> {
                    assertThat(thrower.stats().delivered()).isEqualTo(100);
                    assertThat(thrower.stats().failed())
                            .as("failures on %s", each)
                            .isEqualTo(100);
                    assertThat(other.count()).isEqualTo(100);
                });
                other.isRight();
            }
        }
    }

    @SuppressWarnings("unchecked") // lets a handler throw what the compiler would not
    private static <T extends Throwable> void sneak(Throwable failure) throws T {
        throw (T) failure;
    }

    /** A handler that publishes into its own full queue has an answer without waiting: no time passes meanwhile. */
    void selfPublish_isAnsweredInTime() {
        try (EventBus bus = bus(new ManualTime())) {
            CompletableFuture<Integer> answers = new CompletableFuture<>();
            SubscribeOptions options = SubscribeOptions.DEFAULT
                    .withOverflow(Overflow.BLOCK)
                    .withBufferSize(1)
                    .withBlockTimeout(Duration.ofMinutes(5));
            bus.subscribe(
                    "check.*",
                    options,
                    (event, again) -> {
                        int given = 0;
                        for (int i = 0; event.sequence() == 1 && i < 3; i++) {
                            bus.publish(draft(1, i), CALLER);
                            given++;
                        }
                        answers.complete(given);
                    },
                    CALLER);
            bus.publish(draft(0, 0), CALLER);
            assertThat(answers).succeedsWithin(patience);
            bus.close(Duration.ZERO);
        }
    }

    /** A close gives back what it could not drain, to the event, handlers that still run included. */
    void close_reportsTheExactRest(Duration deadline) {
        CountDownLatch opened = new CountDownLatch(1);
        AtomicLong started = new AtomicLong();
        EventBus bus = bus();
        try {
            Subscription slow = bus.subscribe(
                    "check.*",
                    SubscribeOptions.DEFAULT.withConcurrency(2),
                    (event, again) -> {
                        if (started.incrementAndGet() > 100) {
                            opened.await();
                        }
                    },
                    CALLER);
            History fast = new History();
            bus.subscribe("check.*", SubscribeOptions.DEFAULT, (event, again) -> fast.add(event), CALLER);
            publish(bus, 1, 10_000);
            CloseReport report = bus.close(deadline);
            fast.isRight();
            assertThat(fast.count()).isEqualTo(10_000);
            SubscriptionStats stats = slow.stats();
            assertThat(report.drained()).isFalse();
            assertThat(report.left()).containsExactly(new CloseReport.Left(slow.id(), "check.*", stats.dropped(), 2));
            assertThat(stats.delivered() + report.dropped()).isEqualTo(10_000);
            assertThat(started.get()).isEqualTo(stats.delivered());
        } finally {
            opened.countDown();
            bus.close();
        }
    }
}

package io.llmspell.testing.event;

import static io.llmspell.testing.event.Buses.CALLER;
import static io.llmspell.testing.event.Buses.DRAIN;
import static io.llmspell.testing.event.Buses.QUEUED;
import static io.llmspell.testing.event.Buses.accountsAgree;
import static io.llmspell.testing.event.Buses.draft;
import static io.llmspell.testing.event.Buses.eventually;
import static io.llmspell.testing.event.Buses.get;
import static io.llmspell.testing.event.Buses.open;
import static io.llmspell.testing.event.Buses.publish;
import static io.llmspell.testing.event.Buses.queue;
import static io.llmspell.testing.event.Buses.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.concurrent.CancellationSource;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventInbox;
import io.llmspell.core.event.Overflow;
import io.llmspell.core.event.PublishResult;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.event.SubscriptionStats;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.time.TimeSource;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What happens when a queue is full, and that every event is accounted for. */
interface OverflowContract extends EventBusFixture {
    /** A full queue lets its oldest event go. */
    @Test
    default void dropOldest_fullQueue_keepsTheNewest() {
        try (EventBus bus = open(this)) {
            Valve valve = new Valve();
            Subscription stalled = stalled(bus, Overflow.DROP_OLDEST, valve);
            publish(bus, "a", 10);
            assertThat(stalled.stats()).isEqualTo(new SubscriptionStats(11, 11, 0, 1, 7, 0, 3, 0, 1));
            valve.open();
            eventually(() -> assertThat(valve.payloads()).containsExactly("first", 7L, 8L, 9L));
            assertThat(stalled.stats()).isEqualTo(new SubscriptionStats(11, 11, 0, 4, 7, 0, 0, 0, 0));
        }
    }

    /** A full queue drops the new event, and the publish succeeds. */
    @Test
    default void dropNewest_fullQueue_keepsTheOldest() {
        try (EventBus bus = open(this)) {
            Valve valve = new Valve();
            Subscription stalled = stalled(bus, Overflow.DROP_NEWEST, valve);
            publish(bus, "a", 10);
            assertThat(bus.publish(draft("a", null), CALLER)).isInstanceOf(PublishResult.Accepted.class);
            assertThat(stalled.stats()).isEqualTo(new SubscriptionStats(12, 12, 0, 1, 8, 0, 3, 0, 1));
            valve.open();
            eventually(() -> assertThat(valve.payloads()).containsExactly("first", 0L, 1L, 2L));
            assertThat(stalled.stats()).isEqualTo(new SubscriptionStats(12, 12, 0, 4, 8, 0, 0, 0, 0));
        }
    }

    /** A full queue refuses the event by name, after the others were served. */
    @Test
    default void reject_fullQueue_tellsThePublisherAndServesOthers() {
        try (EventBus bus = open(this)) {
            Valve valve = new Valve();
            List<Object> others = new CopyOnWriteArrayList<>();
            Subscription stalled = stalled(bus, Overflow.REJECT, valve);
            bus.subscribe("a", QUEUED, (event, again) -> others.add(event.payload()), CALLER);
            publish(bus, "a", 3);
            PublishResult result = bus.publish(draft("a", "late"), CALLER);
            assertThat(result).isInstanceOfSatisfying(PublishResult.Rejected.class, rejected -> {
                assertThat(rejected.subscriptions()).containsExactly(stalled.id());
                assertThat(rejected.text()).contains(stalled.id(), "3");
            });
            refused(ErrorCode.EVENT_REJECTED, result::orThrow);
            assertThat(stalled.stats()).isEqualTo(new SubscriptionStats(5, 4, 1, 1, 0, 0, 3, 0, 1));
            valve.open();
            eventually(() -> assertThat(others).containsExactly(0L, 1L, 2L, "late"));
            eventually(() -> assertThat(valve.payloads()).containsExactly("first", 0L, 1L, 2L));
        }
    }

    private static Subscription stalled(EventBus bus, Overflow overflow, Valve valve) {
        Subscription stalled = bus.subscribe("a", queue(3, overflow), valve, CALLER);
        bus.publish(draft("a", "first"), CALLER);
        valve.awaitEntered();
        return stalled;
    }

    /** Publishers that wait enter in the order of their numbers. */
    @Test
    default void block_room_letsPublishersInInTheirOrder() {
        try (EventBus bus = open(this)) {
            Valve valve = new Valve();
            Subscription stalled = stalled(bus, Overflow.BLOCK, valve);
            publish(bus, "a", 3);
            CompletableFuture<PublishResult> fourth = start(bus, 3L, CALLER);
            CompletableFuture<PublishResult> fifth = start(bus, 4L, CALLER);
            assertThat(fourth).isNotDone();
            assertThat(stalled.stats()).isEqualTo(new SubscriptionStats(4, 4, 0, 1, 0, 0, 3, 0, 1));
            valve.open();
            assertThat(get(fourth).orThrow().sequence()).isEqualTo(5);
            get(fifth).orThrow();
            eventually(() -> assertThat(valve.payloads()).containsExactly("first", 0L, 1L, 2L, 3L, 4L));
            assertThat(stalled.stats()).isEqualTo(new SubscriptionStats(6, 6, 0, 6, 0, 0, 0, 0, 0));
        }
    }

    /** A publish that has its number, so that it stands in the line before this returns. */
    private static CompletableFuture<PublishResult> start(EventBus bus, Object payload, Caller caller) {
        long before = bus.stats().accepted();
        CompletableFuture<PublishResult> result = new CompletableFuture<>();
        Thread publisher = new Thread(() -> {
            try {
                result.complete(bus.publish(draft("a", payload), caller));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        publisher.setDaemon(true);
        publisher.start();
        eventually(() -> assertThat(bus.stats().accepted()).isGreaterThan(before));
        return result;
    }

    /** A publisher waits up to the block timeout and not longer. */
    @Test
    default void block_noRoomInTime_isRefusedAndNotTaken() {
        ManualTime time = new ManualTime();
        try (EventBus bus = open(this, new PassThroughGate(), time, Duration.ZERO)) {
            Valve valve = new Valve();
            Subscription stalled =
                    bus.subscribe("a", queue(1, Overflow.BLOCK).withBlockTimeout(Duration.ofSeconds(3)), valve, CALLER);
            bus.publish(draft("a", "first"), CALLER);
            valve.awaitEntered();
            publish(bus, "a", 1);
            CompletableFuture<PublishResult> late = start(bus, "late", CALLER);
            eventually(() -> assertThat(time.timers()).isEqualTo(1));
            time.advance(Duration.ofMillis(2999));
            assertThat(late).isNotDone();
            time.advance(Duration.ofMillis(1));
            assertThat(get(late)).isInstanceOf(PublishResult.Rejected.class);
            assertThat(stalled.stats()).isEqualTo(new SubscriptionStats(3, 2, 1, 1, 0, 0, 1, 0, 1));
            valve.open();
            eventually(() -> assertThat(valve.payloads()).containsExactly("first", 0L));
        }
    }

    /** A token ends the wait of its publisher. */
    @Test
    default void block_cancelledPublisher_stopsWaiting() {
        try (EventBus bus = open(this)) {
            Valve valve = new Valve();
            Subscription stalled = stalled(bus, Overflow.BLOCK, valve);
            publish(bus, "a", 3);
            CancellationSource stop = new CancellationSource();
            CompletableFuture<PublishResult> late = start(bus, "late", CALLER.limited(stop, CALLER.deadlineNanos()));
            stop.cancel();
            assertThat(get(late)).isInstanceOf(PublishResult.Rejected.class);
            assertThat(stalled.stats().rejected()).isEqualTo(1);
            valve.open();
        }
    }

    /** A publish without blocking waits for room too, until room, deadline or its own cancellation. */
    @Test
    default void block_async_waitsWithoutAThread() {
        ManualTime time = new ManualTime();
        try (EventBus bus = open(this, new PassThroughGate(), time, DRAIN)) {
            Valve valve = new Valve();
            stalled(bus, Overflow.BLOCK, valve);
            publish(bus, "a", 3);
            CompletableFuture<PublishResult> taken =
                    bus.publishAsync(draft("a", "taken"), CALLER).toFuture();
            CompletableFuture<PublishResult> late = bus.publishAsync(
                            draft("a", "late"), CALLER.limited(CALLER.token(), time.nanos() + 1000))
                    .toFuture();
            CompletableFuture<PublishResult> gone =
                    bus.publishAsync(draft("a", "gone"), CALLER).toFuture();
            assertThat(taken).isNotDone();
            time.advance(Duration.ofNanos(1000));
            assertThat(get(late)).isInstanceOf(PublishResult.Rejected.class);
            gone.cancel(true);
            valve.open();
            assertThat(get(taken)).isInstanceOf(PublishResult.Accepted.class);
            eventually(() -> assertThat(valve.payloads()).containsExactly("first", 0L, 1L, 2L, "taken"));
            assertThat(time.timers()).isZero();
            accountsAgree(bus);
        }
    }

    /** A handler cannot wait for room in its own queue. */
    @Test
    default void block_handlerWithItsOwnFullQueue_isRefusedAtOnce() {
        try (EventBus bus = open(this)) {
            List<PublishResult> results = new CopyOnWriteArrayList<>();
            Subscription own = bus.subscribe(
                    "a",
                    queue(1, Overflow.BLOCK).withBlockTimeout(Duration.ofHours(1)),
                    (event, again) -> {
                        if (event.sequence() == 1) {
                            results.add(bus.publish(draft("a", null), CALLER));
                            results.add(bus.publish(draft("a", null), CALLER));
                        }
                    },
                    CALLER);
            bus.publish(draft("a", null), CALLER);
            eventually(() -> assertThat(results).hasSize(2));
            assertThat(results.get(0)).isInstanceOf(PublishResult.Accepted.class);
            assertThat(results.get(1)).isInstanceOf(PublishResult.Rejected.class);
            eventually(() -> assertThat(own.stats()).isEqualTo(new SubscriptionStats(3, 2, 1, 2, 0, 0, 0, 0, 0)));
        }
    }

    /** Closing the subscription ends the wait of publishers. */
    @Test
    default void block_closedWhileWaiting_refusesThePublisher() {
        try (EventBus bus = open(this)) {
            Valve valve = new Valve();
            Subscription stalled = stalled(bus, Overflow.BLOCK, valve);
            publish(bus, "a", 3);
            CompletableFuture<PublishResult> late = start(bus, "late", CALLER);
            stalled.close();
            assertThat(get(late)).isInstanceOf(PublishResult.Rejected.class);
            assertThat(stalled.stats()).isEqualTo(new SubscriptionStats(5, 4, 1, 1, 3, 0, 0, 0, 1));
            valve.open();
        }
    }

    /** A stalled subscription costs the others no event, whatever its strategy. */
    @Test
    default void oneStalled_healthyOnesLoseNothing() {
        for (Overflow overflow : List.of(Overflow.DROP_OLDEST, Overflow.DROP_NEWEST, Overflow.REJECT)) {
            try (EventBus bus = open(this)) {
                Valve valve = new Valve();
                Subscription stalled = stalled(bus, overflow, valve);
                List<Object> healthy = new CopyOnWriteArrayList<>();
                bus.subscribe("a", queue(2000, Overflow.BLOCK), (event, again) -> healthy.add(event.payload()), CALLER);
                publish(bus, "a", 1000);
                eventually(() -> assertThat(healthy).hasSize(1000));
                accountsAgree(bus);
                assertThat(stalled.stats().dropped() + stalled.stats().rejected())
                        .isEqualTo(997);
                valve.open();
            }
        }
    }

    /** Room that is made between the look at the queue and the wait lets the publisher in. */
    @Test
    default void block_roomMadeAsThePublisherBeginsToWait_isNotOverlooked() {
        AtomicReference<Runnable> onClock = new AtomicReference<>(() -> {});
        TimeSource time = new ClockWithTrap(onClock);
        try (EventBus bus = open(this, new PassThroughGate(), time, DRAIN)) {
            EventInbox inbox = bus.inbox("a", queue(1, Overflow.BLOCK), CALLER);
            publish(bus, "a", 1);
            // the bus asks for the time to know until when the publisher waits: the queue was full just before
            onClock.set(() -> {
                onClock.set(() -> {});
                assertThat(inbox.poll()).isPresent();
            });
            CompletableFuture<PublishResult> second =
                    bus.publishAsync(draft("a", "second"), CALLER).toFuture();
            get(second).orThrow();
            assertThat(inbox.poll().map(UniversalEvent::payload)).contains("second");
        }
    }
}

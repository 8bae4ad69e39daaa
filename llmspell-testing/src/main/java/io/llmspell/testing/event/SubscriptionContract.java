package io.llmspell.testing.event;

import static io.llmspell.testing.event.Buses.CALLER;
import static io.llmspell.testing.event.Buses.QUEUED;
import static io.llmspell.testing.event.Buses.SYNCHRONOUS;
import static io.llmspell.testing.event.Buses.draft;
import static io.llmspell.testing.event.Buses.eventually;
import static io.llmspell.testing.event.Buses.join;
import static io.llmspell.testing.event.Buses.open;
import static io.llmspell.testing.event.Buses.publish;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.event.BusStats;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.event.SubscriptionStats;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The life of a subscription. */
interface SubscriptionContract extends EventBusFixture {
    /** Closing a subscription drops what is queued; the running handler goes on to its end. */
    @Test
    default void close_queuedEvents_areDroppedAndCounted() {
        try (EventBus bus = open(this)) {
            Valve valve = new Valve();
            Subscription subscription = bus.subscribe("a", QUEUED, valve, CALLER);
            bus.publish(draft("a", "first"), CALLER);
            valve.awaitEntered();
            publish(bus, "a", 5);
            subscription.close();
            assertThat(subscription.stats()).isEqualTo(new SubscriptionStats(6, 6, 0, 1, 5, 0, 0, 0, 1));
            publish(bus, "a", 2);
            assertThat(subscription.idle().toCompletableFuture()).isNotDone();
            valve.open();
            join(subscription);
            subscription.close();
            assertThat(valve.payloads()).containsExactly("first");
            assertThat(subscription.stats()).isEqualTo(new SubscriptionStats(6, 6, 0, 1, 5, 0, 0, 0, 0));
            assertThat(bus.stats()).isEqualTo(new BusStats(8, 8, 0, 0, 0, 1, 5, 0, 0, 0));
        }
    }

    /** A handler may close its own subscription, which is idle once the handler has returned. */
    @Test
    default void close_insideItsHandler_endsAfterIt() {
        for (SubscribeOptions options : List.of(SYNCHRONOUS, QUEUED)) {
            try (EventBus bus = open(this)) {
                CompletableFuture<Subscription> self = new CompletableFuture<>();
                CompletableFuture<Boolean> idleInside = new CompletableFuture<>();
                AtomicInteger calls = new AtomicInteger();
                Subscription subscription = bus.subscribe(
                        "a",
                        options,
                        (event, again) -> {
                            calls.incrementAndGet();
                            Subscription own = Buses.get(self);
                            own.close();
                            idleInside.complete(own.idle().toCompletableFuture().isDone());
                        },
                        CALLER);
                self.complete(subscription);
                publish(bus, "a", 3);
                join(subscription);
                assertThat(Buses.get(idleInside)).isFalse();
                assertThat(calls).hasValue(1);
            }
        }
    }

    /** A subscription without a running handler is idle when it is closed. */
    @Test
    default void close_withoutEvents_isIdleAtOnce() {
        try (EventBus bus = open(this)) {
            for (SubscribeOptions options : List.of(SYNCHRONOUS, QUEUED)) {
                Subscription subscription = bus.subscribe("a", options, (event, again) -> {}, CALLER);
                assertThat(subscription.idle().toCompletableFuture()).isNotDone();
                subscription.close();
                assertThat(subscription.idle().toCompletableFuture()).isCompleted();
            }
        }
    }

    /** Nobody but the bus completes the stage. */
    @Test
    default void idle_completedByAnOutsider_changesNothing() {
        try (EventBus bus = open(this)) {
            Subscription subscription = bus.subscribe("a", QUEUED, (event, again) -> {}, CALLER);
            subscription.idle().toCompletableFuture().complete(null);
            assertThat(subscription.idle().toCompletableFuture()).isNotDone();
        }
    }

    /** The bus lists its subscriptions in the order in which they were made. */
    @Test
    default void subscriptions_present_areListedInOrderWithIdAndPattern() {
        try (EventBus bus = open(this)) {
            Subscription first = bus.subscribe("a.*", QUEUED, (event, again) -> {}, CALLER);
            Subscription second = bus.subscribe("**", SYNCHRONOUS, (event, again) -> {}, CALLER);
            Subscription third = bus.inbox("c", QUEUED, CALLER);
            assertThat(bus.subscriptions()).containsExactly(first, second, third);
            assertThat(bus.subscriptions()).extracting(Subscription::pattern).containsExactly("a.*", "**", "c");
            assertThat(bus.subscriptions()).extracting(Subscription::id).doesNotHaveDuplicates();
            second.close();
            assertThat(bus.subscriptions()).containsExactly(first, third);
            assertThat(bus.stats().subscriptions()).isEqualTo(2);
        }
    }

    /** A queued handler sees one event at a time, by sequence, whoever publishes. */
    @Test
    default void handler_isCalledByOneThreadAtATimeInTheOrderOfTheSequence() {
        try (EventBus bus = open(this)) {
            AtomicInteger inside = new AtomicInteger();
            List<Long> seen = new CopyOnWriteArrayList<>();
            bus.subscribe(
                    "a",
                    QUEUED,
                    (event, again) -> {
                        assertThat(inside.incrementAndGet()).isEqualTo(1);
                        seen.add(event.sequence());
                        inside.decrementAndGet();
                    },
                    CALLER);
            Buses.atOnce(List.of(() -> many(bus), () -> many(bus), () -> many(bus)));
            eventually(() -> assertThat(seen).hasSize(1500).isSorted());
            assertThat(bus.subscriptions().get(0).stats().failed()).isZero();
        }
    }

    private static boolean many(EventBus bus) {
        publish(bus, "a", 500);
        return true;
    }
}

package io.llmspell.testing.event;

import static io.llmspell.testing.event.Buses.CALLER;
import static io.llmspell.testing.event.Buses.QUEUED;
import static io.llmspell.testing.event.Buses.draft;
import static io.llmspell.testing.event.Buses.eventually;
import static io.llmspell.testing.event.Buses.get;
import static io.llmspell.testing.event.Buses.open;
import static io.llmspell.testing.event.Buses.publish;
import static io.llmspell.testing.event.Buses.queue;
import static io.llmspell.testing.event.Buses.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventInbox;
import io.llmspell.core.event.Overflow;
import io.llmspell.core.event.SubscriptionStats;
import io.llmspell.core.event.UniversalEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Inboxes: events that are fetched. */
interface InboxContract extends EventBusFixture {
    /** Events leave an inbox in order and count as delivered when they are taken. */
    @Test
    default void poll_events_comeInOrderAndCountAsTaken() {
        try (EventBus bus = open(this)) {
            EventInbox inbox = bus.inbox("a", queue(2, Overflow.DROP_OLDEST), CALLER);
            assertThat(inbox.poll()).isEmpty();
            publish(bus, "a", 3);
            assertThat(inbox.poll().map(UniversalEvent::payload)).contains(1L);
            assertThat(inbox.stats()).isEqualTo(new SubscriptionStats(3, 3, 0, 1, 1, 0, 1, 0, 0));
            assertThat(inbox.poll().map(UniversalEvent::payload)).contains(2L);
            assertThat(inbox.poll()).isEmpty();
        }
    }

    /** A stage for an event that waits already is complete. */
    @Test
    default void next_eventIsThere_isDoneAtOnce() {
        try (EventBus bus = open(this)) {
            EventInbox inbox = bus.inbox("a", QUEUED, CALLER);
            publish(bus, "a", 1);
            assertThat(inbox.next().toCompletableFuture()).isCompleted();
        }
    }

    /** A pending stage gets the next event; a second call gets the same stage. */
    @Test
    default void next_eventComesLater_completesWithIt() {
        try (EventBus bus = open(this)) {
            EventInbox inbox = bus.inbox("a", QUEUED, CALLER);
            CompletableFuture<UniversalEvent> first = inbox.next().toCompletableFuture();
            assertThat(inbox.next().toCompletableFuture()).isSameAs(first);
            assertThat(first).isNotDone();
            publish(bus, "a", 2);
            assertThat(get(first).payload()).isEqualTo(0L);
            assertThat(get(inbox.next().toCompletableFuture()).payload()).isEqualTo(1L);
        }
    }

    /** A stage that its caller gave up takes no event. */
    @Test
    default void next_cancelledOrTimedOut_leavesTheEventInTheQueue() {
        try (EventBus bus = open(this)) {
            EventInbox inbox = bus.inbox("a", QUEUED, CALLER);
            assertThat(inbox.next().toCompletableFuture().cancel(false)).isTrue();
            publish(bus, "a", 1);
            assertThat(inbox.poll().map(UniversalEvent::payload)).contains(0L);
            CompletableFuture<UniversalEvent> slow =
                    inbox.next().toCompletableFuture().orTimeout(1, TimeUnit.MILLISECONDS);
            eventually(() -> assertThat(slow).isCompletedExceptionally());
            publish(bus, "a", 1);
            assertThat(inbox.poll()).isPresent();
        }
    }

    /** Closing an inbox fails the pending stage and all later ones. */
    @Test
    default void close_whoWaits_isToldAndNothingIsLeft() {
        try (EventBus bus = open(this)) {
            EventInbox inbox = bus.inbox("a", QUEUED, CALLER);
            CompletableFuture<UniversalEvent> waiting = inbox.next().toCompletableFuture();
            inbox.close();
            refused(ErrorCode.UNKNOWN_SUBSCRIPTION, () -> get(waiting));
            refused(ErrorCode.UNKNOWN_SUBSCRIPTION, () -> get(inbox.next().toCompletableFuture()));
            assertThat(inbox.poll()).isEmpty();
            assertThat(inbox.idle().toCompletableFuture()).isCompleted();
        }
    }

    /** Taking an event lets a waiting publisher in. */
    @Test
    default void blockedPublisher_entersWhenRoomIsMade() {
        try (EventBus bus = open(this)) {
            EventInbox inbox = bus.inbox("a", queue(1, Overflow.BLOCK), CALLER);
            publish(bus, "a", 1);
            var second = bus.publishAsync(draft("a", "second"), CALLER).toFuture();
            assertThat(second).isNotDone();
            assertThat(inbox.poll()).isPresent();
            get(second).orThrow();
            assertThat(inbox.poll().map(UniversalEvent::payload)).contains("second");
        }
    }

    /** Takers in several threads share the events without loss or duplicate. */
    @Test
    default void manyTakers_eachEventGoesToOne() {
        try (EventBus bus = open(this)) {
            EventInbox inbox = bus.inbox("a", queue(10, Overflow.BLOCK), CALLER);
            List<Callable<List<Long>>> tasks = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                tasks.add(() -> takeUntilEnd(inbox));
            }
            tasks.add(() -> {
                publish(bus, "a", 5000);
                for (int i = 0; i < 3; i++) {
                    bus.publish(draft("a", -1L), CALLER).orThrow();
                }
                return List.of();
            });
            List<Long> all = new ArrayList<>();
            Buses.atOnce(tasks).forEach(all::addAll);
            assertThat(all).hasSize(5000).doesNotHaveDuplicates();
        }
    }

    private static List<Long> takeUntilEnd(EventInbox inbox) {
        List<Long> taken = new ArrayList<>();
        while (true) {
            Optional<UniversalEvent> event = inbox.poll();
            if (event.isEmpty()) {
                Thread.onSpinWait();
            } else if (Long.valueOf(-1).equals(event.get().payload())) {
                return taken;
            } else {
                taken.add((Long) event.get().payload());
            }
        }
    }
}

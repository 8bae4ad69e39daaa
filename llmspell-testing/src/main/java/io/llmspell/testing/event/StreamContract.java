package io.llmspell.testing.event;

import static io.llmspell.testing.event.Buses.CALLER;
import static io.llmspell.testing.event.Buses.QUEUED;
import static io.llmspell.testing.event.Buses.SYNCHRONOUS;
import static io.llmspell.testing.event.Buses.accountsAgree;
import static io.llmspell.testing.event.Buses.draft;
import static io.llmspell.testing.event.Buses.eventually;
import static io.llmspell.testing.event.Buses.get;
import static io.llmspell.testing.event.Buses.open;
import static io.llmspell.testing.event.Buses.publish;
import static io.llmspell.testing.event.Buses.queue;
import static io.llmspell.testing.event.Buses.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.Overflow;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.event.SubscriptionStats;
import io.llmspell.core.event.UniversalEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;
import reactor.core.publisher.Flux;

/** Streams that obey demand. */
interface StreamContract extends EventBusFixture {
    /** A stream sends as many events as were requested. */
    @Test
    default void stream_events_comeAsRequested() {
        try (EventBus bus = open(this)) {
            Receiver receiver = new Receiver(2);
            bus.stream("a", QUEUED, CALLER).subscribe(receiver);
            publish(bus, "a", 5);
            eventually(() -> assertThat(receiver.payloads()).containsExactly(0L, 1L));
            Subscription subscription = bus.subscriptions().get(0);
            assertThat(subscription.stats()).isEqualTo(new SubscriptionStats(5, 5, 0, 2, 0, 0, 3, 0, 0));
            receiver.request(1);
            eventually(() -> assertThat(receiver.payloads()).containsExactly(0L, 1L, 2L));
            receiver.requestUnbounded();
            eventually(() -> assertThat(receiver.payloads()).containsExactly(0L, 1L, 2L, 3L, 4L));
        }
    }

    /** What is not requested stays in a bounded queue. */
    @Test
    default void stream_withoutDemand_overflowsByItsOptions() {
        try (EventBus bus = open(this)) {
            Receiver receiver = new Receiver(0);
            bus.stream("a", queue(2, Overflow.DROP_OLDEST), CALLER).subscribe(receiver);
            publish(bus, "a", 5);
            receiver.requestUnbounded();
            eventually(() -> assertThat(receiver.payloads()).containsExactly(3L, 4L));
            accountsAgree(bus);
        }
    }

    /** Each subscriber of a stream has its own queue and demand. */
    @Test
    default void stream_subscribers_haveSubscriptionsOfTheirOwn() {
        try (EventBus bus = open(this)) {
            Flux<UniversalEvent> stream = bus.stream("a", QUEUED, CALLER);
            assertThat(bus.subscriptions()).isEmpty();
            Receiver one = new Receiver(Long.MAX_VALUE);
            Receiver other = new Receiver(0);
            stream.subscribe(one);
            stream.subscribe(other);
            assertThat(bus.subscriptions()).hasSize(2);
            publish(bus, "a", 3);
            eventually(() -> assertThat(one.payloads()).hasSize(3));
            assertThat(other.payloads()).isEmpty();
        }
    }

    /** Cancelling ends the subscription and drops what was queued. */
    @Test
    default void stream_cancelled_endsItsSubscription() {
        try (EventBus bus = open(this)) {
            Receiver receiver = new Receiver(1);
            bus.stream("a", QUEUED, CALLER).subscribe(receiver);
            Subscription subscription = bus.subscriptions().get(0);
            publish(bus, "a", 3);
            eventually(() -> assertThat(receiver.payloads()).hasSize(1));
            receiver.cancel();
            Buses.join(subscription);
            assertThat(bus.subscriptions()).isEmpty();
            assertThat(subscription.stats()).isEqualTo(new SubscriptionStats(3, 3, 0, 1, 2, 0, 0, 0, 0));
            assertThat(receiver.ended()).isNotDone();
        }
    }

    /** A closing bus sends what was requested and completes the stream. */
    @Test
    default void stream_busCloses_completesAfterWhatWasRequested() {
        EventBus bus = open(this);
        Receiver hungry = new Receiver(Long.MAX_VALUE);
        Receiver stalled = new Receiver(1);
        bus.stream("a", QUEUED, CALLER).subscribe(hungry);
        bus.stream("a", QUEUED, CALLER).subscribe(stalled);
        publish(bus, "a", 1000);
        bus.close();
        assertThat(get(hungry.ended())).isTrue();
        assertThat(get(stalled.ended())).isTrue();
        assertThat(hungry.payloads()).hasSize(1000);
        assertThat(stalled.payloads()).containsExactly(0L);
        assertThat(bus.stats().dropped()).isEqualTo(999);
        refused(ErrorCode.BUS_CLOSED, () -> bus.stream("a", QUEUED, CALLER));
    }

    /** A subscriber that comes after the close gets an error. */
    @Test
    default void stream_subscribedAfterClose_failsWithBusClosed() {
        EventBus bus = open(this);
        Flux<UniversalEvent> stream = bus.stream("a", QUEUED, CALLER);
        bus.close();
        Receiver late = new Receiver(1);
        stream.subscribe(late);
        refused(ErrorCode.BUS_CLOSED, () -> get(late.ended()));
    }

    /** A request of nothing fails the stream, as Reactive Streams demands. */
    @Test
    default void stream_badRequest_failsTheStream() {
        try (EventBus bus = open(this)) {
            List<Throwable> errors = new CopyOnWriteArrayList<>();
            bus.stream("a", QUEUED, CALLER).subscribe(new Subscriber<UniversalEvent>() {
                @Override
                public void onSubscribe(org.reactivestreams.Subscription subscription) {
                    subscription.request(0);
                }

                @Override
                public void onNext(UniversalEvent event) {}

                @Override
                public void onError(Throwable error) {
                    errors.add(error);
                }

                @Override
                public void onComplete() {}
            });
            eventually(() -> assertThat(errors).hasSize(1).allMatch(IllegalArgumentException.class::isInstance));
            assertThat(bus.subscriptions()).isEmpty();
        }
    }

    /** A subscriber that throws is cancelled; others go on. */
    @Test
    default void stream_subscriberThatThrows_isCancelledAndHarmsNobody() {
        try (EventBus bus = open(this)) {
            Receiver other = new Receiver(Long.MAX_VALUE);
            bus.stream("a", QUEUED, CALLER).subscribe(new Subscriber<UniversalEvent>() {
                @Override
                public void onSubscribe(org.reactivestreams.Subscription subscription) {
                    subscription.request(Long.MAX_VALUE);
                }

                @Override
                public void onNext(UniversalEvent event) {
                    throw new AssertionError("planted");
                }

                @Override
                public void onError(Throwable error) {}

                @Override
                public void onComplete() {}
            });
            bus.stream("a", QUEUED, CALLER).subscribe(other);
            publish(bus, "a", 3);
            eventually(() -> assertThat(other.payloads()).hasSize(3));
            eventually(() -> assertThat(bus.subscriptions()).hasSize(1));
        }
    }

    /** A stream on the publisher's thread does not exist. */
    @Test
    default void stream_synchronous_isRefused() {
        try (EventBus bus = open(this)) {
            refused(ErrorCode.INVALID_ARGUMENT, () -> bus.stream("a", SYNCHRONOUS, CALLER));
        }
    }

    /** Reactor's operators work on a stream and end it. */
    @Test
    default void stream_operators_workOnIt() {
        try (EventBus bus = open(this)) {
            var three = bus.stream("a", QUEUED, CALLER)
                    .map(UniversalEvent::payload)
                    .take(3)
                    .collectList()
                    .toFuture();
            publish(bus, "a", 10);
            assertThat(get(three)).isEqualTo(List.of(0L, 1L, 2L));
            eventually(() -> assertThat(bus.subscriptions()).isEmpty());
            bus.publish(draft("a", null), CALLER);
            assertThatThrownBy(() -> bus.stream("[", QUEUED, CALLER)).isNotNull();
        }
    }
}

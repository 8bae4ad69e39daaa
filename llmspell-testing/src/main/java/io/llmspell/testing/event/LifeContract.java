package io.llmspell.testing.event;

import static io.llmspell.testing.event.Buses.CALLER;
import static io.llmspell.testing.event.Buses.DRAIN;
import static io.llmspell.testing.event.Buses.QUEUED;
import static io.llmspell.testing.event.Buses.SYNCHRONOUS;
import static io.llmspell.testing.event.Buses.draft;
import static io.llmspell.testing.event.Buses.eventually;
import static io.llmspell.testing.event.Buses.open;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.event.SubscriptionStats;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Time to live: by the ticks, never by the wall clock. */
interface LifeContract extends EventBusFixture {
    /** An event whose time passes in the queue counts as expired. */
    @Test
    default void ttl_passedInTheQueue_isNotDelivered() {
        ManualTime time = new ManualTime();
        try (EventBus bus = open(this, new PassThroughGate(), time, DRAIN)) {
            Valve valve = new Valve();
            Subscription slow = bus.subscribe("a", QUEUED, valve, CALLER);
            bus.publish(draft("a", "first"), CALLER);
            valve.awaitEntered();
            bus.publish(draft("a", "short").withTtl(Duration.ofSeconds(1)), CALLER);
            bus.publish(draft("a", "long").withTtl(Duration.ofSeconds(2)), CALLER);
            bus.publish(draft("a", "ever").withTtl(Duration.ofSeconds(Long.MAX_VALUE)), CALLER);
            time.advance(Duration.ofSeconds(1));
            valve.open();
            eventually(() -> assertThat(valve.payloads()).containsExactly("first", "long", "ever"));
            eventually(() -> assertThat(slow.stats()).isEqualTo(new SubscriptionStats(4, 4, 0, 3, 0, 1, 0, 0, 0)));
            assertThat(bus.stats().expired()).isEqualTo(1);
            slow.close();
            assertThat(bus.stats().expired()).isEqualTo(1);
        }
    }

    /** Steps of the wall clock neither end nor prolong an event. */
    @Test
    default void ttl_wallClockSteps_changeNothing() {
        ManualTime time = new ManualTime();
        try (EventBus bus = open(this, new PassThroughGate(), time, DRAIN)) {
            Valve valve = new Valve();
            bus.subscribe("a", QUEUED, valve, CALLER);
            bus.publish(draft("a", "first"), CALLER);
            valve.awaitEntered();
            bus.publish(draft("a", "kept").withTtl(Duration.ofSeconds(1)), CALLER);
            time.setWall(Instant.parse("2040-01-01T00:00:00Z"));
            bus.publish(draft("a", "expired").withTtl(Duration.ofMillis(500)), CALLER);
            time.setWall(Instant.parse("1999-01-01T00:00:00Z"));
            bus.publish(draft("a", "past").withTtl(Duration.ofSeconds(1)), CALLER);
            time.advance(Duration.ofMillis(600));
            valve.open();
            eventually(() -> assertThat(valve.payloads()).containsExactly("first", "kept", "past"));
        }
    }

    /** A synchronous handler does not get an event whose time an earlier one used up. */
    @Test
    default void ttl_passedInAnEarlierSynchronousHandler_isNotDelivered() {
        ManualTime time = new ManualTime();
        try (EventBus bus = open(this, new PassThroughGate(), time, DRAIN)) {
            bus.subscribe("a", SYNCHRONOUS, (event, again) -> time.advance(Duration.ofSeconds(1)), CALLER);
            Subscription later = bus.subscribe("a", SYNCHRONOUS, (event, again) -> {}, CALLER);
            bus.publish(draft("a", null).withTtl(Duration.ofSeconds(1)), CALLER);
            assertThat(later.stats()).isEqualTo(new SubscriptionStats(1, 1, 0, 0, 0, 1, 0, 0, 0));
        }
    }
}

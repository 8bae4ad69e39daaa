package io.llmspell.events;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventHandler;
import io.llmspell.core.event.Overflow;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.event.SubscriptionStats;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Shows that {@link OverflowBusTest} turns red if drops are booked as deliveries, or an event comes twice. */
class OverflowBusFaultTest {
    @Test
    void dropBookedAsDelivered_isFound() {
        assertRed(new BusCheck(BookingBus::new, Duration.ofSeconds(1)), "delivered of");
    }

    @Test
    void eventDeliveredTwice_isFound() {
        assertRed(new BusCheck(RepeatingBus::new, Duration.ofSeconds(1)), "");
    }

    private static void assertRed(BusCheck check, String message) {
        assertThatThrownBy(() -> check.overflow_isCountedExactly(Overflow.DROP_NEWEST, 4, 2500, 2))
                .isInstanceOf(Throwable.class)
                .hasMessageContaining(message);
    }

    private static final class BookingBus extends FaultyBus {
        BookingBus(EventBus bus) {
            super(bus);
        }

        @Override
        public Subscription subscribe(String pattern, SubscribeOptions options, EventHandler handler, Caller caller) {
            return new Told(super.subscribe(pattern, options, handler, caller), BookingBus::booked);
        }

        private static SubscriptionStats booked(SubscriptionStats stats) {
            return new SubscriptionStats(
                    stats.offered(),
                    stats.accepted(),
                    stats.rejected(),
                    stats.delivered() + stats.dropped(),
                    0,
                    stats.expired(),
                    stats.buffered(),
                    stats.failed(),
                    stats.running());
        }
    }

    private static final class RepeatingBus extends FaultyBus {
        RepeatingBus(EventBus bus) {
            super(bus);
        }

        @Override
        public Subscription subscribe(String pattern, SubscribeOptions options, EventHandler handler, Caller caller) {
            AtomicReference<UniversalEvent> first = new AtomicReference<>();
            EventHandler twice = (event, again) -> {
                handler.handle(event, again);
                if (first.compareAndSet(null, event)) {
                    handler.handle(event, again);
                }
            };
            return super.subscribe(pattern, options, twice, caller);
        }
    }
}

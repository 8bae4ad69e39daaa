package io.llmspell.events;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventHandler;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.event.SubscriptionStats;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonObject;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Shows that {@link HistoryTest} turns red on each fault, whatever the seed: the first subscription has it at once. */
@Timeout(120)
class HistoryFaultTest {
    /** Changes what the first subscription is handed. */
    private interface Fault {
        void hand(UniversalEvent event, EventHandler handler) throws Exception;
    }

    private static void assertRed(String message, UnaryOperator<SubscriptionStats> lie, Fault fault) {
        for (long seed = 1; seed <= 3; seed++) {
            long each = seed;
            assertThatThrownBy(() -> HistoryCheck.play(bus -> new FirstHandlerBus(bus, fault, lie), each))
                    .isInstanceOf(Throwable.class)
                    .hasMessageContaining("seed " + each)
                    .hasMessageContaining(message);
        }
    }

    @Test
    void eventThatComesTwice_isFound() {
        assertRed("twice", UnaryOperator.identity(), (event, handler) -> {
            handler.handle(event, false);
            if (Long.valueOf(49).equals(number(event))) {
                handler.handle(event, false);
            }
        });
    }

    @Test
    void eventsThatChangePlaces_areFound() {
        AtomicReference<UniversalEvent> held = new AtomicReference<>();
        assertRed("after number", UnaryOperator.identity(), (event, handler) -> {
            UniversalEvent before = held.get();
            if (Long.valueOf(20).equals(number(event)) && isFirstPublisher(event)) {
                held.set(event);
            } else {
                handler.handle(event, false);
                if (before != null && isFirstPublisher(event)) {
                    held.set(null);
                    handler.handle(before, false);
                }
            }
        });
    }

    @Test
    void eventThatNobodyPublished_isFound() {
        assertRed("nobody published", UnaryOperator.identity(), (event, handler) -> {
            handler.handle(Long.valueOf(30).equals(number(event)) ? changed(event) : event, false);
        });
    }

    @Test
    void eventThatIsLost_isFound() {
        assertRed("has got", UnaryOperator.identity(), (event, handler) -> {
            if (!Long.valueOf(10).equals(number(event))) {
                handler.handle(event, false);
            }
        });
    }

    @Test
    void lossThatIsBookedAsRefused_isFound() {
        UnaryOperator<SubscriptionStats> lie = stats -> new SubscriptionStats(
                stats.offered() - 1,
                stats.accepted() - 1,
                stats.rejected(),
                stats.delivered() - 1,
                stats.dropped(),
                stats.expired(),
                stats.buffered(),
                stats.failed(),
                stats.running());
        assertRed("is to have been offered", lie, (event, handler) -> {
            if (!Long.valueOf(10).equals(number(event)) || !isFirstPublisher(event)) {
                handler.handle(event, false);
            }
        });
    }

    private static Object number(UniversalEvent event) {
        return ((JsonObject) event.payload()).get("number");
    }

    private static boolean isFirstPublisher(UniversalEvent event) {
        return Long.valueOf(0).equals(((JsonObject) event.payload()).get("publisher"));
    }

    private static UniversalEvent changed(UniversalEvent event) {
        JsonObject payload = (JsonObject) event.payload();
        return UniversalEvent.of(event.draft().withPayload(payload.with("number", 31L)), event.stamp());
    }

    private static final class FirstHandlerBus extends FaultyBus {
        private final Fault fault;
        private final UnaryOperator<SubscriptionStats> lie;
        private boolean planted;

        FirstHandlerBus(EventBus bus, Fault fault, UnaryOperator<SubscriptionStats> lie) {
            super(bus);
            this.fault = fault;
            this.lie = lie;
        }

        @Override
        public Subscription subscribe(String pattern, SubscribeOptions options, EventHandler handler, Caller caller) {
            if (planted) {
                return super.subscribe(pattern, options, handler, caller);
            }
            planted = true;
            EventHandler faulty = (event, again) -> fault.hand(event, handler);
            return new Told(super.subscribe(pattern, options, faulty, caller), lie);
        }
    }
}

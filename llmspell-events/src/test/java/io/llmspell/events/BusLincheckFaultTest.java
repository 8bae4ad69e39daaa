package io.llmspell.events;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.event.EventInbox;
import java.time.Duration;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Shows that {@link BusLincheckTest} turns red if what is left is counted before the end instead of with it. */
@EnabledIfSystemProperty(named = "llmspell.fuzz", matches = "true", disabledReason = "minutes; profile fuzz")
class BusLincheckFaultTest {
    private static void assertRed(Class<?> faulty) {
        assertThatThrownBy(() -> BusLincheckTest.options().check(faulty))
                .isInstanceOf(Throwable.class)
                .hasMessageContaining("Invalid execution results");
    }

    @Test
    void eventThatComesBetweenCountAndUnsubscribe_isFound() {
        assertRed(CountsFirst.class);
    }

    @Test
    void eventThatComesBetweenCountAndClose_isFound() {
        assertRed(ReportsFirst.class);
    }

    /** An unsubscribe in two steps. */
    public static final class CountsFirst {
        private final BusLincheckTest.SmallBus small = new BusLincheckTest.SmallBus();
        private final EventInbox inbox = small.inbox();

        @Operation
        public int publish() {
            return small.publish();
        }

        @Operation
        public long unsubscribe() {
            long left = inbox.stats().buffered() + inbox.stats().dropped();
            inbox.close();
            return left;
        }
    }

    /** A close in two steps. */
    public static final class ReportsFirst {
        private final BusLincheckTest.SmallBus small = new BusLincheckTest.SmallBus();
        private final EventInbox inbox = small.inbox();

        @Operation
        public int publish() {
            return small.publish();
        }

        @Operation
        public long close() {
            long left = inbox.stats().buffered();
            small.bus.close(Duration.ZERO);
            return left;
        }
    }
}

package io.llmspell.events;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventHandler;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.identity.Caller;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Shows that {@link ThrowingHandlersTest} turns red if only exceptions are caught, and an error ends the delivery. */
class ThrowingHandlersFaultTest {
    @Test
    void onlyExceptionsAreCaught_isFound() {
        BusCheck check = new BusCheck(DyingBus::new, Duration.ofSeconds(1));
        assertThatThrownBy(check::throwers_getTheRestAndHarmNobody).hasMessageContaining("AssertionError");
    }

    private static final class DyingBus extends FaultyBus {
        DyingBus(EventBus bus) {
            super(bus);
        }

        @Override
        public Subscription subscribe(String pattern, SubscribeOptions options, EventHandler handler, Caller caller) {
            AtomicBoolean dead = new AtomicBoolean();
            EventHandler mortal = (event, again) -> {
                if (dead.get()) {
                    return;
                }
                try {
                    handler.handle(event, again);
                } catch (Error e) {
                    dead.set(true);
                }
            };
            return super.subscribe(pattern, options, mortal, caller);
        }
    }
}

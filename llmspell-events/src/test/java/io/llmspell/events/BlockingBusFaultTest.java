package io.llmspell.events;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventHandler;
import io.llmspell.core.event.EventStamp;
import io.llmspell.core.event.PublishResult;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Language;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

/** Shows that {@link BlockingBusTest} turns red if a bare multicast sink carries the events. */
class BlockingBusFaultTest {
    @Test
    void bareMulticastSink_isFound() {
        BusCheck check = new BusCheck(BareSink::new, Duration.ofMillis(500));
        assertThatThrownBy(() -> check.blockingQueues_loseNothing(8, 1500)).isInstanceOf(Throwable.class);
    }

    private static final class BareSink extends FaultyBus {
        private final Sinks.Many<UniversalEvent> sink = Sinks.many().multicast().onBackpressureBuffer(16, false);

        BareSink(EventBus bus) {
            super(bus);
        }

        @Override
        public PublishResult publish(EventDraft draft, Caller caller) {
            sink.tryEmitNext(UniversalEvent.of(
                    draft,
                    new EventStamp(
                            new UUID(0, 0), Instant.EPOCH, 1, Language.JAVA, caller.correlation(), null, "1.0")));
            return new PublishResult.Accepted(1, 1);
        }

        @Override
        public Subscription subscribe(String pattern, SubscribeOptions options, EventHandler handler, Caller caller) {
            sink.asFlux().subscribe(event -> {
                try {
                    handler.handle(event, false);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            return bus.subscribe("nothing", options, handler, caller);
        }
    }
}

package io.llmspell.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.event.UniversalEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** Shows that {@link EventStreamTckTest} turns red if demand is ignored. */
@EnabledIfSystemProperty(named = "llmspell.fuzz", matches = "true", disabledReason = "seconds of waiting; profile fuzz")
class EventStreamTckFaultTest {
    @Test
    void demandIgnored_isFound() {
        assertThat(Tck.run(Greedy.class).failed())
                .contains("required_spec101_subscriptionRequestMustResultInTheCorrectNumberOfProducedElements");
    }

    /** Streams that request everything, whatever their subscriber requests. */
    public static final class Greedy extends Tck.BusStreams {
        public Greedy() {}

        @Override
        public Publisher<UniversalEvent> createPublisher(long elements) {
            Publisher<UniversalEvent> honest = super.createPublisher(elements);
            return subscriber -> Flux.from(honest)
                    .subscribe(subscriber::onNext, subscriber::onError, subscriber::onComplete, own -> {
                        subscriber.onSubscribe(new org.reactivestreams.Subscription() {
                            @Override
                            public void request(long n) {
                                own.request(Long.MAX_VALUE);
                            }

                            @Override
                            public void cancel() {
                                own.cancel();
                            }
                        });
                    });
        }
    }
}

package io.llmspell.events;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.UniversalEvent;
import java.util.function.Function;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/** The stream of a pattern; each subscriber gets a subscription of its own. */
final class EventFlux extends Flux<UniversalEvent> {
    private final Function<CoreSubscriber<? super UniversalEvent>, StreamSubscription> opener;

    EventFlux(Function<CoreSubscriber<? super UniversalEvent>, StreamSubscription> opener) {
        this.opener = opener;
    }

    @Override
    public void subscribe(CoreSubscriber<? super UniversalEvent> subscriber) {
        StreamSubscription subscription;
        try {
            subscription = opener.apply(subscriber);
        } catch (LlmSpellException refused) {
            Operators.error(subscriber, refused);
            return;
        }
        subscriber.onSubscribe(subscription);
        subscription.begin();
    }
}

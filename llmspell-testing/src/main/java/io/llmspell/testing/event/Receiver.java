package io.llmspell.testing.event;

import io.llmspell.core.event.UniversalEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** A subscriber that requests only what it is told to. */
final class Receiver extends BaseSubscriber<UniversalEvent> {
    private final List<UniversalEvent> seen = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private final long atFirst;

    Receiver(long atFirst) {
        this.atFirst = atFirst;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        if (atFirst > 0) {
            subscription.request(atFirst);
        }
    }

    @Override
    protected void hookOnNext(UniversalEvent event) {
        seen.add(event);
    }

    @Override
    protected void hookOnComplete() {
        ended.complete(true);
    }

    @Override
    protected void hookOnError(Throwable error) {
        ended.completeExceptionally(error);
    }

    List<Object> payloads() {
        return seen.stream().map(UniversalEvent::payload).toList();
    }

    /** Ends as the stream ends. */
    CompletableFuture<Boolean> ended() {
        return ended;
    }
}

package io.llmspell.hooks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * The answer of a publisher: read at once if it came while the publisher was subscribed to, else through a future.
 *
 * <p>Most hooks that answer through a chain of operators answer at once; a future for each, with what guards it, would
 * cost as much as the chain. <b>Threads:</b> signals come on any thread; the rest is for the subscriber.
 *
 * @param <T> the type of the answer
 */
final class FirstSignal<T> implements CoreSubscriber<T> {
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(FirstSignal.class, "state", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Null while nothing came and nobody waits; then how it ended, or the future of who waits. */
    private volatile @Nullable Object state;

    /** Null until it comes, and once it was cancelled: operators tell of each cancellation. */
    private final AtomicReference<@Nullable Subscription> source = new AtomicReference<>();

    private FirstSignal() {}

    static <T> FirstSignal<T> of(Mono<T> answer) {
        FirstSignal<T> signal = new FirstSignal<>();
        answer.subscribe(signal);
        return signal;
    }

    /** How it ended; null if it has not, or if {@link #future} was asked for before it did. */
    @SuppressWarnings("unchecked") // only signals of this subscription are put there
    @Nullable Settled<T> settled() {
        return state instanceof Settled<?> ended ? (Settled<T>) ended : null;
    }

    /** The answer that has not come; to be asked for once. Cancelling it cancels the subscription. */
    CompletableFuture<T> future() {
        Later later = new Later();
        if (!STATE.compareAndSet(this, (Object) null, later)) {
            Settled<T> ended = settled();
            if (ended != null) {
                later.end(ended);
            }
        }
        return later;
    }

    /** Ends the subscription, whose answer nobody wants. */
    void cancel() {
        Subscription open = source.getAndSet(null);
        if (open != null) {
            open.cancel();
        }
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.validate(source.get(), subscription)) {
            source.set(subscription);
            if (state instanceof FirstSignal<?>.Later waiting && waiting.isCancelled()) {
                cancel();
            } else {
                subscription.request(Long.MAX_VALUE);
            }
        }
    }

    @Override
    public void onNext(T value) {
        boolean unused = end(new Settled<>(value, null)); // false if nobody waits any more
    }

    @Override
    public void onError(Throwable error) {
        boolean unused = end(new Settled<>(null, error)); // false if nobody waits any more
    }

    @Override
    public void onComplete() {
        boolean unused = end(new Settled<>(null, null)); // false after a value
    }

    @SuppressWarnings("unchecked") // the only future there is one of this subscription
    private boolean end(Settled<T> ended) {
        if (STATE.compareAndSet(this, (Object) null, ended)) {
            return true;
        }
        return state instanceof FirstSignal<?>.Later later && ((FirstSignal<T>.Later) later).end(ended);
    }

    /** What is waited for. */
    private final class Later extends CompletableFuture<T> {
        boolean end(Settled<T> ended) {
            Throwable error = ended.error();
            return error == null ? complete(ended.value()) : completeExceptionally(error);
        }

        @Override
        public boolean cancel(boolean interrupt) {
            boolean cancelled = super.cancel(interrupt);
            if (cancelled) {
                FirstSignal.this.cancel();
            }
            return cancelled;
        }
    }
}

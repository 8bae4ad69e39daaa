package io.llmspell.core.concurrent;

import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Runs blocking calls for callers that must not block.
 *
 * <p><b>Threads:</b> safe. The calls run on daemon threads of their own, of which there are at most 1,024: a call may wait
 * for another one, as an operation does for those beside it, so none may queue behind the one that waits for it. Reactor's
 * shared bounded elastic threads are too few for that.
 */
public final class Offload {
    private static final Scheduler THREADS = Schedulers.newBoundedElastic(1_024, 1, "llmspell-offload", 60, true);

    private Offload() {}

    /**
     * Makes the reactive twin of a blocking call.
     *
     * @param token stops the call
     * @param call the call; gets a token that follows {@code token} and is cancelled with the subscription
     * @param <T> the type of the value
     * @return one value or the error of the call, anew for each subscriber
     */
    public static <T> Mono<T> mono(Cancellation token, Function<Cancellation, T> call) {
        return Mono.using(
                token::child,
                stop -> Mono.fromCallable(() -> call.apply(stop))
                        .subscribeOn(THREADS)
                        .doOnCancel(stop::cancel),
                CancellationSource::close);
    }
}

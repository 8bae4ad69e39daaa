package io.llmspell.core.concurrent;

import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Runs blocking calls for callers that must not block.
 *
 * <p><b>Threads:</b> safe. The calls run on Reactor's bounded elastic threads, where blocking is allowed.
 */
public final class Offload {
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
                        .subscribeOn(Schedulers.boundedElastic())
                        .doOnCancel(stop::cancel),
                CancellationSource::close);
    }
}

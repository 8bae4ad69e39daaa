package io.llmspell.events.archfixture.blockingwaits;

import java.util.concurrent.CompletableFuture;

/** Planted: a wait that knows neither deadline nor cancellation. */
final class WaitsItself {
    String await(CompletableFuture<String> result) {
        return result.join();
    }
}

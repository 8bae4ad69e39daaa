package io.llmspell.hooks;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.ForkOperation;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.identity.Component;
import io.llmspell.core.json.JsonObject;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The operations that hooks started beside one operation; for the thread that drives it. */
final class Forks {
    /** How many operations may run beside one. */
    static final int MOST = 16;

    /** How deep operations beside operations may nest. */
    static final int DEEPEST = 3;

    private final Map<String, CompletableFuture<Outcome>> running = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> results = new LinkedHashMap<>();

    /**
     * Starts operations.
     *
     * @throws ArgumentException {@code invalid_argument} if there are too many or two have one id
     */
    void start(List<ForkOperation> operations, Function<ForkOperation, Mono<Outcome>> starter) {
        int all = running.size() + results.size() + operations.size();
        if (all > MOST) {
            throw new ArgumentException("forks of one operation", String.valueOf(all), "at most " + MOST);
        }
        checkIds(operations);
        for (ForkOperation operation : operations) {
            running.put(
                    operation.id(),
                    Mono.defer(() -> starter.apply(operation))
                            .subscribeOn(Schedulers.boundedElastic())
                            .toFuture());
        }
    }

    private void checkIds(List<ForkOperation> operations) {
        Map<String, ForkOperation> seen = new LinkedHashMap<>();
        for (ForkOperation operation : operations) {
            String id = operation.id();
            if (running.containsKey(id) || results.containsKey(id) || seen.put(id, operation) != null) {
                throw new ArgumentException("fork id", id, "given to one fork of the operation only");
            }
        }
    }

    boolean running() {
        return !running.isEmpty();
    }

    /** Ends when all that run have ended, well or not. */
    CompletableFuture<?> ended() {
        return CompletableFuture.allOf(running.values().toArray(CompletableFuture<?>[]::new));
    }

    /** What the forks gave so far. */
    Map<String, @Nullable Object> results() {
        return Collections.unmodifiableMap(results);
    }

    /** Takes the results of those that have ended; what still runs is cancelled. */
    void collect(Component component) {
        running.forEach((id, fork) -> {
            fork.cancel(true);
            Settled<Outcome> ended = Settled.of(fork);
            Outcome outcome = ended.value();
            Throwable failure = ended.error();
            if (outcome != null) {
                results.put(id, outcome.json());
            } else {
                results.put(id, error(Faults.coded(component, failure == null ? Faults.noOutput(component) : failure)));
            }
        });
        running.clear();
    }

    private static JsonObject error(LlmSpellException failure) {
        return JsonObject.of("error", JsonObject.of("code", failure.code().id(), "message", failure.text()));
    }
}

package io.llmspell.state;

import io.llmspell.core.error.LimitException;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.text.Glob;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.util.concurrent.Queues;

/**
 * One watch: a bounded queue between the committing threads and its subscriber.
 *
 * <p>The lock is for signals from two threads, a commit and the end of the manager; what runs under it only enqueues.
 */
final class StateWatcher {
    static final int BUFFER = 1_024;

    private final Scope scope;
    private final String keys;
    private final Sinks.Many<StateWatches.Told> sink = Sinks.many()
            .unicast()
            .onBackpressureBuffer(Queues.<StateWatches.Told>get(BUFFER).get());

    StateWatcher(Scope scope, String keys) {
        this.scope = scope;
        this.keys = keys;
    }

    Scope scope() {
        return scope;
    }

    boolean wants(StateKey key) {
        return key.scope().equals(scope) && Glob.matches(keys, key.key());
    }

    Flux<StateWatches.Told> changes() {
        return sink.asFlux();
    }

    /** A queue that is full ends this watch and costs nobody else anything. */
    synchronized void offer(StateWatches.Told told) {
        if (sink.tryEmitNext(told) == Sinks.EmitResult.FAIL_OVERFLOW) {
            end(LimitException.exceeded(
                    "state.watch_buffer",
                    Integer.toString(BUFFER),
                    "a watch on scope " + scope + " does not keep up; watch again from the last version it has seen"));
        }
    }

    /** A watch that has ended already refuses the signal, which is right. */
    synchronized void end(RuntimeException why) {
        sink.tryEmitError(why);
    }
}

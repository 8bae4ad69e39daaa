package io.llmspell.state;

import io.llmspell.core.error.LimitException;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateWatch;
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

    private final StateWatch watch;
    private final Sinks.Many<StateWatches.Told> sink = Sinks.many()
            .unicast()
            .onBackpressureBuffer(Queues.<StateWatches.Told>get(BUFFER).get());

    StateWatcher(StateWatch watch) {
        this.watch = watch;
    }

    StateWatch watch() {
        return watch;
    }

    boolean wants(StateKey key) {
        return key.scope().equals(watch.scope()) && Glob.matches(watch.keys(), key.key());
    }

    Flux<StateWatches.Told> changes() {
        return sink.asFlux();
    }

    /** A queue that is full ends this watch and costs nobody else anything. */
    synchronized void offer(StateWatches.Told told) {
        watch.counter().accept(1);
        Sinks.EmitResult taken = sink.tryEmitNext(told);
        if (taken.isFailure()) {
            dropped();
        }
        if (taken == Sinks.EmitResult.FAIL_OVERFLOW) {
            end(LimitException.exceeded(
                    "state.watch_buffer",
                    Integer.toString(BUFFER),
                    "a watch on scope " + watch.scope()
                            + " does not keep up; watch again from the last version it has seen"));
        }
    }

    /** Counts a change that does not go on; false, so that it filters. */
    boolean dropped() {
        watch.counter().accept(-1);
        return false;
    }

    /** A watch that has ended already refuses the signal, which is right. */
    synchronized void end(RuntimeException why) {
        sink.tryEmitError(why);
    }
}

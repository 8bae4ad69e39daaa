package io.llmspell.state;

import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateWatch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Snapshot;
import io.llmspell.core.storage.Space;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * Tells committed changes to those who watch a scope, in the order of the commits.
 *
 * <p>The commit listener offers each change to the bounded queue of each watch that wants it, and does nothing else; what
 * the subscriber may see of it is decided on the subscriber's thread. A watch from an earlier commit joins first and takes
 * a snapshot then: a change is in the snapshot or comes behind it, and the number of its commit says which.
 */
final class StateWatches {
    private final List<StateWatcher> watchers = new CopyOnWriteArrayList<>();

    /** A committed change, before anybody's rights are looked at; without what was there if that is not known. */
    record Told(StateKey key, @Nullable Cell before, Cell after, long version) {}

    boolean isEmpty() {
        return watchers.isEmpty();
    }

    boolean watched(StateKey key) {
        for (StateWatcher watcher : watchers) {
            if (watcher.wants(key)) {
                return true;
            }
        }
        return false;
    }

    /** In the commit listener. */
    void publish(Told told) {
        for (StateWatcher watcher : watchers) {
            if (watcher.wants(told.key())) {
                watcher.offer(told);
            }
        }
    }

    /** What a watch wants to hear of; each subscription is a watch of its own. */
    Flux<Told> changes(StateWatch watch, StateStore store) {
        return Flux.defer(() -> {
                    StateWatcher watcher = new StateWatcher(watch);
                    watchers.add(watcher);
                    try {
                        Flux<Told> changes =
                                watch.after() == StateWatch.NOW ? watcher.changes() : after(watcher, store);
                        return changes.doFinally(end -> watchers.remove(watcher));
                    } catch (RuntimeException failed) {
                        watchers.remove(watcher);
                        throw failed;
                    }
                })
                .publishOn(Schedulers.boundedElastic());
    }

    /** What is there and newer than a commit, then all later changes. */
    private static Flux<Told> after(StateWatcher watcher, StateStore store) {
        Snapshot snapshot = store.backend().snapshot();
        long seen = Math.max(watcher.watch().after(), snapshot.commit());
        Flux<Told> present = Flux.defer(() -> Flux.fromIterable(newer(watcher, snapshot)))
                .concatMapIterable(key -> read(key, snapshot, store))
                .doOnNext(told -> watcher.watch().counter().accept(1))
                .doOnComplete(snapshot::close);
        Flux<Told> later = watcher.changes().filter(told -> told.version() > seen || watcher.dropped());
        return Flux.concat(present, later).doFinally(end -> snapshot.close());
    }

    /** Keys only, so that a large scope does not fill the heap; values are read one by one. */
    private static List<Bytes> newer(StateWatcher watcher, Snapshot snapshot) {
        record Found(Bytes key, long revision) {}
        List<Found> found = new ArrayList<>();
        try (Cursor cursor = snapshot.scan(
                Space.STATE, Range.prefix(StateKey.prefix(watcher.watch().scope())))) {
            while (cursor.next()) {
                Entry entry = cursor.entry();
                if (entry.stored().revision() > watcher.watch().after()
                        && watcher.wants(StateKey.decode(entry.key()))) {
                    found.add(new Found(entry.key(), entry.stored().revision()));
                }
            }
        }
        found.sort(Comparator.comparingLong(Found::revision));
        return found.stream().map(Found::key).toList();
    }

    private static List<Told> read(Bytes key, Snapshot snapshot, StateStore store) {
        return snapshot.get(Space.STATE, key)
                .map(stored -> store.records().read(StateKey.decode(key), stored))
                .filter(cell -> !cell.expired(store.clock()) && ChangeEvents.tells(cell.stateClass()))
                .map(cell -> List.of(new Told(StateKey.decode(key), null, cell, cell.revision())))
                .orElse(List.of());
    }

    /** Ends all watches. */
    void close() {
        for (StateWatcher watcher : watchers) {
            watcher.end(new InvalidStateException("the state manager is closed; open a new one to watch again"));
        }
    }
}

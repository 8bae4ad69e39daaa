package io.llmspell.storage.spi;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Snapshot;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.util.concurrent.Queues;

/**
 * Sends committed changes to the subscribers of watches.
 *
 * <p>A watch begins in an exclusive section of the {@link CommitQueue}, where it takes a snapshot and joins the hub: so
 * every commit is in the snapshot or in the live part, and none is in both. The live part is a bounded queue for each
 * watch; the committing thread only offers to it, and subscribers run on Reactor's bounded elastic threads. A queue that
 * is full ends its watch with {@code limit_exceeded} and costs nobody else anything.
 *
 * <p><b>Threads:</b> {@link #publish} and {@link #close} for the leader of the queue, everything else is safe.
 */
public final class WatchHub implements Handle {
    private static final int BUFFER = 1_024;

    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

    /** Makes a hub without watches. */
    public WatchHub() {}

    /**
     * Makes the stream of a watch.
     *
     * @param queue the queue whose commits the hub is told of
     * @param admission refuses subscriptions of a closed store
     * @param snapshot takes a snapshot; called in an exclusive section
     * @param space the space
     * @param prefix the prefix of the keys
     * @param fromRevision entries with a larger revision are sent
     * @return the stream; each subscription is a watch of its own
     */
    public Flux<Entry> watch(
            CommitQueue queue,
            CommitQueue.Admission admission,
            Supplier<Snapshot> snapshot,
            Space space,
            Bytes prefix,
            long fromRevision) {
        return Flux.defer(() -> {
                    List<Joined> joined = new ArrayList<>(1);
                    admission.run(() -> joined.add(queue.exclusive(() -> join(snapshot.get(), space, prefix))));
                    return joined.get(0).stream(fromRevision);
                })
                .publishOn(Schedulers.boundedElastic());
    }

    private Joined join(Snapshot snapshot, Space space, Bytes prefix) {
        Watcher watcher = new Watcher(space, prefix);
        watchers.add(watcher);
        return new Joined(watcher, snapshot);
    }

    /**
     * Whether anybody watches keys of a space, so that a back end may save the work of collecting them.
     *
     * @param space the space
     * @return true if there is a watch
     */
    public boolean watches(Space space) {
        for (Watcher watcher : watchers) {
            if (watcher.space.equals(space)) {
                return true;
            }
        }
        return false;
    }

    /**
     * How many watches there are.
     *
     * @return the number
     */
    public int size() {
        return watchers.size();
    }

    /**
     * Offers a committed change to the watches.
     *
     * @param space the space
     * @param entry the key with its new value, empty for a removal, and the revision of the commit
     */
    public void publish(Space space, Entry entry) {
        for (Watcher watcher : watchers) {
            if (watcher.space.equals(space) && entry.key().startsWith(watcher.prefix)) {
                watcher.offer(entry);
            }
        }
    }

    /** Ends all watches with {@code store_closed}. */
    @Override
    public void close() {
        for (Watcher watcher : watchers) {
            watcher.end(StorageException.closed());
        }
    }

    /** A watcher with the snapshot of the moment in which it joined. */
    private final class Joined {
        private final Watcher watcher;
        private final Snapshot snapshot;

        Joined(Watcher watcher, Snapshot snapshot) {
            this.watcher = watcher;
            this.snapshot = snapshot;
        }

        Flux<Entry> stream(long fromRevision) {
            return Flux.concat(present(fromRevision), live(fromRevision)).doFinally(signal -> {
                watchers.remove(watcher);
                snapshot.close();
            });
        }

        private Flux<Entry> live(long fromRevision) {
            return watcher.sink.asFlux().filter(entry -> entry.stored().revision() > fromRevision);
        }

        private Flux<Entry> present(long fromRevision) {
            return Flux.defer(() -> Flux.fromIterable(newer(fromRevision)))
                    .concatMapIterable(found -> read(found.key))
                    .doOnComplete(snapshot::close);
        }

        /** Keys and revisions only: values are read again one by one, so that a large space does not fill the heap. */
        private List<Found> newer(long fromRevision) {
            List<Found> found = new ArrayList<>();
            if (snapshot.commit() <= fromRevision) {
                return found;
            }
            try (Cursor cursor = snapshot.scan(watcher.space, Range.prefix(watcher.prefix))) {
                while (cursor.next()) {
                    Entry entry = cursor.entry();
                    if (entry.stored().revision() > fromRevision) {
                        found.add(new Found(entry.key(), entry.stored().revision()));
                    }
                }
            }
            found.sort(Comparator.comparingLong(Found::revision));
            return found;
        }

        private List<Entry> read(Bytes key) {
            return snapshot.get(watcher.space, key)
                    .map(stored -> List.of(new Entry(key, stored)))
                    .orElse(List.of());
        }
    }

    private record Found(Bytes key, long revision) {}

    /** The live part of one watch. */
    private static final class Watcher {
        final Space space;
        final Bytes prefix;
        final Sinks.Many<Entry> sink = Sinks.many()
                .unicast()
                .onBackpressureBuffer(Queues.<Entry>get(BUFFER).get());

        Watcher(Space space, Bytes prefix) {
            this.space = space;
            this.prefix = prefix;
        }

        void offer(Entry entry) {
            if (sink.tryEmitNext(entry) == Sinks.EmitResult.FAIL_OVERFLOW) {
                end(LimitException.exceeded(
                        "storage.watch_buffer",
                        Integer.toString(BUFFER),
                        "a watch on " + space.name() + " does not keep up; subscribe again from its last revision"));
            }
        }

        void end(RuntimeException why) {
            // A watch that has ended already refuses the signal, which is right.
            sink.tryEmitError(why);
        }
    }
}

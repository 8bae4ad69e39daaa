package io.llmspell.storage;

import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.CommitListener;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.LogChain;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Snapshot;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Stores with one fault each, as careless authors of back ends write them. */
final class SeededBugs {
    private SeededBugs() {}

    /** Compare-and-set that does not compare. */
    static final class LostUpdate extends ForwardingBackend {
        @Override
        public Commit commit(Batch batch) {
            List<Write> writes = new ArrayList<>(batch.writes());
            writes.removeIf(Write.Expect.class::isInstance);
            return real.commit(new Batch(writes, batch.mode(), batch.listener()));
        }
    }

    /** The parts of a batch are written one after the other. */
    static final class TornBatch extends ForwardingBackend {
        @Override
        public Commit commit(Batch batch) {
            Commit last = null;
            for (Write write : batch.writes()) {
                last = real.commit(Batch.of(batch.mode(), write));
            }
            return Objects.requireNonNull(last);
        }
    }

    /** A later part of a batch does not see the earlier ones: all expectations are decided first. */
    static final class BlindBatch extends ForwardingBackend {
        @Override
        public Commit commit(Batch batch) {
            List<Write> writes = new ArrayList<>(batch.writes());
            writes.sort(Comparator.comparing(write -> !(write instanceof Write.Expect)));
            return real.commit(new Batch(writes, batch.mode(), batch.listener()));
        }
    }

    /** The snapshot reads the store as it is now. */
    static final class LivingSnapshot extends ForwardingBackend {
        @Override
        public Snapshot snapshot() {
            Snapshot taken = real.snapshot();
            return new Snapshot() {
                @Override
                public long commit() {
                    return taken.commit();
                }

                @Override
                public Optional<Stored> get(Space space, Bytes key) {
                    return real.get(space, key);
                }

                @Override
                public Cursor scan(Space space, Range range) {
                    return real.scan(space, range);
                }

                @Override
                public Cursor index(Space log, Bytes prefix, boolean reverse) {
                    return real.index(log, prefix, reverse);
                }

                @Override
                public void close() {
                    taken.close();
                }
            };
        }
    }

    /** Changes what a scan gives. */
    abstract static class ChangedScan extends ForwardingBackend {
        abstract List<Entry> change(List<Entry> right, Range range);

        @Override
        public Cursor scan(Space space, Range range) {
            List<Entry> right = new ArrayList<>();
            try (Cursor cursor = real.scan(space, range)) {
                while (cursor.next()) {
                    right.add(cursor.entry());
                }
            }
            return new ListCursor(change(right, range), entry -> entry);
        }
    }

    /** The order of a hash map. */
    static final class UnorderedScan extends ChangedScan {
        @Override
        List<Entry> change(List<Entry> right, Range range) {
            right.sort(Comparator.comparing(entry -> entry.key().hashCode() % 7));
            return right;
        }
    }

    /** Bytes compared as Java compares them. */
    static final class SignedOrder extends ChangedScan {
        @Override
        List<Entry> change(List<Entry> right, Range range) {
            right.sort((a, b) -> Arrays.compare(a.key().toArray(), b.key().toArray()));
            return right;
        }
    }

    /** The end of a range belongs to it. */
    static final class IncludedEnd extends ForwardingBackend {
        @Override
        public Cursor scan(Space space, Range range) {
            Bytes to = range.to().length() == 0 ? range.to() : range.to().plus(Bytes.own(new byte[1]));
            return real.scan(space, new Range(range.from(), to, range.reverse()));
        }
    }

    /** A scan that reads each value when it comes to it. */
    static final class LivingScan extends ForwardingBackend {
        @Override
        public Cursor scan(Space space, Range range) {
            List<Entry> keys = new ArrayList<>();
            try (Cursor cursor = real.scan(space, range)) {
                while (cursor.next()) {
                    keys.add(cursor.entry());
                }
            }
            return new ListCursor(
                    keys,
                    entry -> new Entry(entry.key(), real.get(space, entry.key()).orElse(entry.stored())));
        }
    }

    /** A value without bytes counts as absent. */
    static final class EmptyIsAbsent extends ForwardingBackend {
        @Override
        public Optional<Stored> get(Space space, Bytes key) {
            return real.get(space, key).filter(stored -> stored.value().length() > 0);
        }
    }

    /** Positions are taken before it is clear that the batch commits. */
    static final class PositionGap extends ForwardingBackend {
        @Override
        public Commit commit(Batch batch) {
            Commit outcome = real.commit(batch);
            if (outcome instanceof Commit.Conflict) {
                batch.writes().stream()
                        .filter(Write.Append.class::isInstance)
                        .forEach(append -> real.commit(Batch.of(batch.mode(), append)));
            }
            return outcome;
        }
    }

    /** An index that takes every prefix which begins with the one asked for. */
    static final class MixedIndex extends ForwardingBackend {
        @Override
        public Commit commit(Batch batch) {
            List<Write> writes = new ArrayList<>();
            for (Write write : batch.writes()) {
                writes.add(write instanceof Write.Append append ? widened(append) : write);
            }
            return real.commit(new Batch(writes, batch.mode(), batch.listener()));
        }

        private static Write widened(Write.Append append) {
            List<Bytes> all = new ArrayList<>();
            for (Bytes prefix : append.indexPrefixes()) {
                for (int length = 0; length <= prefix.length(); length++) {
                    all.add(prefix.slice(0, length));
                }
            }
            return new Write.Append(append.space(), append.value(), all);
        }
    }

    /** The link of a chained append is made before the commit, and only for the first append of a batch. */
    static class StaleLink extends ForwardingBackend {
        @Override
        public Commit commit(Batch batch) {
            LogChain.Head head = real.get(Space.META, LogChain.headKey(Space.AUDIT))
                    .map(stored -> LogChain.Head.decode(stored.value()))
                    .orElse(LogChain.Head.START);
            linked();
            List<Write> writes = new ArrayList<>();
            for (Write write : batch.writes()) {
                writes.add(
                        write instanceof Write.Append append && append.chained()
                                ? new Write.Append(append.space(), head.linked(append.value()), List.of())
                                : write);
            }
            return real.commit(new Batch(writes, batch.mode(), batch.listener()));
        }

        /** Between the link and the commit. */
        void linked() {}
    }

    /** The same among several threads: the first two that come have both made their links when either commits. */
    static final class OvertakenLink extends StaleLink {
        private final CountDownLatch two = new CountDownLatch(2);

        @Override
        void linked() {
            two.countDown();
            try {
                two.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The listener runs when the writer has been told already: with the next commit of the same thread. */
    static final class LateListener extends ForwardingBackend {
        private final ThreadLocal<@Nullable Runnable> last = new ThreadLocal<>();

        @Override
        public Commit commit(Batch batch) {
            Runnable before = last.get();
            if (before != null) {
                before.run();
            }
            Commit outcome = real.commit(new Batch(batch.writes(), batch.mode(), null));
            CommitListener listener = batch.listener();
            last.set(listener != null && outcome instanceof Commit.Done done ? () -> listener.committed(done) : null);
            return outcome;
        }
    }

    /** A watch that begins with the next change, whatever revision was named. */
    static final class ForgetfulWatch extends ForwardingBackend {
        @Override
        public Flux<Entry> watch(Space space, Bytes prefix, long fromRevision) {
            return Flux.defer(() -> real.watch(space, prefix, real.statistics().getOrDefault("commits", 0L)));
        }
    }

    /** An acknowledgement that promises more than the store keeps. */
    static final class Boaster extends ForwardingBackend {
        @Override
        public Commit commit(Batch batch) {
            Commit outcome = real.commit(batch);
            return outcome instanceof Commit.Done done
                    ? new Commit.Done(done.number(), done.positions(), WriteMode.DURABLE)
                    : outcome;
        }
    }

    /** Closing closes nothing. */
    static final class NeverClosed extends ForwardingBackend {
        @Override
        public void close() {
            real.flush();
        }
    }

    /** An asynchronous commit that does not wait for its subscriber. */
    static final class EagerAsync extends ForwardingBackend {
        @Override
        public Mono<Commit> commitAsync(Batch batch) {
            return Mono.just(real.commit(batch));
        }
    }

    /** Walks over a list. */
    private static final class ListCursor implements Cursor {
        private final List<Entry> entries;
        private final UnaryOperator<Entry> change;
        private int at = -1;

        ListCursor(List<Entry> entries, UnaryOperator<Entry> change) {
            this.entries = entries;
            this.change = change;
        }

        @Override
        public boolean next() {
            return ++at < entries.size();
        }

        @Override
        public Entry entry() {
            return change.apply(entries.get(at));
        }

        @Override
        public void close() {
            at = entries.size();
        }
    }
}

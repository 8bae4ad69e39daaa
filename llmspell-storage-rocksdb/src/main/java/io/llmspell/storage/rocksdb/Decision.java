package io.llmspell.storage.rocksdb;

import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.LogChain;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.storage.spi.WatchHub;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksIterator;

/**
 * Decides the batches of one group in order and collects them in one native batch: expectations, revisions, positions.
 *
 * <p>Nothing outside is changed before the group is written; a batch with a conflict is rolled back to its save point.
 * For the committing thread.
 */
final class Decision {
    private final NativeStore store;
    private final WatchHub hub;
    private final BatchImage out;
    private final Overlay group = new Overlay(null);

    /** Whether anything in the group asks what earlier parts of it have changed; else that is not collected. */
    private final boolean asked;

    private final List<Change> changes = new ArrayList<>();
    private final IndexEntries index = new IndexEntries();
    private Logs logs;
    private long number;

    /** What watches must be told once the group is written. */
    private record Change(Space space, Entry entry) {}

    Decision(NativeStore store, WatchHub hub, BatchImage out, long lastCommit, Logs logs, List<Batch> all) {
        this.store = store;
        this.hub = hub;
        this.out = out;
        this.number = lastCommit;
        this.logs = logs;
        this.asked = hub.size() > 0 || asks(all);
    }

    private static boolean asks(List<Batch> batches) {
        for (Batch batch : batches) {
            for (Write write : batch.writes()) {
                if (write instanceof Write.Expect || write instanceof Write.DeleteRange) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Where the logs of a store stand.
     *
     * @param nextPositions the position of the next append
     * @param heads the newest entry of each chain; absent for a log without one
     */
    record Logs(Map<Space, Long> nextPositions, Map<Space, LogChain.Head> heads) {
        Logs after(Map<Space, Long> positions, Map<Space, LogChain.Head> moved) {
            Map<Space, Long> next = new HashMap<>(nextPositions);
            next.putAll(positions);
            Map<Space, LogChain.Head> newest = new HashMap<>(heads);
            newest.putAll(moved);
            return new Logs(next, newest);
        }
    }

    /** The number of the newest commit in the group. */
    long lastCommit() {
        return number;
    }

    Logs logs() {
        return logs;
    }

    void publish() {
        changes.forEach(change -> hub.publish(change.space, change.entry));
    }

    Commit add(Batch batch, WriteMode mode) {
        Draft draft = new Draft(number + 1);
        BatchImage.Point before = out.point();
        for (Write write : batch.writes()) {
            Commit.Conflict conflict = draft.apply(write);
            if (conflict != null) {
                out.rollback(before);
                return conflict;
            }
        }
        draft.keep();
        return new Commit.Done(number, draft.taken, mode);
    }

    /** Ends the group: adds the entries of the indexes and what the store must know about itself. */
    void seal() {
        index.writeTo(out);
        NativeStore.putLastCommit(out, number);
    }

    /** One batch that may still fail. */
    private final class Draft {
        private final long revision;
        private final Overlay own = new Overlay(group);
        private final Map<Space, Long> positions = new HashMap<>();
        private final Map<Space, LogChain.Head> moved = new HashMap<>();
        private final List<Change> changed = new ArrayList<>();
        private final List<IndexEntries.Entry> entries = new ArrayList<>();
        final List<Long> taken = new ArrayList<>();

        Draft(long revision) {
            this.revision = revision;
        }

        void keep() {
            number = revision;
            own.merge();
            changes.addAll(changed);
            index.add(entries);
            if (!positions.isEmpty()) {
                logs = logs.after(positions, moved);
            }
            for (Map.Entry<Space, Long> each : positions.entrySet()) {
                NativeStore.putNextPosition(out, each.getKey(), each.getValue());
            }
        }

        Commit.@Nullable Conflict apply(Write write) {
            if (write instanceof Write.Expect expect) {
                long actual = actual(expect.space(), expect.key());
                return actual == expect.revision() ? null : new Commit.Conflict(expect.space(), expect.key(), actual);
            } else if (write instanceof Write.Put put) {
                put(put.space(), put.key(), put.value());
            } else if (write instanceof Write.Delete delete) {
                delete(delete.space(), delete.key());
            } else if (write instanceof Write.DeleteRange delete) {
                deleteRange(delete.space(), delete.range());
            } else if (write instanceof Write.Append append) {
                append(append);
            } else if (write instanceof Write.Unindex gone) {
                index(gone.space(), gone.indexPrefix(), gone.position(), false);
            }
            return null;
        }

        private long actual(Space space, Bytes key) {
            Long known = own.revision(space, key);
            return known != null ? known : store.revision(space, key);
        }

        private void put(Space space, Bytes key, Bytes value) {
            out.put(store.id(space, false), key, revision, value);
            set(space, key, revision);
            changed(space, key, value);
        }

        private void delete(Space space, Bytes key) {
            if (hub.watches(space) && actual(space, key) != 0) {
                changed(space, key, Bytes.empty());
            }
            out.delete(store.id(space, false), key);
            set(space, key, 0);
        }

        private void set(Space space, Bytes key, long revised) {
            if (asked) {
                own.set(space, key, revised);
            }
        }

        private void deleteRange(Space space, Range range) {
            Bytes end = range.to().length() == 0 ? behindLast(space, range) : range.to();
            if (range.from().compareTo(end) >= 0) {
                return;
            }
            if (hub.watches(space)) {
                present(space, new Range(range.from(), end, false)).forEach(key -> changed(space, key, Bytes.empty()));
            }
            out.deleteRange(store.id(space, false), range.from(), end);
            own.removeRange(space, range);
        }

        /** The key behind the last one, because RocksDB knows no range without end. */
        private Bytes behindLast(Space space, Range range) {
            Bytes last = Bytes.empty();
            try (RocksIterator iterator = store.iterator(store.family(space, false), store.plain())) {
                iterator.seekToLast();
                store.check(iterator);
                if (iterator.isValid()) {
                    last = Bytes.own(iterator.key());
                }
            }
            for (Bytes key : own.keys(space, range)) {
                last = key.compareTo(last) > 0 ? key : last;
            }
            return last.plus(Bytes.own(new byte[1]));
        }

        private Set<Bytes> present(Space space, Range range) {
            Set<Bytes> keys = new TreeSet<>(own.keys(space, range));
            try (RocksIterator iterator = store.iterator(store.family(space, false), store.plain())) {
                iterator.seek(range.from().toArray());
                while (iterator.isValid() && range.contains(Bytes.own(iterator.key()))) {
                    keys.add(Bytes.own(iterator.key()));
                    iterator.next();
                }
                store.check(iterator);
            }
            keys.removeIf(key -> actual(space, key) == 0);
            return keys;
        }

        private void append(Write.Append append) {
            Space log = append.space();
            Long drafted = positions.get(log);
            long position = drafted != null ? drafted : logs.nextPositions().getOrDefault(log, 1L);
            put(log, Bytes.ofLong(position), append.chained() ? linked(append, position) : append.value());
            for (Bytes prefix : append.indexPrefixes()) {
                index(log, prefix, position, true);
            }
            positions.put(log, position + 1);
            taken.add(position);
        }

        /** The value behind its link; moves the head of the chain. */
        private Bytes linked(Write.Append append, long position) {
            Space log = append.space();
            LogChain.Head head = moved.getOrDefault(log, logs.heads().getOrDefault(log, LogChain.Head.START));
            Bytes stored = head.linked(append.value());
            LogChain.Head next = LogChain.Head.after(position, stored);
            moved.put(log, next);
            put(Space.META, LogChain.headKey(log), next.encoded());
            return stored;
        }

        private void index(Space log, Bytes prefix, long position, boolean present) {
            entries.add(new IndexEntries.Entry(store.id(log, true), prefix, position, present));
        }

        private void changed(Space space, Bytes key, Bytes value) {
            if (hub.watches(space)) {
                changed.add(new Change(space, new Entry(key, new Stored(value, revision))));
            }
        }
    }
}

package io.llmspell.storage;

import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.LogChain;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.storage.spi.IndexKeys;
import io.llmspell.storage.spi.WatchHub;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Applies one batch to a view of a memory store; nothing shows before {@link #view}. For the committing thread. */
final class MemoryChange {
    private final long number;
    private final Map<Space, MemoryView.Part> parts;
    private final List<Long> positions = new ArrayList<>();
    private final Map<Space, List<Entry>> changes = new HashMap<>();
    private final WatchHub hub;
    private final IntSupplier priorities;

    MemoryChange(MemoryView before, WatchHub hub, IntSupplier priorities) {
        this.number = before.commit() + 1;
        this.parts = new HashMap<>(before.parts());
        this.hub = hub;
        this.priorities = priorities;
    }

    Commit apply(Batch batch) {
        for (Write write : batch.writes()) {
            Commit.Conflict conflict = apply(write);
            if (conflict != null) {
                return conflict;
            }
        }
        return new Commit.Done(number, positions, WriteMode.MEMORY);
    }

    MemoryView view() {
        return new MemoryView(number, parts);
    }

    void publish() {
        changes.forEach((space, entries) -> entries.forEach(entry -> hub.publish(space, entry)));
    }

    private Commit.@Nullable Conflict apply(Write write) {
        if (write instanceof Write.Expect expect) {
            return check(expect);
        } else if (write instanceof Write.Put put) {
            put(put.space(), put.key(), put.value());
        } else if (write instanceof Write.Delete delete) {
            delete(delete.space(), delete.key());
        } else if (write instanceof Write.DeleteRange delete) {
            deleteRange(delete.space(), delete.range());
        } else if (write instanceof Write.Append append) {
            append(append);
        } else if (write instanceof Write.Unindex gone) {
            unindex(gone);
        }
        return null;
    }

    private Commit.@Nullable Conflict check(Write.Expect expect) {
        Stored stored = Treap.get(part(expect.space()).entries(), expect.key());
        long actual = stored == null ? 0 : stored.revision();
        return actual == expect.revision() ? null : new Commit.Conflict(expect.space(), expect.key(), actual);
    }

    private void put(Space space, Bytes key, Bytes value) {
        MemoryView.Part part = part(space);
        Stored stored = new Stored(value, number);
        parts.put(space, part.withEntries(Treap.put(part.entries(), key, stored, priorities.getAsInt())));
        changed(space, key, stored);
    }

    private void delete(Space space, Bytes key) {
        MemoryView.Part part = part(space);
        if (Treap.get(part.entries(), key) != null) {
            parts.put(space, part.withEntries(Treap.remove(part.entries(), key)));
            changed(space, key, new Stored(Bytes.empty(), number));
        }
    }

    private void deleteRange(Space space, Range range) {
        MemoryView.Part part = part(space);
        if (hub.watches(space)) {
            Cursor doomed = new TreapCursor(part.entries(), range, () -> {});
            while (doomed.next()) {
                changed(space, doomed.entry().key(), new Stored(Bytes.empty(), number));
            }
        }
        Treap low = Treap.below(part.entries(), range.from());
        Treap high = range.to().length() == 0 ? null : Treap.from(part.entries(), range.to());
        parts.put(space, part.withEntries(Treap.merge(low, high)));
    }

    private void unindex(Write.Unindex gone) {
        MemoryView.Part part = part(gone.space());
        Bytes key = IndexKeys.key(gone.indexPrefix(), gone.position());
        if (Treap.get(part.index(), key) != null) {
            Treap index = Treap.remove(part.index(), key);
            parts.put(gone.space(), new MemoryView.Part(part.entries(), index, part.nextPosition()));
        }
    }

    private void append(Write.Append append) {
        MemoryView.Part part = part(append.space());
        long position = part.nextPosition();
        Bytes key = Bytes.ofLong(position);
        Stored stored = new Stored(append.chained() ? linked(append, position) : append.value(), number);
        Treap entries = Treap.put(part.entries(), key, stored, priorities.getAsInt());
        Treap index = part.index();
        for (Bytes prefix : append.indexPrefixes()) {
            Stored none = new Stored(Bytes.empty(), number);
            index = Treap.put(index, IndexKeys.key(prefix, position), none, priorities.getAsInt());
        }
        parts.put(append.space(), new MemoryView.Part(entries, index, position + 1));
        positions.add(position);
        changed(append.space(), key, stored);
    }

    /** The value behind its link; moves the head of the chain. */
    private Bytes linked(Write.Append append, long position) {
        Bytes key = LogChain.headKey(append.space());
        Stored head = Treap.get(part(Space.META).entries(), key);
        Bytes stored = (head == null ? LogChain.Head.START : LogChain.Head.decode(head.value())).linked(append.value());
        put(Space.META, key, LogChain.Head.after(position, stored).encoded());
        return stored;
    }

    private MemoryView.Part part(Space space) {
        return Objects.requireNonNull(parts.get(space));
    }

    private void changed(Space space, Bytes key, Stored stored) {
        if (hub.watches(space)) {
            changes.computeIfAbsent(space, each -> new ArrayList<>()).add(new Entry(key, stored));
        }
    }
}

package io.llmspell.storage;

import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Snapshot;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A store whose audit log somebody changed below it, record by record. */
final class TamperedStore extends ForwardingBackend {
    private volatile UnaryOperator<List<Bytes>> tampering = UnaryOperator.identity();

    /** Lets the stored records, in order, read differently; the number of the record stays its place in the list. */
    void tamper(UnaryOperator<List<Bytes>> change) {
        this.tampering = change;
    }

    private TreeMap<Bytes, Stored> audit(Snapshot snapshot) {
        List<Bytes> values = new ArrayList<>();
        long first = 1;
        try (Cursor cursor = snapshot.scan(Space.AUDIT, Range.all())) {
            while (cursor.next()) {
                if (values.isEmpty()) {
                    first = cursor.entry().key().longAt(0);
                }
                values.add(cursor.entry().stored().value());
            }
        }
        TreeMap<Bytes, Stored> changed = new TreeMap<>();
        for (Bytes value : tampering.apply(values)) {
            if (value.length() > 0) {
                changed.put(Bytes.ofLong(first), new Stored(value, 1));
            }
            first++;
        }
        return changed;
    }

    @Override
    public Snapshot snapshot() {
        Snapshot snapshot = real.snapshot();
        return new Changed(snapshot, audit(snapshot));
    }

    /** A snapshot in which the audit log is another. */
    private record Changed(Snapshot real, TreeMap<Bytes, Stored> audit) implements Snapshot {
        @Override
        public long commit() {
            return real.commit();
        }

        @Override
        public Optional<Stored> get(Space space, Bytes key) {
            return space.equals(Space.AUDIT) ? Optional.ofNullable(audit.get(key)) : real.get(space, key);
        }

        @Override
        public Cursor scan(Space space, Range range) {
            return space.equals(Space.AUDIT)
                    ? new Walk(audit.entrySet().stream().iterator())
                    : real.scan(space, range);
        }

        @Override
        public Cursor index(Space log, Bytes prefix, boolean reverse) {
            return real.index(log, prefix, reverse);
        }

        @Override
        public void close() {
            real.close();
        }
    }

    /** Walks over changed records. */
    private static final class Walk implements Cursor {
        private final java.util.Iterator<Map.Entry<Bytes, Stored>> left;
        private Map.Entry<Bytes, Stored> present = Map.entry(Bytes.empty(), new Stored(Bytes.empty(), 0));

        Walk(java.util.Iterator<Map.Entry<Bytes, Stored>> left) {
            this.left = left;
        }

        @Override
        public boolean next() {
            if (!left.hasNext()) {
                return false;
            }
            present = left.next();
            return true;
        }

        @Override
        public Entry entry() {
            return new Entry(present.getKey(), present.getValue());
        }

        @Override
        public void close() {}
    }
}

package io.llmspell.events.journal;

import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageReader;
import io.llmspell.core.storage.Write;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of events that were written in the batch of a change: they get their number only when the batch is
 * committed, so it stands beside them, in the meta space.
 *
 * <p>A note holds, for some events in the order of their commits, revision, half of the id and number; its key has the
 * revision of the first. <b>Threads:</b> safe.
 */
final class SequenceNotes {
    private static final int ROW_BYTES = 3 * Long.BYTES;

    private final Bytes keys;
    private final Map<UUID, Long> unwritten = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable Note> last = new AtomicReference<>();

    SequenceNotes(Space log) {
        this.keys = Bytes.utf8("events.numbers:" + log.name() + ":");
    }

    /**
     * What one event is called in a note.
     *
     * @param revision the number of its commit
     * @param id its id
     * @param sequence its number
     */
    record Row(long revision, UUID id, long sequence) {}

    /**
     * A note as it was read.
     *
     * @param first the lowest revision
     * @param rows the packed rows
     */
    private record Note(long first, Bytes rows) {
        long sequence(long revision, long half) {
            for (int at = 0; at < rows.length(); at += ROW_BYTES) {
                if (rows.longAt(at) == revision && rows.longAt(at + Long.BYTES) == half) {
                    return rows.longAt(at + 2 * Long.BYTES);
                }
            }
            return 0;
        }

        /** Whether all rows of the revision are in this note. */
        boolean covers(long revision) {
            return first < revision && rows.longAt(rows.length() - ROW_BYTES) > revision;
        }
    }

    /** Knows a number that is still to be written. */
    void remember(Row row) {
        unwritten.put(row.id, row.sequence);
    }

    /** Some rows are in the store now, or never will be. */
    void written(List<Row> rows) {
        for (Row row : rows) {
            unwritten.remove(row.id);
        }
    }

    /** The part of a batch that keeps some rows, at least one, in the order of their revisions. */
    Write note(List<Row> rows) {
        ByteBuffer packed = ByteBuffer.allocate(rows.size() * ROW_BYTES);
        rows.forEach(row -> packed.putLong(row.revision)
                .putLong(row.id.getLeastSignificantBits())
                .putLong(row.sequence));
        return new Write.Put(Space.META, key(rows.get(0).revision), Bytes.own(packed.array()));
    }

    private Bytes key(long revision) {
        return keys.plus(Bytes.ofLong(revision));
    }

    /** The number of an event, 0 if none is noted. */
    long sequence(StorageReader store, UniversalEvent event, long revision) {
        Long waiting = unwritten.get(event.id());
        if (waiting != null) {
            return waiting;
        }
        long half = event.id().getLeastSignificantBits();
        Note known = last.get();
        if (known != null && known.covers(revision)) {
            return known.sequence(revision, half);
        }
        // events of one commit may be noted in two rounds, so the newest note below is not always the one
        try (Cursor cursor = store.scan(Space.META, new Range(keys, key(revision + 1), true))) {
            while (cursor.next()) {
                Note note = new Note(
                        cursor.entry().key().longAt(keys.length()),
                        cursor.entry().stored().value());
                long found = note.sequence(revision, half);
                if (found != 0) {
                    last.set(note);
                    return found;
                }
                if (note.first < revision) {
                    return 0;
                }
            }
        }
        return 0;
    }

    /** The part of a batch that forgets what is older than a revision, or null if there is nothing. */
    @Nullable Write forgetBelow(StorageReader store, long revision) {
        Bytes floor = null;
        try (Cursor cursor = store.scan(Space.META, new Range(keys, key(revision), true))) {
            floor = cursor.next() ? cursor.entry().key() : null;
        }
        // the newest note below may reach above, so it stays
        return floor == null ? null : new Write.DeleteRange(Space.META, new Range(keys, floor, false));
    }
}

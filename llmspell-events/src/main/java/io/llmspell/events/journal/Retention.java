package io.llmspell.events.journal;

import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.RecordHeader;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the oldest events when there are too many, when they are too large together, or when they are too old.
 *
 * <p>Only ever a beginning of the log goes, some hundred events in one batch, so writers wait for no more than that.
 * Nothing goes for its age while the wall clock is in doubt: when it is more than a minute
 * behind the newest event, or stepped by that much since the last look. <b>Threads:</b> safe; one cleaning at a time.
 */
final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final int MOST_AT_ONCE = 500;
    private static final Duration DOUBT = Duration.ofMinutes(1);

    private final StorageBackend store;
    private final RecordCodec codec;
    private final EventRecords records;
    private final SequenceNotes notes;
    private final JournalSettings settings;
    private final TimeSource time;
    private final Bytes key;
    private final ReentrantLock cleaning = new ReentrantLock();

    /** When the log was looked at last, by both clocks; guarded by {@code cleaning}. */
    private @Nullable Instant wall;

    private long ticks;

    /**
     * What is known of the log.
     *
     * @param trimmed everything up to this position was removed
     * @param counted everything up to this position is in {@code bytes}
     * @param bytes the size of the records that are kept, up to {@code counted}
     */
    record Ledger(long trimmed, long counted, long bytes) {}

    Retention(
            StorageBackend store,
            RecordCodec codec,
            EventRecords records,
            SequenceNotes notes,
            JournalSettings settings,
            TimeSource time) {
        this.store = store;
        this.codec = codec;
        this.records = records;
        this.notes = notes;
        this.settings = settings;
        this.time = time;
        this.key = Bytes.utf8("events.ledger:" + records.space().name());
    }

    /** What was known when the log was cleaned last. */
    Ledger ledger() {
        return store.get(Space.META, key)
                .map(stored -> codec.decode(key, stored.value()))
                .map(value -> value instanceof Map<?, ?> map
                        ? new Ledger(number(map, "trimmed"), number(map, "counted"), number(map, "bytes"))
                        : null)
                .orElse(new Ledger(0, 0, 0));
    }

    private static long number(Map<?, ?> map, String name) {
        return map.get(name) instanceof Long value ? value : 0;
    }

    /** Removes what is too much; gives how many events went. */
    long clean() {
        cleaning.lock();
        try {
            return cleaned();
        } finally {
            cleaning.unlock();
        }
    }

    private long cleaned() {
        Ledger ledger = counted(ledger());
        @Nullable Instant oldest = oldestAllowed();
        long removed = 0;
        boolean more = true;
        while (more) {
            Round round = round(ledger, oldest);
            more = round.removed == MOST_AT_ONCE;
            removed += round.removed;
            ledger = round.after;
            write(round);
        }
        if (removed > 0) {
            LOG.debug("{} events were removed from the journal", removed);
        }
        return removed;
    }

    /** Adds up what came since the last cleaning. */
    private Ledger counted(Ledger before) {
        long bytes = before.bytes;
        long counted = before.counted;
        try (Cursor cursor = store.scan(records.space(), behind(counted))) {
            while (cursor.next()) {
                counted = cursor.entry().key().longAt(0);
                bytes += cursor.entry().stored().value().length();
            }
        }
        return new Ledger(before.trimmed, counted, bytes);
    }

    private static Range behind(long position) {
        return new Range(Bytes.ofLong(position + 1), Bytes.empty(), false);
    }

    /** Older events go; null if the clock cannot be trusted. */
    private @Nullable Instant oldestAllowed() {
        Instant before = wall;
        long tick;
        Instant now;
        do { // both clocks at one moment: a process that was stopped between the readings reads again
            tick = time.nanos();
            now = time.now();
        } while (time.nanos() - tick > DOUBT.toNanos());
        Duration passed = Duration.ofNanos(tick - ticks);
        wall = now;
        ticks = tick;
        boolean stepped = before != null
                && Duration.between(before, now).minus(passed).abs().compareTo(DOUBT) > 0;
        if (stepped || now.plus(DOUBT).isBefore(newestTimestamp())) {
            LOG.warn("the clock stepped: no event is removed from the journal for its age this time");
            return null;
        }
        return now.minus(settings.eventTtl());
    }

    private Instant newestTimestamp() {
        try (Cursor cursor = store.scan(records.space(), Range.all().reversed())) {
            return cursor.next() ? event(cursor.entry()).timestamp() : Instant.MIN;
        }
    }

    private UniversalEvent event(Entry entry) {
        return records.event(entry.key().longAt(0), entry.stored());
    }

    /**
     * What one batch removes.
     *
     * @param writes the parts but the ledger
     * @param removed how many events
     * @param after the ledger behind it
     */
    private record Round(List<Write> writes, int removed, Ledger after) {}

    private Round round(Ledger ledger, @Nullable Instant oldest) {
        List<Write> writes = new ArrayList<>();
        Ledger left = ledger;
        int removed = 0;
        long revision = 0;
        try (Cursor cursor = store.scan(records.space(), behind(ledger.trimmed))) {
            while (removed < MOST_AT_ONCE && cursor.next()) {
                Entry entry = cursor.entry();
                UniversalEvent event = event(entry);
                revision = entry.stored().revision();
                if (!goes(event, left, oldest)) {
                    break;
                }
                unindex(writes, event, entry.key().longAt(0));
                left = without(left, entry);
                removed++;
            }
        }
        if (removed > 0) {
            Bytes first = Bytes.ofLong(ledger.trimmed + 1);
            Bytes end = Bytes.ofLong(left.trimmed + 1);
            writes.add(new Write.DeleteRange(records.space(), new Range(first, end, false)));
            Write forgotten = notes.forgetBelow(store, revision);
            if (forgotten != null) {
                writes.add(forgotten);
            }
        }
        return new Round(writes, removed, left);
    }

    private static Ledger without(Ledger ledger, Entry entry) {
        Stored stored = entry.stored();
        return new Ledger(
                entry.key().longAt(0),
                ledger.counted,
                ledger.bytes - stored.value().length());
    }

    private boolean goes(UniversalEvent event, Ledger left, @Nullable Instant oldest) {
        return left.counted - left.trimmed > settings.maxEvents()
                || left.bytes > settings.maxBytes()
                || (oldest != null && event.timestamp().isBefore(oldest));
    }

    private void unindex(List<Write> writes, UniversalEvent event, long position) {
        for (Bytes prefix : IndexPrefixes.of(event)) {
            writes.add(new Write.Unindex(records.space(), prefix, position));
        }
    }

    private void write(Round round) {
        List<Write> writes = new ArrayList<>(round.writes);
        JsonObject ledger = JsonObject.of(
                "trimmed", round.after.trimmed, "counted", round.after.counted, "bytes", round.after.bytes);
        writes.add(new Write.Put(Space.META, key, codec.encode(key, RecordHeader.of("standard", null), ledger)));
        store.commit(new Batch(writes, WriteMode.BUFFERED, null)).orThrow();
    }
}

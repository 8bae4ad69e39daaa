package io.llmspell.storage;

import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.audit.AuditQuery;
import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.audit.AuditReport;
import io.llmspell.core.audit.AuditTrimming;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Capability;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.LogChain;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.RecordHeader;
import io.llmspell.core.storage.Snapshot;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The audit log in the space {@link Space#AUDIT} of a store.
 *
 * <p>Each record begins with the SHA-256 of the one before, which the store puts there in commit order, so records of
 * batches and of {@link #append} are one chain. The chain shows what was changed by whoever can write to the store, but
 * cannot compute it anew from the changed record to the head; it is not authenticated by a key. Records are removed from
 * the front alone, and a record of the chain says which ones, by whom and when. <b>Threads:</b> safe.
 * <b>Errors:</b> {@link StorageException}.
 */
public final class StoreAuditLog implements AuditLog {
    private static final Bytes RECORD_KEY = Bytes.utf8(Space.AUDIT.name());
    private static final Bytes ANCHOR_KEY = Bytes.utf8("audit-anchor");
    private static final Set<Capability> NEEDED =
            EnumSet.of(Capability.SNAPSHOT, Capability.ORDER, Capability.TRANSACTIONS);

    private final StorageBackend store;
    private final RecordCodec codec;

    private StoreAuditLog(StorageBackend store, RecordCodec codec) {
        this.store = store;
        this.codec = codec;
    }

    /**
     * The audit log of a store, with the records that it has already.
     *
     * @param store a store with the spaces {@link Space#AUDIT} and {@link Space#META}; stays its owner's
     * @param codec packs the records
     * @return the log
     * @throws StorageException {@code store_unsupported} if the store has no snapshots, order or transactions
     */
    public static StoreAuditLog on(StorageBackend store, RecordCodec codec) {
        Set<Capability> missing = EnumSet.copyOf(NEEDED);
        missing.removeAll(store.capabilities());
        if (!missing.isEmpty()) {
            throw new StorageException(
                    ErrorCode.STORE_UNSUPPORTED,
                    "an audit log needs a store that can do " + missing + "; this one cannot");
        }
        return new StoreAuditLog(store, codec);
    }

    /**
     * Keeps a record; when the call returns the record is as durable as the store can make it.
     *
     * @param record the record; texts beyond 4096 characters are cut
     * @throws StorageException {@code store_full}, {@code store_closed} and others; the record is then not kept
     */
    @Override
    public void append(AuditRecord record) {
        store.commit(Batch.of(WriteMode.DURABLE, stage(record))).orThrow();
    }

    @Override
    public Write stage(AuditRecord record) {
        RecordHeader header = RecordHeader.of("standard", record.correlation());
        return new Write.Append(
                Space.AUDIT, codec.encode(RECORD_KEY, header, AuditRecordJson.write(record)), List.of(), true);
    }

    @Override
    public AuditReport verify() {
        try (Snapshot snapshot = store.snapshot()) {
            LogChain.Head anchor = anchor(snapshot);
            LogChain.Head head = head(snapshot, LogChain.headKey(Space.AUDIT));
            LastCheckpoint last = new LastCheckpoint();
            long records = new ChainVerifier(snapshot, Space.AUDIT, anchor, value -> last.see(json(value)))
                            .verify(head)
                            .position()
                    - anchor.position();
            return new AuditReport(records, anchor.position(), last.endingAt(anchor));
        }
    }

    private @Nullable Object json(Bytes value) {
        return codec.decode(RECORD_KEY, value);
    }

    /** The newest record of a trimming; it must say that the log begins where it does. */
    private static final class LastCheckpoint {
        private AuditRecordJson.@Nullable Checkpoint found;

        void see(@Nullable Object json) {
            AuditRecord unused = AuditRecordJson.read(json);
            AuditRecordJson.Checkpoint here = AuditRecordJson.checkpoint(json);
            found = here == null ? found : here;
        }

        @Nullable AuditTrimming endingAt(LogChain.Head anchor) {
            AuditRecordJson.Checkpoint last = found;
            if (last == null && anchor.position() == 0) {
                return null;
            }
            if (last == null || !last.endsAt(anchor)) {
                throw ChainVerifier.bad(
                        Space.AUDIT,
                        anchor.position(),
                        "and what came before it was removed, and no record of a trimming says so; what comes after it"
                                + " is in order");
            }
            return last.trimming();
        }
    }

    private ChainVerifier verifier(Snapshot snapshot, LogChain.Head anchor) {
        return new ChainVerifier(snapshot, Space.AUDIT, anchor, this::read);
    }

    private AuditRecord read(Bytes value) {
        return AuditRecordJson.read(json(value));
    }

    private static LogChain.Head anchor(Snapshot snapshot) {
        return head(snapshot, ANCHOR_KEY);
    }

    private static LogChain.Head head(Snapshot snapshot, Bytes key) {
        return snapshot.get(Space.META, key)
                .map(stored -> LogChain.Head.decode(stored.value()))
                .orElse(LogChain.Head.START);
    }

    /**
     * The newest records.
     *
     * @param limit how many at most, 1 to 10,000
     * @return the records, newest first
     * @throws ArgumentException {@code invalid_argument} if the limit is out of range
     * @throws StorageException {@code store_corrupt} if a record cannot be read
     */
    public List<AuditRecord> newest(int limit) {
        return query(AuditQuery.newest(limit));
    }

    @Override
    public List<AuditRecord> query(AuditQuery query) {
        List<AuditRecord> found = new ArrayList<>();
        try (Cursor cursor = store.scan(Space.AUDIT, Range.all().reversed())) {
            while (found.size() < query.limit() && cursor.next()) {
                AuditRecord record =
                        read(LogChain.valueOf(cursor.entry().stored().value()));
                if (query.matches(record)) {
                    found.add(record);
                }
            }
        }
        return found;
    }

    /**
     * Removes the oldest records and leaves a record that says so, so that the rest can still be verified and what is
     * missing is accounted for. The records that go are verified before.
     *
     * @param keep how many of the newest records stay, 0 or more, beside the record of the trimming itself
     * @param caller who removes them; stands in that record
     * @param now the present time; stands in that record
     * @return what was removed; empty if the log would not become shorter
     * @throws ArgumentException {@code invalid_argument} if the number is negative
     * @throws StorageException {@code store_corrupt} naming the first record that was changed, removed or moved; nothing
     *     is removed then. {@code state_conflict} if another trimming was first
     */
    public Optional<AuditTrimming> trim(long keep, Caller caller, Instant now) {
        if (keep < 0) {
            throw new ArgumentException("keep", String.valueOf(keep), "0 or more");
        }
        return trim(caller, now, "all but the newest " + keep, (snapshot, anchor, newest) -> newest - keep);
    }

    /**
     * Removes what a retention gives up, as {@link #trim} does. Where two records that follow each other, or the last one
     * and now, are further apart than the longest age, the clock may be wrong, and nothing goes for its age.
     *
     * @param retention what stays
     * @param caller who removes the rest
     * @param now the present time
     * @return what was removed; empty if the log would not become shorter
     * @throws StorageException as for {@link #trim}
     */
    public Optional<AuditTrimming> retain(AuditRetention retention, Caller caller, Instant now) {
        return trim(caller, now, retention.text(), (snapshot, anchor, newest) -> {
            long byCount = newest - retention.maxCount();
            long byAge = Math.min(aged(snapshot, anchor, retention, now), newest - retention.minCount());
            return Math.max(byCount, byAge);
        });
    }

    /** The last record that is older than it may be, the anchor's if there is none or the clock is in doubt. */
    private long aged(Snapshot snapshot, LogChain.Head anchor, AuditRetention retention, Instant now) {
        if (retention.maxAge().isZero()) {
            return anchor.position();
        }
        Instant limit = now.minus(retention.maxAge());
        long position = anchor.position();
        Instant last = Instant.MAX;
        Instant next = now;
        try (Cursor cursor = snapshot.scan(Space.AUDIT, Range.all())) {
            while (cursor.next()) {
                Entry entry = cursor.entry();
                Instant stamp = read(LogChain.valueOf(entry.stored().value())).timestamp();
                if (!stamp.isBefore(limit)) {
                    next = stamp;
                    break;
                }
                last = stamp;
                position = entry.key().longAt(0);
            }
        }
        boolean doubtful = last.isBefore(next) && Duration.between(last, next).compareTo(retention.maxAge()) > 0;
        return doubtful ? anchor.position() : position;
    }

    /** Chooses the last record that goes. */
    @FunctionalInterface
    private interface Choice {
        long last(Snapshot snapshot, LogChain.Head anchor, long newest);
    }

    private Optional<AuditTrimming> trim(Caller caller, Instant now, String why, Choice choice) {
        LogChain.Head anchor;
        LogChain.Head last;
        long revision;
        try (Snapshot snapshot = store.snapshot()) {
            anchor = anchor(snapshot);
            long newest = head(snapshot, LogChain.headKey(Space.AUDIT)).position();
            long end = Math.min(choice.last(snapshot, anchor, newest), newest);
            if (end <= anchor.position() + 1) { // the record of the trimming takes the place of one
                return Optional.empty();
            }
            revision =
                    snapshot.get(Space.META, ANCHOR_KEY).map(Stored::revision).orElse(0L);
            last = verifier(snapshot, anchor).verifyTo(end);
        }
        long removed = last.position() - anchor.position();
        store.commit(Batch.of(
                        WriteMode.DURABLE,
                        new Write.Expect(Space.META, ANCHOR_KEY, revision),
                        new Write.DeleteRange(Space.AUDIT, upTo(last)),
                        new Write.Put(Space.META, ANCHOR_KEY, last.encoded()),
                        checkpoint(caller, now, why, removed, last)))
                .orThrow();
        return Optional.of(new AuditTrimming(removed, caller.principal(), now, caller.correlation()));
    }

    private static Range upTo(LogChain.Head last) {
        return new Range(Bytes.empty(), Bytes.ofLong(last.position() + 1), false);
    }

    private Write checkpoint(Caller caller, Instant now, String why, long removed, LogChain.Head last) {
        long first = last.position() - removed + 1;
        AuditRecord record = new AuditRecord(
                now,
                caller.principal(),
                "audit.trim",
                "audit records " + first + " to " + last.position(),
                true,
                why,
                caller.correlation());
        RecordHeader header = RecordHeader.of("standard", record.correlation());
        return new Write.Append(
                Space.AUDIT,
                codec.encode(RECORD_KEY, header, AuditRecordJson.write(record, removed, last)),
                List.of(),
                true);
    }
}

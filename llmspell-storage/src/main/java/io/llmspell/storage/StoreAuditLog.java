package io.llmspell.storage;

import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Capability;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.LogChain;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.RecordHeader;
import io.llmspell.core.storage.Snapshot;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The audit log in the space {@link Space#AUDIT} of a store.
 *
 * <p>Each record begins with the SHA-256 of the one before, which the store puts there in commit order, so records of
 * batches and of {@link #append} are one chain. The chain shows what was changed by whoever can write to the store, but
 * cannot compute it anew from the changed record to the head; it is not authenticated by a key. <b>Threads:</b> safe.
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
    public long verify() {
        try (Snapshot snapshot = store.snapshot()) {
            LogChain.Head anchor = anchor(snapshot);
            LogChain.Head head = head(snapshot, LogChain.headKey(Space.AUDIT));
            return verifier(snapshot, anchor).verify(head).position() - anchor.position();
        }
    }

    private ChainVerifier verifier(Snapshot snapshot, LogChain.Head anchor) {
        return new ChainVerifier(snapshot, Space.AUDIT, anchor, this::read);
    }

    private AuditRecord read(Bytes value) {
        return AuditRecordJson.read(codec.decode(RECORD_KEY, value));
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
        if (limit < 1 || limit > 10_000) {
            throw new ArgumentException("limit", String.valueOf(limit), "1 to 10000");
        }
        List<AuditRecord> found = new ArrayList<>();
        try (Cursor cursor = store.scan(Space.AUDIT, Range.all().reversed())) {
            while (found.size() < limit && cursor.next()) {
                found.add(read(LogChain.valueOf(cursor.entry().stored().value())));
            }
        }
        return found;
    }

    /**
     * Removes the oldest records and keeps an anchor in their place, so that the rest can still be verified. The records
     * that go are verified before.
     *
     * @param keep how many of the newest records stay, 0 or more
     * @return how many were removed
     * @throws ArgumentException {@code invalid_argument} if the number is negative
     * @throws StorageException {@code store_corrupt} naming the first record that was changed, removed or moved; nothing
     *     is removed then. {@code state_conflict} if another trimming was first
     */
    public long trim(long keep) {
        if (keep < 0) {
            throw new ArgumentException("keep", String.valueOf(keep), "0 or more");
        }
        LogChain.Head anchor;
        LogChain.Head last;
        long revision;
        try (Snapshot snapshot = store.snapshot()) {
            anchor = anchor(snapshot);
            long newest = head(snapshot, LogChain.headKey(Space.AUDIT)).position();
            if (newest - keep <= anchor.position()) {
                return 0;
            }
            revision = snapshot.get(Space.META, ANCHOR_KEY)
                    .map(stored -> stored.revision())
                    .orElse(0L);
            last = verifier(snapshot, anchor).verifyTo(newest - keep);
        }
        Range gone = new Range(Bytes.empty(), Bytes.ofLong(last.position() + 1), false);
        store.commit(Batch.of(
                        WriteMode.DURABLE,
                        new Write.Expect(Space.META, ANCHOR_KEY, revision),
                        new Write.DeleteRange(Space.AUDIT, gone),
                        new Write.Put(Space.META, ANCHOR_KEY, last.encoded())))
                .orThrow();
        return last.position() - anchor.position();
    }
}

package io.llmspell.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.LogChain;
import io.llmspell.core.storage.RecordHeader;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Changes, drops or moves one of many audit records and demands that the verifier names it; a file of its own, so that a
 * log with a fault can be put through it too.
 */
final class AuditDrill {
    /** What somebody does to the records below the store. */
    enum Tampering {
        /** The text of a record is another; its checksum too, so that the record alone looks right. */
        CHANGED((records, at) -> set(records, at, rewritten(records.get(at)))),
        /** One bit of a record is another. */
        BIT((records, at) ->
                set(records, at, flipped(records.get(at), records.get(at).length() - 9))),
        /** One bit of what a record holds of its predecessor is another. */
        LINK((records, at) -> set(records, at, flipped(records.get(at), 3))),
        /** A record is gone. */
        DROPPED((records, at) -> set(records, at, Bytes.empty())),
        /** A record is gone and those behind it moved up. */
        CLOSED_UP((records, at) -> {
            records.remove((int) at);
            return records;
        }),
        /** A record and its successor changed places. */
        SWAPPED((records, at) -> {
            Collections.swap(records, at, at + 1);
            return records;
        }),
        /** A record stands at the end instead. */
        MOVED((records, at) -> {
            records.add(records.remove((int) at));
            return records;
        }),
        /** A record stands there a second time, and those behind it moved down. */
        DOUBLED((records, at) -> {
            records.add(at, records.get(at - 1));
            return records;
        });

        private final transient BiFunction<List<Bytes>, Integer, List<Bytes>> change;

        Tampering(BiFunction<List<Bytes>, Integer, List<Bytes>> change) {
            this.change = change;
        }

        List<Bytes> apply(List<Bytes> records, int at) {
            return change.apply(new ArrayList<>(records), at);
        }

        private static List<Bytes> set(List<Bytes> records, int at, Bytes value) {
            records.set(at, value);
            return records;
        }

        private static Bytes flipped(Bytes record, int at) {
            byte[] bytes = record.toArray();
            bytes[at] ^= 4;
            return Bytes.own(bytes);
        }

        private static Bytes rewritten(Bytes stored) {
            boolean linked = stored.at(0) != 'L' || stored.at(1) != 'S';
            Bytes record = linked ? LogChain.valueOf(stored) : stored;
            var json = (io.llmspell.core.json.JsonObject) CODEC.decode(KEY, record);
            Bytes changed = CODEC.encode(
                    KEY,
                    RecordHeader.of("standard", new CorrelationId("run")),
                    java.util.Objects.requireNonNull(json).with("allowed", true));
            return linked ? LogChain.linkOf(stored).plus(changed) : changed;
        }
    }

    static final io.llmspell.core.storage.RecordCodec CODEC =
            RecordCodecs.create(io.llmspell.core.json.JsonCodec.create());
    static final Bytes KEY = Bytes.utf8("audit");

    private final int records;
    private final TamperedStore store = new TamperedStore();
    private final AuditLog log;
    private final SplittableRandom random;

    AuditDrill(int records, long seed, Function<TamperedStore, AuditLog> logs) {
        this.records = records;
        this.log = logs.apply(store);
        this.random = new SplittableRandom(seed);
        for (int from = 0; from < records; from += 500) {
            List<Write> some = new ArrayList<>();
            for (int i = from; i < Math.min(records, from + 500); i++) {
                some.add(log.stage(record("target " + i)));
            }
            store.commit(new Batch(some, WriteMode.DURABLE, null)).orThrow();
        }
    }

    static AuditRecord record(String target) {
        return new AuditRecord(
                Instant.EPOCH,
                new Principal.Host(),
                "state.write",
                target,
                false,
                "no grant",
                new CorrelationId("run"));
    }

    void intact() {
        store.tamper(all -> all);
        assertThat(log.verify().records()).isEqualTo(records);
    }

    /** Somewhere in the middle. */
    void mustBeNamed(Tampering tampering) {
        mustBeNamed(tampering, 2 + random.nextInt(records - 4));
    }

    void mustBeNamed(Tampering tampering, int at) {
        store.tamper(all -> tampering.apply(all, at));
        StorageException found = catchThrowableOfType(StorageException.class, log::verify);
        assertThat(found).as("%s at record %d goes unseen", tampering, at + 1).isNotNull();
        assertThat(found.code()).isEqualTo(ErrorCode.STORE_CORRUPT);
        assertThat(found.details()).as(found.getMessage()).containsEntry("position", at + 1L);
    }
}

package io.llmspell.storage;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.audit.AuditQuery;
import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.audit.AuditReport;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.RecordHeader;
import io.llmspell.core.storage.Snapshot;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The planted fault of A01: a log whose records do not hold the hash of the one before must turn the check red. */
@DisplayName("A01 audit, planted fault")
final class AuditChainFaultTest {
    private final AuditDrill drill = new AuditDrill(200, 7, UnlinkedLog::new);

    @Test
    void check_unlinkedLog_isGreenWhileNothingIsTampered() {
        drill.intact();
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(
            value = AuditDrill.Tampering.class,
            names = {"CHANGED", "DROPPED", "CLOSED_UP", "SWAPPED", "MOVED", "DOUBLED"})
    void check_unlinkedLog_isRed(AuditDrill.Tampering tampering) {
        assertThatThrownBy(() -> drill.mustBeNamed(tampering))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("goes unseen");
    }

    /** An audit log with a checksum in each record and nothing between them. */
    private record UnlinkedLog(StorageBackend store) implements AuditLog {
        @Override
        public void append(AuditRecord record) {
            store.commit(Batch.of(WriteMode.DURABLE, stage(record))).orThrow();
        }

        @Override
        public Write stage(AuditRecord record) {
            RecordHeader header = RecordHeader.of("standard", record.correlation());
            Bytes value = AuditDrill.CODEC.encode(AuditDrill.KEY, header, AuditRecordJson.write(record));
            return new Write.Append(Space.AUDIT, value, List.of());
        }

        @Override
        public List<AuditRecord> query(AuditQuery query) {
            return StoreAuditLog.on(store, AuditDrill.CODEC).query(query);
        }

        @Override
        public AuditReport verify() {
            long count = 0;
            try (Snapshot snapshot = store.snapshot();
                    Cursor cursor = snapshot.scan(Space.AUDIT, Range.all())) {
                while (cursor.next()) {
                    AuditDrill.CODEC.decode(
                            AuditDrill.KEY, cursor.entry().stored().value());
                    count++;
                }
            }
            return new AuditReport(count, 0, null);
        }
    }
}

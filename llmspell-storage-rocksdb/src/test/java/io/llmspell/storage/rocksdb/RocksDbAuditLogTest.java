package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.audit.AuditReport;
import io.llmspell.core.audit.AuditTrimming;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.storage.RecordCodecs;
import io.llmspell.storage.StoreAuditLog;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksDbAuditLogTest {
    private static final Instant NOW = Instant.parse("2025-06-01T00:00:00Z");
    private static final Caller BY = Caller.host(new CorrelationId("clean-up"));

    private final SystemTimeSource time = new SystemTimeSource();

    @TempDir
    Path folder;

    @AfterEach
    void stopTimers() {
        time.close();
    }

    private StorageBackend open() {
        return RocksDbStorage.at(folder.resolve("store")).createIfMissing().open(Set.of(Space.AUDIT, Space.META), time);
    }

    private static StoreAuditLog log(StorageBackend store) {
        return StoreAuditLog.on(store, RecordCodecs.create(JsonCodec.create()));
    }

    private static AuditRecord record(int number) {
        return new AuditRecord(
                Instant.EPOCH,
                new Principal.Agent("planner"),
                "state.write",
                "target " + number,
                false,
                "no grant",
                new CorrelationId("run"));
    }

    @Test
    void chain_manyThreadsAndASecondOpening_isWhole() throws Exception {
        try (StorageBackend store = open()) {
            StoreAuditLog log = log(store);
            ExecutorService pool = Executors.newFixedThreadPool(4);
            for (int thread = 0; thread < 4; thread++) {
                pool.execute(() -> {
                    for (int i = 0; i < 25; i++) {
                        log.append(record(i));
                    }
                });
            }
            pool.shutdown();
            assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
            assertThat(log.verify().records()).isEqualTo(100);
        }
        try (StorageBackend store = open()) {
            StoreAuditLog log = log(store);
            log.append(record(100));
            assertThat(log.verify().records()).isEqualTo(101);
            assertThat(log.newest(1)).containsExactly(record(100));
            assertThat(log.trim(50, BY, NOW).map(AuditTrimming::removed)).contains(51L);
        }
        try (StorageBackend store = open()) {
            AuditTrimming trimming = new AuditTrimming(51, BY.principal(), NOW, BY.correlation());
            assertThat(log(store).verify()).isEqualTo(new AuditReport(51, 51, trimming));
        }
    }

    @Test
    void chain_recordRemoved_isNamedAlsoAfterASecondOpening() {
        try (StorageBackend store = open()) {
            StoreAuditLog log = log(store);
            for (int i = 0; i < 10; i++) {
                log.append(record(i));
            }
            Range last = new Range(Bytes.ofLong(10), Bytes.empty(), false);
            store.commit(Batch.of(WriteMode.DURABLE, new Write.DeleteRange(Space.AUDIT, last)));
        }
        try (StorageBackend store = open()) {
            assertThatThrownBy(log(store)::verify)
                    .hasMessage("audit record 10 is missing: it was removed or moved; what comes before it is in order"
                            + " [store_corrupt]");
        }
    }
}

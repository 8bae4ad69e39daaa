package io.llmspell.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.audit.AuditReport;
import io.llmspell.core.audit.AuditTrimming;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Capability;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.LogChain;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class StoreAuditLogTest {
    private final TamperedStore store = new TamperedStore();
    private final StoreAuditLog log = StoreAuditLog.on(store, AuditDrill.CODEC);

    @AfterEach
    void close() {
        store.close();
    }

    private static final CorrelationId RUN = new CorrelationId("run-9");
    private static final Instant NOW = Instant.parse("2025-06-01T00:00:00Z");
    private static final Caller BY = Caller.of(new Principal.RuntimePart("audit"), Language.JAVA, RUN);

    private long trim(long keep) {
        return log.trim(keep, BY, NOW).map(AuditTrimming::removed).orElse(0L);
    }

    private void append(int from, int to) {
        IntStream.range(from, to).forEach(i -> log.append(AuditDrill.record("target " + i)));
    }

    @Test
    void append_everyPrincipal_readsBack() {
        List<AuditRecord> written = new ArrayList<>();
        for (Principal principal : List.of(
                new Principal.Host(),
                new Principal.RuntimePart("hooks"),
                new Principal.Script("lua-1", "a.lua"),
                new Principal.Script("lua-1", null),
                new Principal.Agent("planner"),
                new Principal.Workflow("run-7"))) {
            AuditRecord record = new AuditRecord(
                    Instant.parse("2025-01-01T00:00:00.123456789Z"),
                    principal,
                    "tool.call",
                    "tool/calc ä\n",
                    true,
                    "granted",
                    new CorrelationId("run-1"));
            written.add(record);
            log.append(record);
        }
        Collections.reverse(written);

        assertThat(log.newest(10)).isEqualTo(written);
        assertThat(log.newest(2)).isEqualTo(written.subList(0, 2));
        assertThat(log.verify().records()).isEqualTo(6);
        assertThatThrownBy(() -> log.newest(0)).hasMessageContaining("limit is \"0\", but must be 1 to 10000");
    }

    @Test
    void append_hugeTexts_areCutBetweenCodePoints() {
        log.append(AuditDrill.record("x".repeat(4_094) + "😀😀"));

        String target = log.newest(1).get(0).target();
        assertThat(target).hasSize(4_095).endsWith("x…");
    }

    @Test
    void stage_withTheChangeItIsAbout_commitsWithIt() {
        Write put = new Write.Put(Space.STATE, Bytes.utf8("k"), Bytes.utf8("v"));
        store.commit(Batch.of(WriteMode.DURABLE, put, log.stage(AuditDrill.record("k"))));
        Commit lost = store.commit(Batch.of(
                WriteMode.DURABLE,
                new Write.Expect(Space.STATE, Bytes.utf8("k"), 99),
                log.stage(AuditDrill.record("k"))));

        assertThat(lost).isInstanceOf(Commit.Conflict.class);
        assertThat(log.verify().records()).isEqualTo(1);
    }

    @Test
    void verify_empty_isZero() {
        assertThat(log.verify().records()).isZero();
    }

    @Test
    void append_manyThreads_isOneChain() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        for (int i = 0; i < 4; i++) {
            pool.execute(() -> append(0, 100));
        }
        pool.shutdown();

        assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(log.verify().records()).isEqualTo(400);
    }

    @Test
    void trim_keepsAnAnchor_soThatTheRestIsStillVerified() {
        append(0, 10);
        assertThat(trim(4)).isEqualTo(6);
        assertThat(trim(4)).isZero();
        assertThat(trim(100)).isZero();
        assertThat(log.verify()).isEqualTo(new AuditReport(5, 6, new AuditTrimming(6, BY.principal(), NOW, RUN)));
        assertThat(log.newest(100))
                .extracting(AuditRecord::target)
                .containsExactly("audit records 1 to 6", "target 9", "target 8", "target 7", "target 6");

        append(10, 12);
        assertThat(log.verify().records()).isEqualTo(7);
        assertThat(trim(0)).isEqualTo(7);
        assertThat(log.verify()).isEqualTo(new AuditReport(1, 13, new AuditTrimming(7, BY.principal(), NOW, RUN)));
        append(12, 13);
        assertThat(log.verify().records()).isEqualTo(2);
        assertThatThrownBy(() -> trim(-1)).hasMessageContaining("keep is \"-1\", but must be 0 or more");
    }

    @Test
    void verify_afterTrimming_namesTheFirstOfTheRest() {
        append(0, 10);
        trim(4);
        store.tamper(records -> AuditDrill.Tampering.DROPPED.apply(records, 0));
        assertThatThrownBy(log::verify).hasMessageContaining("audit record 7 is missing");
        store.tamper(records -> AuditDrill.Tampering.LINK.apply(records, 0));
        assertThatThrownBy(log::verify).hasMessageContaining("audit record 7 was changed or moved");
    }

    @Test
    void verify_anchorMoved_isNamed() {
        append(0, 10);
        trim(4);
        Bytes key = Bytes.utf8("audit-anchor");
        byte[] anchor = store.get(Space.META, key).orElseThrow().value().toArray();
        anchor[20] ^= 1;
        store.commit(Batch.of(WriteMode.DURABLE, new Write.Put(Space.META, key, Bytes.own(anchor))));

        assertThatThrownBy(log::verify)
                .hasMessageContaining("audit record 6 which was trimmed, or its anchor, was changed");
    }

    @Test
    void trim_ofAChangedRecord_removesNothing() {
        append(0, 10);
        store.tamper(records -> AuditDrill.Tampering.CHANGED.apply(records, 2));
        assertThatThrownBy(() -> trim(4)).hasMessageContaining("audit record 3 was changed");
        store.tamper(records -> records);

        assertThat(log.verify().records()).isEqualTo(10);
    }

    @Test
    void verify_recordBehindTheHead_isNamed() {
        append(0, 3);
        store.tamper(records -> {
            List<Bytes> more = new ArrayList<>(records);
            Bytes last = records.get(2);
            more.add(LogChain.link(3, last).plus(LogChain.valueOf(last)));
            return more;
        });

        assertThatThrownBy(log::verify)
                .hasMessageContaining("audit record 4 was added by somebody else than the store");
    }

    @Test
    void on_storeThatCannot_isRefused() {
        StorageBackend poor = new ForwardingBackend() {
            @Override
            public Set<Capability> capabilities() {
                return EnumSet.of(Capability.ORDER);
            }
        };
        assertThatThrownBy(() -> StoreAuditLog.on(poor, AuditDrill.CODEC))
                .hasMessage("an audit log needs a store that can do [SNAPSHOT, TRANSACTIONS]; this one cannot"
                        + " [store_unsupported]");
    }
}

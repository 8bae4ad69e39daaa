package io.llmspell.storage;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.testing.check.Check;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A01: one of ten thousand audit records is changed, dropped or moved. */
@Check("A01")
@DisplayName("A01 audit")
final class AuditChainTest {
    private static final int RECORDS = 10_000;
    private static final long SEED = System.nanoTime();

    @SuppressWarnings("NullAway.Init") // made before all tests
    private static AuditDrill drill;

    @BeforeAll
    static void write() {
        drill = new AuditDrill(RECORDS, SEED, store -> StoreAuditLog.on(store, AuditDrill.CODEC));
    }

    @Test
    void verify_untouched_countsAll() {
        drill.intact();
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(AuditDrill.Tampering.class)
    void verify_oneTampered_isNamed(AuditDrill.Tampering tampering) {
        try {
            drill.mustBeNamed(tampering);
        } catch (AssertionError failure) {
            throw new AssertionError("seed " + SEED, failure);
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(
            value = AuditDrill.Tampering.class,
            names = {"CHANGED", "BIT", "LINK", "DROPPED", "CLOSED_UP"})
    void verify_firstOrLastTampered_isNamed(AuditDrill.Tampering tampering) {
        drill.mustBeNamed(tampering, 0);
        drill.mustBeNamed(tampering, RECORDS - 1);
    }

    @Test
    void verify_recordRemovedThroughTheStore_isNamed() {
        try (ForwardingBackend store = new ForwardingBackend()) {
            StoreAuditLog log = StoreAuditLog.on(store, AuditDrill.CODEC);
            for (int i = 0; i < 5; i++) {
                log.append(AuditDrill.record("target " + i));
            }
            Range third = new Range(Bytes.ofLong(3), Bytes.ofLong(4), false);
            store.commit(Batch.of(WriteMode.DURABLE, new Write.DeleteRange(Space.AUDIT, third)));

            assertThatThrownBy(log::verify)
                    .hasMessage("audit record 3 is missing: it was removed or moved; what comes before it is in order"
                            + " [store_corrupt]");
        }
    }
}

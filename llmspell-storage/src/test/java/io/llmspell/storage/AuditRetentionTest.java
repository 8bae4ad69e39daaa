package io.llmspell.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.audit.AuditReport;
import io.llmspell.core.audit.AuditTrimming;
import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ConfigException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.LogChain;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What retention removes, what the log still proves, and that nobody can shorten it unseen. */
final class AuditRetentionTest {
    private static final Instant START = Instant.parse("2025-01-01T00:00:00Z");
    private static final CorrelationId RUN = new CorrelationId("clean-up");
    private static final Caller BY = Caller.of(new Principal.RuntimePart("audit"), Language.JAVA, RUN);
    private static final Bytes ANCHOR = Bytes.utf8("audit-anchor");
    private static final Duration HOUR = Duration.ofHours(1);

    private final TamperedStore store = new TamperedStore();
    private final StoreAuditLog log = StoreAuditLog.on(store, AuditDrill.CODEC);
    private Instant now = START;

    @AfterEach
    void close() {
        store.close();
    }

    /** So many records, one each hour. */
    private void hours(int records) {
        for (int i = 0; i < records; i++) {
            log.append(new AuditRecord(now, new Principal.Host(), "state.write", "t", false, "no", RUN));
            now = now.plus(HOUR);
        }
    }

    private static AuditRetention keep(long ageHours, long most, long least) {
        return new AuditRetention(Duration.ofHours(ageHours), most, least, HOUR);
    }

    private long removed(AuditRetention retention) {
        return log.retain(retention, BY, now).map(AuditTrimming::removed).orElse(0L);
    }

    // ---- what goes ----

    @ParameterizedTest
    @CsvSource({
        "0, 10, 0, 40", // by count alone
        "20, 100, 0, 30", // by age alone: those of the last twenty hours stay
        "20, 10, 0, 40", // by both: count wants more
        "20, 40, 35, 15", // the least wins over age
        "100, 100, 0, 0",
        "0, 50, 0, 0",
        "0, 49, 0, 0" // one record would go and the record of the trimming would come
    })
    void retain_ofFiftyHours_removes(long age, long most, long least, long removed) {
        hours(50);

        assertThat(removed(keep(age, most, least))).isEqualTo(removed);
        AuditReport report = log.verify();
        assertThat(report.trimmed()).isEqualTo(removed);
        assertThat(report.records()).isEqualTo(50 - removed + (removed == 0 ? 0 : 1));
        assertThat(report.lastTrimming())
                .isEqualTo(
                        removed == 0
                                ? Optional.empty()
                                : Optional.of(new AuditTrimming(removed, BY.principal(), now, RUN)));
    }

    @Test
    void retain_again_removesNothingUntilThereIsMore() {
        hours(50);
        removed(keep(0, 10, 0));
        for (int i = 0; i < 5; i++) {
            now = now.plus(HOUR);
            assertThat(removed(keep(0, 10, 0))).isZero();
        }
        hours(3);
        assertThat(removed(keep(0, 10, 0))).isEqualTo(4);
        assertThat(log.verify()).isEqualTo(new AuditReport(11, 44, new AuditTrimming(4, BY.principal(), now, RUN)));
        assertThat(log.newest(1))
                .containsExactly(new AuditRecord(
                        now,
                        BY.principal(),
                        "audit.trim",
                        "audit records 41 to 44",
                        true,
                        "retention: at most 10 records of any age, at least 0",
                        RUN));
    }

    // ---- a clock that may be wrong ----

    @Test
    void retain_clockFarAhead_removesNothingForItsAge() {
        hours(50);
        now = now.plus(Duration.ofDays(3650));
        assertThat(removed(keep(20, 100, 0))).isZero();
        hours(5); // the wrong clock goes on
        assertThat(removed(keep(20, 100, 0))).isZero();
        assertThat(removed(keep(20, 30, 0)))
                .as("what is too much goes all the same")
                .isEqualTo(25);
        assertThat(log.verify().trimmed()).isEqualTo(25);
    }

    @Test
    void retain_clockBack_removesNothingEarly() {
        hours(50);
        now = now.minus(Duration.ofHours(49));
        assertThat(removed(keep(20, 100, 0))).isZero();
        hours(2);
        assertThat(removed(keep(20, 100, 0))).isZero();
    }

    // ---- what is proved ----

    @ParameterizedTest(name = "{0}")
    @EnumSource(AuditDrill.Tampering.class)
    void verify_afterATrimming_namesWhatWasTampered(AuditDrill.Tampering tampering) {
        hours(50);
        removed(keep(0, 30, 0));
        for (int at : List.of(5, 12, 28)) {
            store.tamper(records -> tampering.apply(records, at));
            StorageException found = catchThrowableOfType(StorageException.class, log::verify);
            assertThat(found).as("%s goes unseen", tampering).isNotNull();
            assertThat(found.details()).as(found.getMessage()).containsEntry("position", 20L + at + 1);
        }
    }

    private LogChain.Head after(long position) {
        try (Cursor cursor = store.scan(Space.AUDIT, Range.all())) {
            while (cursor.next()) {
                if (cursor.entry().key().longAt(0) == position) {
                    return LogChain.Head.after(position, cursor.entry().stored().value());
                }
            }
        }
        throw new AssertionError("no record " + position);
    }

    private void shorten(long position) {
        LogChain.Head forged = after(position);
        Range gone = new Range(Bytes.empty(), Bytes.ofLong(position + 1), false);
        store.commit(Batch.of(
                        WriteMode.DURABLE,
                        new Write.DeleteRange(Space.AUDIT, gone),
                        new Write.Put(Space.META, ANCHOR, forged.encoded())))
                .orThrow();
    }

    @Test
    void verify_frontRemovedWithAForgedAnchor_isNamed() {
        hours(10);
        shorten(4);

        assertThatThrownBy(log::verify)
                .hasMessage("audit record 4 and what came before it was removed, and no record of a trimming says so;"
                        + " what comes after it is in order [store_corrupt]");
    }

    @Test
    void verify_moreRemovedThanTheTrimmingSays_isNamed() {
        hours(20);
        removed(keep(0, 10, 0));
        assertThat(log.verify().trimmed()).isEqualTo(10);
        shorten(14);

        assertThatThrownBy(log::verify).hasMessageContaining("audit record 14 and what came before it was removed");
    }

    @Test
    void verify_anchorTakenAway_isNamed() {
        hours(20);
        removed(keep(0, 10, 0));
        store.commit(Batch.of(WriteMode.DURABLE, new Write.Delete(Space.META, ANCHOR)));

        assertThatThrownBy(log::verify).hasMessageContaining("audit record 1 is missing");
    }

    @Test
    void verify_recordThatOnlyLooksLikeATrimming_isNone() {
        hours(3);
        log.append(new AuditRecord(now, BY.principal(), "audit.trim", "audit records 1 to 2", true, "forged", RUN));

        assertThat(log.verify()).isEqualTo(new AuditReport(4, 0, null));
    }

    // ---- options ----

    @Test
    void from_options_areReadAndChecked() {
        assertThat(AuditRetention.from(ConfigSection.of("audit", Map.of()))).isEqualTo(AuditRetention.DEFAULT);
        assertThat(AuditRetention.from(ConfigSection.of(
                        "audit",
                        Map.of("max_age", "7d", "max_count", 500L, "min_count", 5L, "cleanup_interval", "10m"))))
                .isEqualTo(new AuditRetention(Duration.ofDays(7), 500, 5, Duration.ofMinutes(10)));
        assertThat(AuditRetention.from(ConfigSection.of("audit", Map.of("max_count", 5L)))
                        .minCount())
                .isEqualTo(5);
        for (Map<String, Object> wrong : List.<Map<String, Object>>of(
                Map.of("max_count", 0L),
                Map.of("min_count", 200_000L),
                Map.of("max_age", "-1d"),
                Map.of("cleanup_interval", "1ms"),
                Map.of("max_ag", "1d"))) {
            assertThatThrownBy(() -> AuditRetention.from(ConfigSection.of("audit", wrong)))
                    .as("%s", wrong)
                    .isInstanceOf(ConfigException.class);
        }
    }

    @Test
    void members_outOfRange_areRefused() {
        Duration day = Duration.ofDays(1);
        assertThatThrownBy(() -> new AuditRetention(day.negated(), 1, 0, day)).isInstanceOf(ArgumentException.class);
        assertThatThrownBy(() -> new AuditRetention(day, 0, 0, day)).isInstanceOf(ArgumentException.class);
        assertThatThrownBy(() -> new AuditRetention(day, 5, 6, day))
                .hasMessageContaining("audit.min_count is \"6\", but must be 0 to audit.max_count, which is 5");
        assertThatThrownBy(() -> new AuditRetention(day, 5, 5, Duration.ZERO)).isInstanceOf(ArgumentException.class);
    }
}

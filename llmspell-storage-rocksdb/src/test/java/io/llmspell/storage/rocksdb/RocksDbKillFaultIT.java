package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.SystemTimeSource;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The kill test must find a store that acknowledges before it writes, and one whose log is not there at the kill. */
@Timeout(120)
class RocksDbKillFaultIT {
    private static final int MOST = 10;

    @TempDir
    Path temp;

    @ParameterizedTest
    @EnumSource(names = {"DURABLE", "BUFFERED"})
    void store_thatAcknowledgesEarly_isFound(WriteMode mode) throws Exception {
        try (SystemTimeSource time = new SystemTimeSource()) {
            KillRounds rounds = new KillRounds(temp, time, mode, "early", 7);
            boolean found = false;
            for (int round = 1; round <= MOST && !found; round++) {
                found = rounds.round(round).stream().anyMatch(each -> each.startsWith("lost"));
            }
            assertThat(found).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"DURABLE, UNLOGGED", "BUFFERED, UNLOGGED", "BUFFERED, MANUAL_FLUSH"})
    void store_whoseLogIsNotWritten_isFound(WriteMode mode, MistunedStore fault) throws Exception {
        try (SystemTimeSource time = new SystemTimeSource()) {
            KillRounds rounds = new KillRounds(temp, time, mode, fault.name(), 7);
            boolean found = false;
            for (int round = 1; round <= MOST && !found; round++) {
                found = isLost(rounds, round);
            }
            assertThat(found).isTrue();
        }
    }

    /** Whether commits are gone: found by the check, or by the opening itself, which then refuses. */
    private static boolean isLost(KillRounds rounds, int round) throws IOException, InterruptedException {
        try {
            return rounds.round(round).stream().anyMatch(each -> each.startsWith("lost"));
        } catch (StorageException refused) {
            return refused.text().contains("missing");
        }
    }
}

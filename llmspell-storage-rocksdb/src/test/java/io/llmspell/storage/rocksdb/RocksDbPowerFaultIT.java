package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.SystemTimeSource;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The power cut must find writers that are told before the sync, and buffered writes that are never synced. */
@EnabledOnOs(OS.LINUX)
@Timeout(300)
class RocksDbPowerFaultIT {
    private static final int MOST = 6;

    @TempDir
    Path temp;

    @ParameterizedTest
    @CsvSource({"DURABLE, unsynced, 500", "BUFFERED, lazy, 3500"})
    void store_thatSyncsTooLate_isFound(WriteMode mode, String fault, long lengthMillis) throws Exception {
        try (SystemTimeSource time = new SystemTimeSource()) {
            PowerRounds rounds = new PowerRounds(temp, time, mode, fault, 3);
            boolean found = false;
            for (int round = 1; round <= MOST && !found; round++) {
                found = rounds.round(lengthMillis).stream().anyMatch(each -> each.startsWith("lost"));
            }
            assertThat(found).isTrue();
        }
    }
}

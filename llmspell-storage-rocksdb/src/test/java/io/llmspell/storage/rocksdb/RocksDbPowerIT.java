package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.testing.check.Check;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Cuts the power under four writers: durable writes are all there, buffered ones up to a moment shortly before.
 *
 * <p>Needs the right to mount. {@code -Dllmspell.cuts=30} sets the number of cuts, {@code -Dllmspell.seed} repeats the
 * moments of a failure.
 */
@Check({"D03", "D04"})
@EnabledOnOs(OS.LINUX)
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class RocksDbPowerIT {
    @TempDir
    Path temp;

    @ParameterizedTest
    @CsvSource({"DURABLE, 500", "BUFFERED, 1500"})
    void store_powerCutAtRandomMoments_keepsWhatItsModePromises(WriteMode mode, long lengthMillis) throws Exception {
        int cuts = Integer.getInteger("llmspell.cuts", 2);
        long seed = Long.getLong("llmspell.seed", new Random().nextLong());
        try (SystemTimeSource time = new SystemTimeSource()) {
            PowerRounds rounds = new PowerRounds(temp, time, mode, "right", seed);
            for (int round = 1; round <= cuts; round++) {
                assertThat(rounds.round(lengthMillis))
                        .as("round %d; repeat with -Dllmspell.seed=%d -Dllmspell.cuts=%d", round, seed, cuts)
                        .isEmpty();
            }
            assertThat(rounds.acknowledged()).as("the writers wrote").isGreaterThan(10L * cuts);
        }
    }
}

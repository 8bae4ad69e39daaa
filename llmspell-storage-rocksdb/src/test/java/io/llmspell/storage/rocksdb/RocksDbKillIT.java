package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.testing.check.Check;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Kills a writing process with {@code kill -9} at random moments: no acknowledged write is lost, no batch torn.
 *
 * <p>{@code -Dllmspell.kills=200} sets the number of kills, {@code -Dllmspell.seed} repeats the moments of a failure.
 */
@Check({"D01", "D02"})
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class RocksDbKillIT {
    @TempDir
    Path temp;

    @ParameterizedTest
    @CsvSource({"DURABLE, 10", "BUFFERED, 6"})
    void store_killedAtRandomMoments_keepsEveryAcknowledgedWrite(WriteMode mode, int usual) throws Exception {
        int kills = Integer.getInteger("llmspell.kills", usual);
        long seed = Long.getLong("llmspell.seed", new Random().nextLong());
        try (SystemTimeSource time = new SystemTimeSource()) {
            KillRounds rounds = new KillRounds(temp, time, mode, "right", seed);
            for (int round = 1; round <= kills; round++) {
                assertThat(rounds.round(round))
                        .as("round %d; repeat with -Dllmspell.seed=%d -Dllmspell.kills=%d", round, seed, kills)
                        .isEmpty();
            }
            assertThat(rounds.acknowledged()).as("the writers wrote").isGreaterThan(10L * kills);
        }
    }
}

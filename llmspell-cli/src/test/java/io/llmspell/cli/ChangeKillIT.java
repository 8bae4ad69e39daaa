package io.llmspell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.storage.WriteMode;
import io.llmspell.testing.check.Check;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Kills a process that changes state with {@code kill -9} at random moments: each change is there with its event or
 * neither is, changes of several keys are there wholly or not at all, and nothing acknowledged is lost; what was sent to a
 * channel is received once.
 *
 * <p>{@code -Dllmspell.kills=50} sets the number of kills, {@code -Dllmspell.seed} repeats the moments of a failure.
 */
@Check("D12")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class ChangeKillIT {
    @TempDir
    Path temp;

    @ParameterizedTest
    @EnumSource(names = {"DURABLE", "BUFFERED"})
    void state_killedAtRandomMoments_keepsChangesWithTheirEvents(WriteMode mode) throws Exception {
        int kills = Integer.getInteger("llmspell.kills", 3);
        long seed = Long.getLong("llmspell.seed", new Random().nextLong());
        ChangeKills rounds = new ChangeKills(temp, mode, "right", seed);

        assertThat(rounds.run(kills))
                .as("repeat with -Dllmspell.seed=%d -Dllmspell.kills=%d", seed, kills)
                .isEmpty();
        assertThat(rounds.events()).as("events were kept").isGreaterThan(10 * kills);
        assertThat(rounds.messages()).as("messages were received").isPositive();
    }
}

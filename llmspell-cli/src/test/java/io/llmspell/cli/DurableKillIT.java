package io.llmspell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.testing.check.Check;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process with a durable subscription with {@code kill -9} at random moments: no event that was published is
 * lost, what comes again is flagged, the order stays.
 *
 * <p>{@code -Dllmspell.kills=50} sets the number of kills, {@code -Dllmspell.seed} repeats the moments of a failure.
 */
@Check("E07")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class DurableKillIT {
    @TempDir
    Path temp;

    @Test
    void subscription_killedAtRandomMoments_missesNothing() throws Exception {
        int kills = Integer.getInteger("llmspell.kills", 4);
        long seed = Long.getLong("llmspell.seed", new Random().nextLong());
        DurableKills rounds = new DurableKills(temp, "right", seed);

        assertThat(rounds.run(kills))
                .as("repeat with -Dllmspell.seed=%d -Dllmspell.kills=%d", seed, kills)
                .isEmpty();
        assertThat(rounds.published()).as("events were published").isGreaterThan(10 * kills);
    }
}

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
 * Kills a process that copies and restores a session with {@code kill -9} at random moments: the state is that before or
 * after a restore, never a part of one, and no checkpoint that was made is lost.
 *
 * <p>{@code -Dllmspell.kills=50} sets the number of kills, {@code -Dllmspell.seed} repeats the moments of a failure.
 */
@Check("I05")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class SessionKillIT {
    @TempDir
    Path temp;

    @Test
    void session_killedAtRandomMoments_isOldOrNew() throws Exception {
        int kills = Integer.getInteger("llmspell.kills", 4);
        long seed = Long.getLong("llmspell.seed", new Random().nextLong());
        SessionKills rounds = new SessionKills(temp, "right", seed);

        assertThat(rounds.run(kills))
                .as("repeat with -Dllmspell.seed=%d -Dllmspell.kills=%d", seed, kills)
                .isEmpty();
        assertThat(rounds.restored()).as("sessions were restored").isGreaterThan(kills);
    }
}

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
 * Kills a process with {@code kill -9} once the stop of an agent has returned: what the agent remembered is there.
 *
 * <p>{@code -Dllmspell.kills=50} sets the number of kills, {@code -Dllmspell.seed} repeats the moments of a failure.
 */
@Check("D13")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class AgentStopIT {
    @TempDir
    Path temp;

    @Test
    void agent_killedOnceItsStopReturned_isSaved() throws Exception {
        int kills = Integer.getInteger("llmspell.kills", 3);
        long seed = Long.getLong("llmspell.seed", new Random().nextLong());
        AgentStopKills rounds = new AgentStopKills(temp, "right", seed);

        assertThat(rounds.run(kills))
                .as("repeat with -Dllmspell.seed=%d -Dllmspell.kills=%d", seed, kills)
                .isEmpty();
        assertThat(rounds.acknowledged()).isGreaterThanOrEqualTo(kills);
    }
}

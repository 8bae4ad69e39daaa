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
 * Kills a process that runs a workflow of 20 steps with {@code kill -9} at random moments and resumes it: a step that is
 * kept never runs again, one that was interrupted has its key again, and the results are those of an undisturbed run.
 *
 * <p>{@code -Dllmspell.kills=50} sets the number of kills, {@code -Dllmspell.seed} repeats the moments of a failure.
 */
@Check("W01")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class WorkflowKillIT {
    @TempDir
    Path temp;

    @Test
    void workflow_killedAtRandomMoments_hasEachEffectOnce() throws Exception {
        int kills = Integer.getInteger("llmspell.kills", 4);
        long seed = Long.getLong("llmspell.seed", new Random().nextLong());
        WorkflowKills rounds = new WorkflowKills(temp, "right", seed);

        assertThat(rounds.run(kills))
                .as("repeat with -Dllmspell.seed=%d -Dllmspell.kills=%d", seed, kills)
                .isEmpty();
        assertThat(rounds.ended()).isPositive();
        assertThat(rounds.resumed()).isPositive();
    }
}

package io.llmspell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The kill test must find a subscription whose place moves before its events are handled. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DurableKillFaultIT {
    @TempDir
    Path temp;

    @Test
    void subscription_thatMovesItsPlaceFirst_isFound() throws Exception {
        boolean found = false;
        for (int round = 1; round <= 10 && !found; round++) { // a kill misses the moment now and then
            Path folder = Files.createDirectory(temp.resolve("round" + round));
            found = new DurableKills(folder, "early", round).run(2).stream().anyMatch(each -> each.startsWith("lost"));
        }
        assertThat(found).as("a lost event was found").isTrue();
    }
}

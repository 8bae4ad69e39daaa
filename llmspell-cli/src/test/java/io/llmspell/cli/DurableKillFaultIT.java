package io.llmspell.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
        assertThat(new DurableKills(temp, "early", 7).run(10)).anyMatch(each -> each.startsWith("lost"));
    }
}

package io.llmspell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The kill test must find a stop that returns before its save is done. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class AgentStopFaultIT {
    @TempDir
    Path temp;

    @Test
    void stop_thatDoesNotWaitForItsSave_isFound() throws Exception {
        assertThat(new AgentStopKills(temp, "unawaited", 7).run(1)).anyMatch(each -> each.startsWith("lost"));
    }
}

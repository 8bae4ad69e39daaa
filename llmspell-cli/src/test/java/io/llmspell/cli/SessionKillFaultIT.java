package io.llmspell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The kill test must find a restore that is more than one commit. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SessionKillFaultIT {
    @TempDir
    Path temp;

    @Test
    void restore_inTwoCommits_isFound() throws Exception {
        assertThat(new SessionKills(temp, "torn", 7).run(1)).anyMatch(each -> each.startsWith("torn"));
    }
}

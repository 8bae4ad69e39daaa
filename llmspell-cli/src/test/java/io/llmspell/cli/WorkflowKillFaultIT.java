package io.llmspell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The kill test must find checkpoints whose parts are kept one by one. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class WorkflowKillFaultIT {
    @TempDir
    Path temp;

    @Test
    void checkpoints_inSeveralBatches_areFound() throws Exception {
        assertThat(new WorkflowKills(temp, "split", 7).run(1)).isNotEmpty();
    }
}

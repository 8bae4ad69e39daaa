package io.llmspell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.storage.WriteMode;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The kill test must find events that are kept after the batch of their change, and messages that are in memory alone. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ChangeKillFaultIT {
    @TempDir
    Path temp;

    @Test
    void eventAfterTheBatch_isFound() throws Exception {
        assertThat(new ChangeKills(temp, WriteMode.DURABLE, "late", 3).run(1)).isNotEmpty();
    }

    @Test
    void messageInMemoryAlone_isFound() throws Exception {
        assertThat(new ChangeKills(temp, WriteMode.BUFFERED, "memory", 3).run(4))
                .anyMatch(each -> each.matches("lost: .* messages.*"));
    }
}

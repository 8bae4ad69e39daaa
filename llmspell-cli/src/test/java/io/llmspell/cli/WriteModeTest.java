package io.llmspell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.LlmSpell;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateCommit;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.storage.WriteMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an acknowledged change has survived, as configured. */
final class WriteModeTest {
    @TempDir
    private Path folder;

    private WriteMode modeOfAChange(String option) throws IOException {
        Path file = Files.writeString(
                folder.resolve("llmspell.toml"),
                "[runtime]\ndata_dir = '" + folder.resolve("data") + "'\n[storage]\n" + option + "\n");
        try (LlmSpell spell = LlmSpell.builder().config(file).build()) {
            StateCommit commit = spell.state()
                    .as(Caller.host(new CorrelationId("test")))
                    .apply(List.of(StateChange.Put.of(StateKey.of(Scope.GLOBAL, "k"), 1L)));
            assertThat(commit).isInstanceOf(StateCommit.Done.class);
            return ((StateCommit.Done) commit).mode();
        }
    }

    @Test
    void change_bufferedIsConfigured_isBuffered() throws IOException {
        assertThat(modeOfAChange("write_mode = \"buffered\"")).isEqualTo(WriteMode.BUFFERED);
    }

    @Test
    void change_nothingIsConfigured_isDurable() throws IOException {
        assertThat(modeOfAChange("sync_window = \"50ms\"")).isEqualTo(WriteMode.DURABLE);
    }
}

package io.llmspell.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.LlmSpell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationGuideTest {
    @TempDir
    private Path folder;

    @Test
    void file() throws IOException {
        Path file = Files.writeString(folder.resolve("llmspell.toml"), "[hooks.logging]\nenabled = true\n");
        // region
        LlmSpell spell = LlmSpell.builder().config(file).build();
        // endregion
        assertThat(spell.builtins().isEnabled("logging")).isTrue();
        spell.close();
    }
}

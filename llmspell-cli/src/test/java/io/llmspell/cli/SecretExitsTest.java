package io.llmspell.cli;

import io.llmspell.testing.check.Check;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Check("P01")
@Timeout(120)
class SecretExitsTest {
    @TempDir
    private Path folder;

    @Test
    void secrets_inAScriptOnAStoreInAFolder_comeOutNowhere() throws IOException {
        SecretExitsCheck.run(folder, spell -> {});
    }
}

package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.testing.check.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Closing a store under its users never ends the process; {@code -Dllmspell.kills=200} sets the number of rounds. */
@Check("D11")
class RocksDbCloseRaceIT {
    @TempDir
    Path temp;

    static int run(Path temp, int rounds, String variant) throws Exception {
        String folder = temp.resolve(variant).toString();
        try (Child child = new Child(temp, CloseRace.class, folder, Integer.toString(rounds), variant)) {
            return child.exit();
        }
    }

    @Test
    void close_underEightThreads_refusesThemAndCrashesNever() throws Exception {
        int rounds = Integer.getInteger("llmspell.kills", 20);
        assertThat(run(temp, rounds, "gate"))
                .as(() -> "exit code; standard error: " + stderr())
                .isZero();
    }

    private String stderr() {
        try {
            return Files.readString(temp.resolve("stderr.txt"));
        } catch (IOException e) {
            return "unreadable";
        }
    }
}

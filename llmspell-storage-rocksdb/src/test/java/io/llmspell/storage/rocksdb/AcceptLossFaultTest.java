package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Space;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without the mark, the same opening tells of no loss and leaves a hole, which the check would see. */
class AcceptLossFaultTest {
    private static final int COMMITS = 600;

    private final Sandbox sandbox = new Sandbox();

    @TempDir
    Path temp;

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void markNotCompared_olderLogGone_tellsNoLossAndLeavesAHole() throws IOException {
        Path store = RocksDbDamageTest.image(sandbox, temp);
        List<Path> logs = Sandbox.files(store, ".log").stream()
                .filter(log -> log.toFile().length() > 100)
                .toList();
        Files.delete(logs.get(logs.size() - 2));

        try (NativeStore open = NativeStore.open(
                RocksDbStorage.at(store),
                store.resolve("generations/000001"),
                Recovery.TO_THE_DAMAGE,
                Sandbox.SPACES)) {
            long newest = open.lastCommit(open.plain());
            long found = 0;
            for (long key = 1; key <= COMMITS; key++) {
                found += open.revision(Space.STATE, Bytes.ofLong(key)) > 0 ? 1 : 0;
            }
            assertThat(newest).as("the loss that is told is none").isEqualTo(COMMITS);
            assertThat(found).as("a hole").isLessThan(COMMITS);
        }
    }
}

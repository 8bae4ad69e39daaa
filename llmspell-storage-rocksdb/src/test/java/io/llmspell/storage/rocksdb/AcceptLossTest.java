package io.llmspell.storage.rocksdb;

import static io.llmspell.storage.rocksdb.Sandbox.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.testing.check.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged store opens with less only when the operator says so, and then tells how much less. */
@Check("D06")
class AcceptLossTest {
    private static final int COMMITS = 600;

    private final Sandbox sandbox = new Sandbox();

    @TempDir
    Path temp;

    private Path store;

    @BeforeEach
    void write() throws IOException {
        store = RocksDbDamageTest.image(sandbox, temp);
    }

    @AfterEach
    void close() {
        sandbox.close();
    }

    /** Opens with the loss accepted; gives how many commits are there, which must be the first ones and those alone. */
    private int openAccepting(long told) {
        refused(ErrorCode.STORE_CORRUPT, () -> sandbox.open(store));
        int found;
        try (StorageBackend open = RocksDbStorage.at(store).acceptLoss().open(Sandbox.SPACES, sandbox.time)) {
            found = Sandbox.present(open, COMMITS);
            assertThat(Sandbox.present(open, found)).as("a prefix").isEqualTo(found);
            assertThat(open.statistics()).containsEntry("commits.lost", told == 0 ? COMMITS - found : told);
            Sandbox.put(open, WriteMode.DURABLE, COMMITS + 1);
            assertThat(open.get(Space.STATE, Bytes.ofLong(COMMITS + 1)))
                    .hasValueSatisfying(
                            each -> assertThat(each.revision()).isEqualTo(told < 0 ? found + 1 : COMMITS + 1));
        }
        try (StorageBackend again = sandbox.open(store)) {
            assertThat(Sandbox.present(again, COMMITS)).isEqualTo(found);
            assertThat(again.statistics()).containsEntry("commits.lost", 0L);
        }
        return found;
    }

    private List<Path> logs() throws IOException {
        return Sandbox.files(store, ".log").stream()
                .filter(log -> log.toFile().length() > 100)
                .toList();
    }

    @Test
    void newestLogGone_tellsTheNumberAndKeepsTheRest() throws IOException {
        List<Path> logs = logs();
        Files.delete(logs.get(logs.size() - 1));
        assertThat(openAccepting(0)).isBetween(COMMITS / 3, COMMITS - 1);
    }

    @Test
    void olderLogGone_keepsWhatIsBeforeTheHole() throws IOException {
        List<Path> logs = logs();
        Files.delete(logs.get(logs.size() - 2));
        assertThat(openAccepting(0)).isBetween(COMMITS / 3, COMMITS * 2 / 3);
        assertThat(Sandbox.files(store, ".lost")).isNotEmpty();
    }

    @Test
    void flippedBit_keepsWhatIsBeforeIt() throws IOException {
        List<Path> logs = logs();
        Path newest = logs.get(logs.size() - 1);
        Sandbox.flip(newest, Files.size(newest) / 2, 1);
        assertThat(openAccepting(0)).isBetween(2 * COMMITS / 3, COMMITS - 1);
    }

    @Test
    void markGone_nobodyKnowsTheNumberButAllIsThere() throws IOException {
        Files.delete(store.resolve("generations/000001/high-water"));
        assertThat(openAccepting(LossyOpening.UNKNOWN)).isEqualTo(COMMITS);
    }

    @Test
    void pointerGone_losesNothing() throws IOException {
        Files.delete(store.resolve("CURRENT"));
        assertThat(openAccepting(0)).isEqualTo(COMMITS);
    }

    @Test
    void pointerOfTheDatabaseGone_losesNothing() throws IOException {
        Files.delete(Sandbox.db(store).resolve("CURRENT"));
        assertThat(openAccepting(0)).isEqualTo(COMMITS);
    }

    @Test
    void tableGone_opensWithTheNewestWholeState() throws IOException {
        Predicate<Path> large = each -> each.toFile().length() > 3_000;
        Path table =
                Sandbox.files(store, ".sst").stream().filter(large).findFirst().orElseThrow();
        Files.delete(table);
        refused(ErrorCode.STORE_CORRUPT, () -> sandbox.open(store));
        try (StorageBackend open = RocksDbStorage.at(store).acceptLoss().open(Sandbox.SPACES, sandbox.time)) {
            assertThat(Sandbox.present(open, COMMITS)).isLessThan(COMMITS);
            assertThat(open.statistics().get("commits.lost")).isPositive();
        }
        sandbox.open(store).close();
    }

    @Test
    void noStore_makesNone() {
        Path empty = temp.resolve("empty");
        refused(
                ErrorCode.STORE_NOT_FOUND,
                () -> RocksDbStorage.at(empty).acceptLoss().open(Sandbox.SPACES, sandbox.time));
        assertThat(empty).doesNotExist();
    }
}

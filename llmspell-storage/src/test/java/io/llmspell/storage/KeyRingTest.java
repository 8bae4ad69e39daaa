package io.llmspell.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.storage.StorageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {
    private static final byte[] AROUND = {1, 2, 3};
    private static final byte[] CLEAR = "a secret".getBytes(StandardCharsets.UTF_8);
    private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("deep").resolve("keys");
    }

    private static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StorageException.class,
                        error -> assertThat(error.code()).isEqualTo(code));
    }

    @Test
    void file_notUsed_isNotMade() {
        KeyRing.file(file()).toString();

        assertThat(file()).doesNotExist();
    }

    @Test
    void file_firstNeed_isMadeAndReadByTheNextRing() {
        KeyRing first = KeyRing.file(file());
        String id = first.activeKey();
        byte[] sealed = first.seal(id, CLEAR, AROUND);

        KeyRing second = KeyRing.file(file());
        assertThat(second.activeKey()).isEqualTo(id);
        assertThat(second.open(id, sealed, AROUND)).isEqualTo(CLEAR);
        assertThat(folder.resolve("deep"))
                .isDirectoryNotContaining(
                        each -> !each.equals(file()) && !each.equals(file().resolveSibling("keys.lock")));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void file_made_isTheOwnersAlone() throws IOException {
        KeyRing.file(file()).activeKey();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void newKey_sealsFromNowOn_andTheOldOneOpens() throws IOException {
        KeyRing ring = KeyRing.file(file());
        String old = ring.activeKey();
        byte[] sealed = ring.seal(old, CLEAR, AROUND);
        String fresh = ring.newKey();

        assertThat(fresh).isNotEqualTo(old);
        assertThat(ring.activeKey()).isEqualTo(fresh);
        assertThat(KeyRing.file(file()).open(old, sealed, AROUND)).isEqualTo(CLEAR);
        assertThat(Files.readString(file())).contains(old, fresh);
        assertThat(ring.toString()).contains(fresh).doesNotContain("=");
    }

    @Test
    void newKey_twoRingsOfOneFile_loseNoneOfTheirKeys() throws IOException {
        KeyRing first = KeyRing.file(file());
        KeyRing second = KeyRing.file(file());
        String shared = first.activeKey();
        assertThat(second.activeKey()).isEqualTo(shared);
        String ofSecond = second.newKey();
        byte[] sealed = second.seal(ofSecond, CLEAR, AROUND);
        String ofFirst = first.newKey();

        assertThat(Files.readString(file())).contains(shared, ofSecond, ofFirst);
        assertThat(KeyRing.file(file()).open(ofSecond, sealed, AROUND)).isEqualTo(CLEAR);
        assertThat(first.open(ofSecond, sealed, AROUND)).isEqualTo(CLEAR);
    }

    @Test
    void newKey_fileMislaidMeanwhile_isMadeAgainWithAllKeys() throws IOException {
        KeyRing ring = KeyRing.file(file());
        String old = ring.activeKey();
        Files.delete(file());

        assertThat(Files.exists(file())).isFalse();
        String fresh = ring.newKey();
        assertThat(Files.readString(file())).contains(old, fresh);
    }

    @Test
    void activeKey_manyRingsAtOnce_areOfOneKey() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            CountDownLatch go = new CountDownLatch(1);
            List<Future<String>> ids = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                ids.add(pool.submit(() -> {
                    KeyRing ring = KeyRing.file(file());
                    go.await();
                    return ring.activeKey();
                }));
            }
            go.countDown();
            for (Future<String> each : ids) {
                assertThat(each.get(30, TimeUnit.SECONDS))
                        .isEqualTo(KeyRing.file(file()).activeKey());
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void newKey_onAnInterruptedThread_isKeptAndTheFlagToo() throws IOException {
        KeyRing ring = KeyRing.file(file());
        Thread.currentThread().interrupt();
        String id = ring.activeKey();
        String fresh = ring.newKey();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(Files.readString(file())).contains(id, fresh);
        assertThat(ring.activeKey()).isEqualTo(fresh);
    }

    @Test
    void seal_sameTextTwice_differs() {
        KeyRing ring = KeyRing.inMemory();
        String id = ring.activeKey();

        assertThat(ring.seal(id, CLEAR, AROUND)).isNotEqualTo(ring.seal(id, CLEAR, AROUND));
    }

    @Test
    void open_anyFlippedBitOrOtherSurroundings_isCorrupt() {
        KeyRing ring = KeyRing.inMemory();
        String id = ring.activeKey();
        byte[] sealed = ring.seal(id, CLEAR, AROUND);
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] damaged = sealed.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertCode(ErrorCode.STORE_CORRUPT, () -> ring.open(id, damaged, AROUND));
        }
        assertCode(ErrorCode.STORE_CORRUPT, () -> ring.open(id, sealed, new byte[] {1, 2}));
        assertCode(ErrorCode.STORE_CORRUPT, () -> ring.open(id, new byte[3], AROUND));
    }

    @Test
    void open_withoutTheKey_saysWhichIsMissing() {
        KeyRing ring = KeyRing.inMemory();
        String id = ring.activeKey();
        byte[] sealed = ring.seal(id, CLEAR, AROUND);

        assertCode(ErrorCode.STORE_KEY_MISSING, () -> KeyRing.none("say where").open(id, sealed, AROUND));
        assertCode(ErrorCode.STORE_KEY_MISSING, () -> KeyRing.file(file()).open(id, sealed, AROUND));
        assertThatThrownBy(() -> KeyRing.of(KEY, "the variable K").open(id, sealed, AROUND))
                .hasMessageContaining(id)
                .hasMessageContaining("the variable K")
                .hasMessageNotContaining(KEY)
                .isInstanceOfSatisfying(
                        StorageException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.STORE_KEY_WRONG));
        assertThat(file()).doesNotExist();
    }

    @Test
    void none_refusesWithItsAdvice() {
        assertThatThrownBy(() -> KeyRing.none("set storage.key_ref").activeKey())
                .hasMessageContaining("set storage.key_ref");
    }

    @Test
    void of_keysInOrder_theFirstIsActive() {
        byte[] other = new byte[32];
        other[0] = 1;
        String second = Base64.getEncoder().encodeToString(other);
        KeyRing both = KeyRing.of(KEY + ", " + second, "K");
        KeyRing onlySecond = KeyRing.of(second, "K");

        assertThat(both.activeKey()).isEqualTo(KeyRing.of(KEY, "K").activeKey());
        byte[] sealed = onlySecond.seal(onlySecond.activeKey(), CLEAR, AROUND);
        assertThat(both.open(onlySecond.activeKey(), sealed, AROUND)).isEqualTo(CLEAR);
        assertThatThrownBy(both::newKey).isInstanceOf(InvalidStateException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"short", "c2hvcnQ=", "not base64 at all !!!!", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            })
    void of_noKey_isWrongAndNotRepeated(String text) {
        assertThatThrownBy(() -> KeyRing.of(text, "the variable K"))
                .isInstanceOfSatisfying(
                        StorageException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.STORE_KEY_WRONG))
                .hasMessageContaining("the variable K")
                .hasMessageNotContaining(text);
    }

    @Test
    void of_nothing_isMissing() {
        for (String text : List.of("", "  ", "# a comment\n")) {
            assertCode(ErrorCode.STORE_KEY_MISSING, () -> KeyRing.of(text, "K"));
        }
    }

    @Test
    void file_damaged_isWrongAndStaysAsItIs() throws IOException {
        KeyRing.file(file()).activeKey();
        String good = Files.readString(file());
        String key = good.lines().reduce((a, b) -> b).orElseThrow().substring(17);
        for (String bad : List.of(
                good.replace(key, KEY),
                good.replace(key, ""),
                "",
                "no key",
                "x".repeat(100_000),
                good.replace("=", "#"))) {
            Files.writeString(file(), bad);
            assertCode(ErrorCode.STORE_KEY_WRONG, () -> KeyRing.file(file()).activeKey());
            assertThat(Files.readString(file())).isEqualTo(bad);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void file_isADeviceWithoutEnd_isRefusedAndNotReadToItsEnd() throws IOException {
        Files.createDirectories(file().getParent());
        Files.createSymbolicLink(file(), Path.of("/dev/zero"));

        assertCode(ErrorCode.STORE_KEY_WRONG, () -> KeyRing.file(file()).activeKey());
        Files.delete(file());
    }

    @Test
    void file_isAFolder_isMissing() throws IOException {
        Files.createDirectories(file());

        assertCode(ErrorCode.STORE_KEY_MISSING, () -> KeyRing.file(file()).activeKey());
    }

    @Test
    void file_inAPlaceThatIsNoFolder_sealsNothing() throws IOException {
        Path inTheWay = folder.resolve("file");
        Files.writeString(inTheWay, "x");

        assertCode(
                ErrorCode.STORE_KEY_MISSING,
                () -> KeyRing.file(inTheWay.resolve("keys")).activeKey());
    }
}

package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.testing.check.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Where the process may not write or has no descriptors left, a store tells so and harms nothing. */
@Check("D10")
@Timeout(180)
class RocksDbEnvironmentIT {
    private final Sandbox sandbox = new Sandbox();

    @TempDir
    Path temp;

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void open_readOnlyMount_isRefusedAndReadOnlyOpeningWorks() throws Exception {
        Path folder = temp.resolve("store");
        try (StorageBackend store = sandbox.create(folder)) {
            Sandbox.put(store, WriteMode.DURABLE, 1);
        }
        try (Mount mount = Mount.readOnly(temp, temp.resolveSibling(temp.getFileName() + "-ro"))) {
            Path there = mount.folder.resolve("store");
            assertThat(Sandbox.refused(ErrorCode.STORE_READ_ONLY, () -> sandbox.open(there)))
                    .hasMessageContaining(there.toString())
                    .hasMessageContaining("right to write");
            Sandbox.refused(ErrorCode.STORE_READ_ONLY, () -> sandbox.create(mount.folder.resolve("new")));
            try (StorageBackend reader = RocksDbStorage.at(there).readOnly().open(Sandbox.SPACES, sandbox.time)) {
                assertThat(Sandbox.present(reader, 1)).isEqualTo(1);
            }
        } finally {
            Files.deleteIfExists(temp.resolveSibling(temp.getFileName() + "-ro"));
        }
        try (StorageBackend store = sandbox.open(folder)) {
            Sandbox.put(store, WriteMode.DURABLE, 2);
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void store_withoutDescriptors_refusesWithACodeAndLosesNothing() throws Exception {
        assertThat(fewFiles(temp, "right")).as(() -> String.join("\n", lines())).isZero();
    }

    /** Runs {@link FewFiles} with a low limit; gives its exit code. */
    static int fewFiles(Path temp, String variant) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n 160; exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-MaxFDLimit",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FewFiles.class.getName(),
                        temp.resolve("store").toString(),
                        variant)
                .redirectError(temp.resolve("stderr.txt").toFile())
                .start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the child did not end within 120 s");
        }
        return process.exitValue();
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(temp.resolve("stderr.txt"));
        } catch (IOException e) {
            return List.of();
        }
    }
}

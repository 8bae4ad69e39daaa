package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.testing.check.Check;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Check("D09")
@Timeout(120)
class RocksDbTwoProcessesIT {
    private final Sandbox sandbox = new Sandbox();

    @TempDir
    Path temp;

    @AfterEach
    void close() {
        sandbox.close();
    }

    static Child holder(Path temp, Path folder, String variant) throws IOException {
        Child child = new Child(temp, LockHolder.class, folder.toString(), variant);
        assertThat(child.out.readLine()).isEqualTo("open");
        return child;
    }

    /** How long a refused opening takes, in nanoseconds. */
    private long refusal(Path folder) {
        long begin = sandbox.time.nanos();
        Sandbox.refused(ErrorCode.STORE_LOCKED, () -> sandbox.open(folder));
        return sandbox.time.nanos() - begin;
    }

    @Test
    void open_whileAnotherProcessHoldsIt_isLockedAndOpensAfterItsKill() throws Exception {
        Path folder = temp.resolve("store");
        try (Child child = holder(temp, folder, "store")) {
            assertThat(Sandbox.refused(ErrorCode.STORE_LOCKED, () -> sandbox.open(folder)))
                    .hasMessageContaining("pid " + child.pid());
            // The machine may be busy, so the best of several; a wait for the lock would be in each of them.
            assertThat(LongStream.range(0, 10).map(i -> refusal(folder)).min().orElseThrow())
                    .isLessThan(TimeUnit.SECONDS.toNanos(1));
            child.kill();
            child.exit();
        }
        try (StorageBackend store = sandbox.open(folder)) {
            assertThat(Sandbox.present(store, 1)).isEqualTo(1);
        }
    }
}

package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link RocksDbCloseRaceIT} is there for: without the gate the process ends at once, or its asserts fail. */
class RocksDbCloseRaceFaultIT {
    @TempDir
    Path temp;

    @Test
    void close_withoutTheGate_isFound() throws Exception {
        assertThat(RocksDbCloseRaceIT.run(temp, 20, "bare")).isNotZero();
    }
}

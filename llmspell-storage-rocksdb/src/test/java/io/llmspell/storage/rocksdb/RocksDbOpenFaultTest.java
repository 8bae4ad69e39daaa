package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link RocksDbOpenTest} is there for: a back end that makes what it does not find. */
class RocksDbOpenFaultTest {
    private final Sandbox sandbox = new Sandbox();

    @TempDir
    Path temp;

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void storeThatIsAlwaysMade_isRed() {
        assertThatThrownBy(() -> RocksDbOpenTest.makesNothing(
                        temp, folder -> sandbox.create(folder).close()))
                .isInstanceOf(AssertionError.class);
    }
}

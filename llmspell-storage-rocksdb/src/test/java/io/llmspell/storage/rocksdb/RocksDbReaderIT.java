package io.llmspell.storage.rocksdb;

import io.llmspell.testing.check.Check;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A reader beside a process that writes as fast as it can and is killed. */
@Check("A03")
@Timeout(120)
class RocksDbReaderIT {
    private final Sandbox sandbox = new Sandbox();

    @TempDir
    Path temp;

    @AfterEach
    void stopTimers() {
        sandbox.close();
    }

    @Test
    void read_besideAWriterAndAfterItsKill_isWholeAsOfACommit() throws Exception {
        new ReaderRounds(temp, folder -> RocksDbStorage.at(folder).readOnly().open(Sandbox.SPACES, sandbox.time)).run();
    }
}

package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The check of the environment must find an exception of the library that is passed on. */
@Timeout(180)
@DisabledOnOs(OS.WINDOWS)
class RocksDbEnvironmentFaultIT {
    @TempDir
    Path temp;

    @Test
    void exceptionOfTheLibrary_passedOn_isFound() throws Exception {
        assertThat(RocksDbEnvironmentIT.fewFiles(temp, "raw")).isNotZero();
        assertThat(Files.readString(temp.resolve("stderr.txt"))).contains("RocksDBException");
    }
}

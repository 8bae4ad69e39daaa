package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.storage.StorageException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

class ErrorsTest {
    private static final Path FOLDER = Path.of("data").toAbsolutePath();

    @BeforeAll
    static void load() {
        NativeLibrary.load();
    }

    @ParameterizedTest
    @CsvSource({
        "IOError, NoSpace, 'No space left on device', store_full, no room left",
        "IOError, None, 'While appending to file: No space left on device', store_full, no room left",
        "IOError, None, 'While open a file: Too many open files', store_unavailable, ulimit -n",
        "IOError, None, 'While open: Read-only file system', store_read_only, cannot be written",
        "IOError, None, 'While open: Permission denied', store_read_only, cannot be written",
        "IOError, None, 'While lock file: data/db/LOCK: Resource temporarily unavailable', store_locked, in use",
        "IOError, None, '000012.sst: No such file or directory', store_corrupt, 000012.sst",
        "IOError, None, 'Input/output error', store_unavailable, look at the disk",
        "Corruption, None, 'block checksum mismatch in 000012.sst', store_corrupt, 000012.sst",
        "InvalidArgument, None, 'db/CURRENT: does not exist (create_if_missing is false)', store_corrupt, db/CURRENT",
        "InvalidArgument, None, 'Column families not opened', store_unavailable, Column families",
        "NotSupported, None, 'unknown format', store_too_new, newer release",
        "Busy, None, 'busy', store_unavailable, busy"
    })
    void of_failureOfRocksDb_hasCodeAndSaysWhatToDo(
            Status.Code code, Status.SubCode sub, String text, String expected, String hint) {
        RocksDBException cause = new RocksDBException(text, new Status(code, sub, text));
        check(Errors.of(cause, "writing a batch", FOLDER), expected, hint, cause);
    }

    @ParameterizedTest
    @CsvSource({
        "No space left on device, store_full",
        "Read-only file system, store_read_only",
        "Too many open files, store_unavailable",
        "Disk quota exceeded, store_full",
        "Input/output error, store_unavailable"
    })
    void of_failureOfTheFileSystem_hasACode(String text, String expected) {
        IOException plain = new IOException("data/CURRENT (" + text + ")");
        check(Errors.of(plain, "opening the store", FOLDER), expected, "", plain);
        IOException named = new FileSystemException("data/CURRENT", null, text);
        check(Errors.of(named, "opening the store", FOLDER), expected, "", named);
        IOException denied = new AccessDeniedException("data/CURRENT");
        check(Errors.of(denied, "opening the store", FOLDER), "store_read_only", "cannot be written", denied);
    }

    private static void check(StorageException error, String code, String hint, Exception cause) {
        assertThat(error.code().id()).isEqualTo(code);
        assertThat(error)
                .hasMessageContaining(hint)
                .hasMessageContaining(FOLDER.toString())
                .hasCause(cause);
        assertThat(error.details()).containsEntry("folder", FOLDER.toString());
    }
}

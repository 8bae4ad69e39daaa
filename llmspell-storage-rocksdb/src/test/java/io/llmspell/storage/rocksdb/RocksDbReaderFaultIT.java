package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.Snapshot;
import io.llmspell.core.storage.StorageBackend;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The check of readers must find one that opens the store for writing, and one that does not follow the writer. */
@Timeout(120)
class RocksDbReaderFaultIT {
    private final Sandbox sandbox = new Sandbox();

    @TempDir
    Path temp;

    @AfterEach
    void stopTimers() {
        sandbox.close();
    }

    @Test
    void reader_thatOpensForWriting_isFound() {
        Sandbox.refused(
                ErrorCode.STORE_LOCKED,
                () -> rounds(folder -> RocksDbStorage.at(folder).open(Sandbox.SPACES, sandbox.time)));
    }

    @Test
    void reader_thatDoesNotFollow_isFound() {
        assertThatThrownBy(() -> new ReaderRounds(temp, this::stale).run()).isInstanceOf(AssertionError.class);
    }

    private void rounds(Function<Path, StorageBackend> readers) {
        try {
            new ReaderRounds(temp, readers).run();
        } catch (RuntimeException coded) {
            throw coded;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** A reader that always shows the commit at which it was opened. */
    private StorageBackend stale(Path folder) {
        StorageBackend reader = RocksDbStorage.at(folder).readOnly().open(Sandbox.SPACES, sandbox.time);
        Snapshot first = reader.snapshot();
        return (StorageBackend) Proxy.newProxyInstance(
                StorageBackend.class.getClassLoader(),
                new Class<?>[] {StorageBackend.class},
                (proxy, method, given) -> switch (method.getName()) {
                    case "snapshot" -> shared(first);
                    default -> method.invoke(reader, given);
                });
    }

    private static Snapshot shared(Snapshot first) {
        return (Snapshot) Proxy.newProxyInstance(
                Snapshot.class.getClassLoader(),
                new Class<?>[] {Snapshot.class},
                (proxy, method, given) -> method.getName().equals("close") ? null : method.invoke(first, given));
    }
}

package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.SystemTimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Short words for tests that harm stores. */
final class Sandbox implements AutoCloseable {
    static final Set<Space> SPACES = Set.of(Space.STATE, Space.META, Space.EVENTS);

    final SystemTimeSource time = new SystemTimeSource();

    StorageBackend create(Path folder) {
        return RocksDbStorage.at(folder).createIfMissing().open(SPACES, time);
    }

    StorageBackend open(Path folder) {
        return RocksDbStorage.at(folder).open(SPACES, time);
    }

    static void put(StorageBackend store, WriteMode mode, long key) {
        store.commit(Batch.of(mode, new Write.Put(Space.STATE, Bytes.ofLong(key), Bytes.ofLong(key * 3))))
                .orThrow();
    }

    /** How many of the keys 1 to n are there; a wrong value fails the test. */
    static int present(StorageBackend store, int n) {
        int found = 0;
        for (long key = 1; key <= n; key++) {
            Bytes value = Bytes.ofLong(key * 3);
            var stored = store.get(Space.STATE, Bytes.ofLong(key));
            stored.ifPresent(each -> assertThat(each.value()).isEqualTo(value));
            found += stored.isPresent() ? 1 : 0;
        }
        return found;
    }

    static StorageException refused(ErrorCode code, ThrowingCallable call) {
        StorageException caught = catchThrowableOfType(StorageException.class, call);
        assertThat(caught).isNotNull();
        assertThat(caught.code()).as(caught.getMessage()).isEqualTo(code);
        return caught;
    }

    /** What a kill would leave of an open store: a copy of its files while nobody writes. */
    static Path image(Path store, Path target) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(store)) {
            files = walk.toList();
        }
        for (Path file : files) {
            Path copy = target.resolve(store.relativize(file).toString());
            if (Files.isDirectory(file)) {
                Files.createDirectories(copy);
            } else {
                Files.copy(file, copy);
            }
        }
        return target;
    }

    static Path db(Path store) {
        return store.resolve("generations/000001/db");
    }

    /** The files of the database whose names end in a text, in order. */
    static List<Path> files(Path store, String ending) throws IOException {
        try (Stream<Path> found = Files.list(db(store))) {
            return found.filter(each -> each.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    static Path newestLog(Path store) throws IOException {
        List<Path> logs = files(store, ".log");
        return logs.get(logs.size() - 1);
    }

    static void flip(Path file, long offset, int bit) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, offset);
            one.put(0, (byte) (one.get(0) ^ 1 << bit));
            one.flip();
            channel.write(one, offset);
        }
    }

    static void cut(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    @Override
    public void close() {
        time.close();
    }
}

package io.llmspell.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Snapshot;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads beside a process that writes as fast as it can, kills it, and reads what it left. */
final class ReaderRounds {
    private static final int LOOKS = 150;

    private final Path temp;
    private final Function<Path, StorageBackend> readers;

    /** The function opens a reader of a folder. */
    ReaderRounds(Path temp, Function<Path, StorageBackend> readers) {
        this.temp = temp;
        this.readers = readers;
    }

    void run() throws Exception {
        Path folder = temp.resolve("store");
        try (Child writer = new Child(temp, KillWriter.class, folder.toString(), "BUFFERED", "1", "right")) {
            long acknowledged = number(writer.out.readLine());
            try (StorageBackend reader = readers.apply(folder)) {
                long opened = commit(reader);
                // A writer that was far ahead when the reader was opened must come past that, else nothing is compared.
                for (int i = 0; i < LOOKS || acknowledged <= opened; i++) {
                    for (int line = 0; line < 20; line++) {
                        acknowledged = Math.max(acknowledged, number(writer.out.readLine()));
                    }
                    assertWhole(reader, acknowledged, i % 25 == 0);
                }
                writer.kill();
                writer.exit();
                assertWhole(reader, acknowledged, true);
            }
        }
        Map<String, Long> before = files(folder);
        try (StorageBackend after = readers.apply(folder)) {
            assertWhole(after, LOOKS, true);
        }
        assertThat(files(folder)).as("a reader writes nothing").isEqualTo(before);
    }

    /** The files with size and time of their last change. */
    private static Map<String, Long> files(Path folder) throws IOException {
        Map<String, Long> found = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            all.filter(Files::isRegularFile).forEach(file -> found.put(file.toString(), stamp(file)));
        }
        return found;
    }

    private static long stamp(Path file) {
        try {
            return Files.size(file) * 31 + Files.getLastModifiedTime(file).toMillis();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long number(String line) {
        return Long.parseLong(line.split(" ", -1)[3]);
    }

    private static long commit(StorageBackend reader) {
        try (Snapshot now = reader.snapshot()) {
            return now.commit();
        }
    }

    private static void assertWhole(StorageBackend reader, long atLeast, boolean withLog) {
        try (Snapshot now = reader.snapshot()) {
            assertThat(now.commit()).isGreaterThanOrEqualTo(atLeast);
            for (int thread = 0; thread < KillWriter.THREADS; thread++) {
                long first = sequence(now, Space.STATE, KillWriter.together(thread, 0));
                assertThat(sequence(now, Space.META, KillWriter.together(thread, 1)))
                        .isEqualTo(first);
                assertThat(sequence(now, Space.STATE, KillWriter.together(thread, 2)))
                        .isEqualTo(first);
            }
            if (withLog) {
                assertLogAndIndexAgree(now);
            }
        }
    }

    private static void assertLogAndIndexAgree(StorageReader now) {
        long indexed = 0;
        for (int thread = 0; thread < KillWriter.THREADS; thread++) {
            indexed += count(now.index(Space.EVENTS, Bytes.utf8("t" + thread), false));
        }
        assertThat(count(now.scan(Space.EVENTS, Range.all()))).isEqualTo(indexed);
    }

    private static long count(Cursor cursor) {
        long count = 0;
        try (cursor) {
            while (cursor.next()) {
                count++;
            }
        }
        return count;
    }

    private static long sequence(StorageReader reader, Space space, Bytes key) {
        return reader.get(space, key).map(stored -> stored.value().longAt(0)).orElse(-1L);
    }
}

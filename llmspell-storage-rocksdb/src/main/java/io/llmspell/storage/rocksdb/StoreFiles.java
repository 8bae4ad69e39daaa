package io.llmspell.storage.rocksdb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which files make up a database at a moment: they change when logs are begun, turned into tables or removed, and stay
 * while the writer only appends to its newest log.
 *
 * @param manifest the name of the list of tables
 * @param size its size, which grows with each change of the tables
 * @param logs the numbers of the logs
 */
record StoreFiles(String manifest, long size, Set<Long> logs) {
    /** The files as they are now, or null while the writer replaces the list. */
    static @Nullable StoreFiles of(Path db) throws IOException {
        try {
            String manifest = Files.readString(db.resolve("CURRENT"), StandardCharsets.UTF_8)
                    .strip();
            long size = Files.size(db.resolve(manifest));
            Set<Long> logs =
                    HighWater.logs(db).stream().map(HighWater.Log::number).collect(Collectors.toUnmodifiableSet());
            return new StoreFiles(manifest, size, logs);
        } catch (NoSuchFileException replaced) {
            return null;
        }
    }
}

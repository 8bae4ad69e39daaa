package io.llmspell.storage.rocksdb;

import io.llmspell.core.concurrent.Handle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder of a reader's own for what RocksDB notes about it; goes when the reader is closed. */
final class Scratch implements Handle {
    private static final Logger LOG = LoggerFactory.getLogger(Scratch.class);

    private final Path folder;

    private Scratch(Path folder) {
        this.folder = folder;
    }

    static Scratch create() throws IOException {
        return new Scratch(Files.createTempDirectory("llmspell-reader"));
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        try {
            List<Path> doomed;
            try (Stream<Path> found = Files.walk(folder)) {
                doomed = found.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path each : doomed) {
                Files.delete(each);
            }
        } catch (IOException e) {
            LOG.debug("the folder {} of a reader is left over", folder, e);
        }
    }
}

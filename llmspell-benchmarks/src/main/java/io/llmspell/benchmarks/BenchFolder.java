package io.llmspell.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders of a benchmark: under {@code -Dllmspell.bench.folder}, so that a disk can be chosen, else in the temporary one. */
final class BenchFolder implements AutoCloseable {
    private final Path root;

    BenchFolder() throws IOException {
        String chosen = System.getProperty("llmspell.bench.folder", "");
        root = chosen.isEmpty()
                ? Files.createTempDirectory("llmspell-bench")
                : Files.createTempDirectory(Path.of(chosen), "llmspell-bench");
    }

    Path resolve(String name) {
        return root.resolve(name);
    }

    static void delete(Path folder) throws IOException {
        List<Path> doomed;
        try (Stream<Path> found = Files.walk(folder)) {
            doomed = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : doomed) {
            Files.delete(each);
        }
    }

    @Override
    public void close() throws IOException {
        delete(root);
    }
}

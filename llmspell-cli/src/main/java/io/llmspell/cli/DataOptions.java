package io.llmspell.cli;

import io.llmspell.bridge.config.Configuration;
import io.llmspell.bridge.config.RuntimeOptions;
import io.llmspell.core.error.ArgumentException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that look at a data folder. */
final class DataOptions {
    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Where state is kept; default: LLMSPELL_DATA_DIR, else as configured, else ./.llmspell.")
    private @Nullable String dataDir;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration; default: LLMSPELL_CONFIG, else ./llmspell.toml,"
                    + " else ~/.llmspell/llmspell.toml.")
    private @Nullable String config;

    @Option(names = "--debug", description = "Shows stack traces and the whole log.")
    private boolean debug;

    boolean debug() {
        return debug;
    }

    Configuration configuration() {
        return Configuration.find(config == null ? null : path("--config", config));
    }

    Path folder(RuntimeOptions options) {
        return dataDir == null || dataDir.isEmpty() ? options.dataFolder() : path("--data-dir", dataDir);
    }

    private static Path path(String option, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new ArgumentException(option, text, "a path (" + e.getReason() + ")");
        }
    }
}

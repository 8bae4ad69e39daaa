package io.llmspell.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Looks at a script file before anything is started for it. */
final class ScriptFiles {
    private ScriptFiles() {}

    static @Nullable String problem(Path file) {
        if (Files.isDirectory(file)) {
            return "\"" + file + "\" is a folder; name a script file in it";
        }
        if (!Files.exists(file)) {
            return "there is no file \"" + file + "\" in " + Path.of("").toAbsolutePath();
        }
        return Files.isReadable(file) ? null : "the file \"" + file + "\" cannot be read; check its permissions";
    }
}

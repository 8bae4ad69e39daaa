package io.llmspell.cli;

import io.llmspell.core.identity.Language;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Looks at a script file before anything is started for it. */
final class ScriptFiles {
    private ScriptFiles() {}

    /** The language that the end of a file's name says, or null. */
    static @Nullable Language language(Path file) {
        String name = file.toString();
        if (name.endsWith(".lua")) {
            return Language.LUA;
        }
        return name.endsWith(".js") || name.endsWith(".mjs") ? Language.JAVASCRIPT : null;
    }

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

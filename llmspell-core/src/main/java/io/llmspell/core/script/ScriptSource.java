package io.llmspell.core.script;

import io.llmspell.core.storage.Bytes;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A script.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param name its name in messages, such as the file as the user wrote it
 * @param text its UTF-8 text
 * @param folder where its modules may lie, or null for none
 */
public record ScriptSource(
        String name, Bytes text, @Nullable Path folder) {
    /**
     * A script that is no file.
     *
     * @param name its name in messages
     * @param text its text
     * @return the script
     */
    public static ScriptSource of(String name, String text) {
        return new ScriptSource(name, Bytes.utf8(text), null);
    }
}

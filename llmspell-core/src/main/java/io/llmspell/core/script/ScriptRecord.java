package io.llmspell.core.script;

import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A plain map for scripts with a little more: it may print and concatenate as a text, as the response of an agent does,
 * and it may answer names that it does not list.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param members its members, script values
 * @param display the text that it prints as, or null
 * @param other looks up names that are not listed, or null; they are not enumerated and do not travel back
 */
public record ScriptRecord(
        Map<String, ? extends @Nullable Object> members,
        @Nullable String display,
        @Nullable Function<String, @Nullable Object> other) {
    /**
     * A map that prints as a text.
     *
     * @param members its members
     * @param display the text
     * @return the record
     */
    public static ScriptRecord shown(Map<String, ? extends @Nullable Object> members, String display) {
        return new ScriptRecord(members, display, null);
    }
}

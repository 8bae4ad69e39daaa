package io.llmspell.core.script;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several return values of one function. Lua gets them one by one, JavaScript gets an object.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param names a name for each value; copied
 * @param values the script values; copied
 */
public record ScriptValues(List<String> names, List<@Nullable Object> values) {
    /**
     * Copies the lists.
     *
     * @param names the names
     * @param values the values
     */
    public ScriptValues {
        names = List.copyOf(names);
        values = Collections.unmodifiableList(new java.util.ArrayList<>(values));
    }

    /**
     * Two values.
     *
     * @param firstName the name of the first
     * @param first the first
     * @param secondName the name of the second
     * @param second the second
     * @return both
     */
    public static ScriptValues two(
            String firstName, @Nullable Object first, String secondName, @Nullable Object second) {
        return new ScriptValues(List.of(firstName, secondName), Arrays.asList(first, second));
    }
}

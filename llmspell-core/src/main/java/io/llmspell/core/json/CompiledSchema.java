package io.llmspell.core.json;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JSON Schema that has been read and is ready to check values.
 *
 * <p><b>Threads:</b> safe.
 */
public interface CompiledSchema {
    /**
     * Checks a value.
     *
     * @param value a JSON value
     * @return all violations, empty if the value fits
     */
    List<Violation> validate(@Nullable Object value);

    /**
     * One place where a value does not fit.
     *
     * @param path where, such as {@code $.items[3]}
     * @param message what is wrong and what would be right
     */
    record Violation(String path, String message) {}
}

package io.llmspell.core.state;

import io.llmspell.core.json.JsonValueException;
import org.jspecify.annotations.Nullable;

/**
 * A value with its version.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param json a JSON value
 * @param version the number of the commit that wrote it
 */
public record StateValue(@Nullable Object json, long version) {
    /** Without the value, which may be secret. */
    @Override
    public String toString() {
        return "StateValue[" + (json == null ? "null" : JsonValueException.typeName(json)) + ", version " + version
                + "]";
    }
}

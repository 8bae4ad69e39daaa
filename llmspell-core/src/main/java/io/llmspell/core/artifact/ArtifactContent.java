package io.llmspell.core.artifact;

import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.storage.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What an artifact holds, at most 10 MiB.
 *
 * <p><b>Threads:</b> immutable.
 */
public sealed interface ArtifactContent {
    /** The largest content in bytes: of UTF-8 for texts, of compact JSON for values. */
    long LARGEST = 10L << 20;

    /**
     * The form as records and scripts name it.
     *
     * @return {@code text}, {@code json} or {@code bytes}
     */
    String form();

    /**
     * A text.
     *
     * @param text the text
     */
    record Text(String text) implements ArtifactContent {
        @Override
        public String form() {
            return "text";
        }

        /** The size alone, since the text may be long or secret. */
        @Override
        public String toString() {
            return "text of " + text.length() + " characters";
        }
    }

    /**
     * A JSON value.
     *
     * @param value the value; checked and made immutable
     */
    record Json(@Nullable Object value) implements ArtifactContent {
        /**
         * Checks the value.
         *
         * @param value the value
         * @throws io.llmspell.core.json.JsonValueException {@code value_not_convertible} or {@code value_too_large}
         */
        public Json {
            value = JsonValues.checked(value, JsonLimits.TOOL);
        }

        @Override
        public String form() {
            return "json";
        }

        /** The size alone, since the value may be large or secret. */
        @Override
        public String toString() {
            return "JSON of " + JsonValues.bytes(value) + " bytes";
        }
    }

    /**
     * Bytes.
     *
     * @param bytes the bytes
     */
    record Binary(Bytes bytes) implements ArtifactContent {
        @Override
        public String form() {
            return "bytes";
        }
    }
}

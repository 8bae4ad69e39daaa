package io.llmspell.bridge.config;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.StorageException;
import io.llmspell.storage.KeyRing;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where keys are, as configuration writes it: {@code env:NAME} or {@code file:PATH}; never a key itself.
 *
 * @param scheme {@code env} or {@code file}
 * @param target the name of the variable or the path
 */
record KeyReference(String scheme, String target) {
    private static final String WANTED =
            "\"env:NAME\" (keys of 32 bytes in base64, the active one first) or \"file:PATH\"";

    /** What is configured, or null; a value of another form is not repeated in the error: it may be a key. */
    static @Nullable KeyReference from(ConfigSection section, String option) {
        String text = section.optionalText(option);
        if (text == null) {
            return null;
        }
        int colon = text.indexOf(':');
        String scheme = colon < 0 ? "" : text.substring(0, colon);
        String target = text.substring(colon + 1).strip();
        boolean known = scheme.equals("env") || (scheme.equals("file") && isPath(target));
        if (!known || target.isEmpty()) {
            throw section.wrongSecret(option, WANTED);
        }
        return new KeyReference(scheme, target);
    }

    private static boolean isPath(String text) {
        try {
            return Path.of(text).getFileName() != null;
        } catch (InvalidPathException e) {
            return false;
        }
    }

    KeyRing ring() {
        if (scheme.equals("file")) {
            return KeyRing.file(Path.of(target));
        }
        String value = System.getenv(target);
        if (value == null || value.isBlank()) {
            throw new StorageException(
                    ErrorCode.STORE_KEY_MISSING,
                    "the environment variable " + target + ", which storage.key_ref names, is not set; set it to a key"
                            + " of 32 bytes in base64, such as `openssl rand -base64 32` makes");
        }
        return KeyRing.of(value, "the environment variable " + target);
    }
}

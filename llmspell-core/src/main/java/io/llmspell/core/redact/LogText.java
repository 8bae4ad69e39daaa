package io.llmspell.core.redact;

import org.jspecify.annotations.Nullable;

/**
 * Masks texts of errors before they go to the log: hooks and scripts put into them what they like.
 *
 * <p><b>Threads:</b> safe.
 */
public final class LogText {
    private LogText() {}

    /** Made with the first message. */
    private static final class Mask {
        private static final Redactor REDACTOR = Redactor.create();
    }

    /**
     * Masks what has the form of a secret.
     *
     * @param text the text of an error, or null if it has none
     * @return the text to log
     */
    public static String masked(@Nullable String text) {
        return text == null ? "no message" : Mask.REDACTOR.text(text);
    }
}

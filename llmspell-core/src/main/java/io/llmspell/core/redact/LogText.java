package io.llmspell.core.redact;

import io.llmspell.core.error.LlmSpellException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Masks texts of errors before they go to the log: hooks and scripts put into them what they like.
 *
 * <p><b>Threads:</b> safe.
 */
public final class LogText {
    private static final int DEEPEST = 32;

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

    /**
     * A copy of an error in which its own text, those of its causes and of what it suppressed are masked; the stacks are
     * the same, and the text of an error without a code begins with its class.
     *
     * @param error the error
     * @return what to hand to the log in its place
     */
    public static Throwable maskedError(Throwable error) {
        return copy(error, 0, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    /** Copies what was not copied yet: an error may be a cause of itself. */
    private static Throwable copy(Throwable error, int depth, Set<Throwable> seen) {
        seen.add(error);
        Throwable cause = error.getCause();
        boolean deeper = depth < DEEPEST;
        Masked copy = new Masked(
                masked(error instanceof LlmSpellException ? error.getMessage() : error.toString()),
                cause != null && deeper && !seen.contains(cause) ? copy(cause, depth + 1, seen) : null);
        copy.setStackTrace(error.getStackTrace());
        for (Throwable suppressed : error.getSuppressed()) {
            if (deeper && !seen.contains(suppressed)) {
                copy.addSuppressed(copy(suppressed, depth + 1, seen));
            }
        }
        return copy;
    }

    /** What goes to the log in place of an error; it is never thrown. */
    private static final class Masked extends Throwable {
        private static final long serialVersionUID = 1L;

        Masked(String text, @Nullable Throwable cause) {
            super(text, cause, true, true);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this; // it gets that of the error
        }
    }
}

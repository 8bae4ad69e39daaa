package io.llmspell.core.redact;

import org.jspecify.annotations.Nullable;

/**
 * Masks secrets in copies of values and texts that leave the house: events, logs, history, errors.
 *
 * <p>It never changes the value itself. Linear in the size of its input. <b>Threads:</b> safe.
 */
public interface Redactor {
    /** What stands in place of a secret. */
    String MASK = "[REDACTED]";

    /**
     * Masks a JSON value: members with a secret name wholly, other texts where they match a secret pattern.
     *
     * @param json a JSON value
     * @return the masked copy, or the value itself if nothing was masked
     */
    @Nullable Object value(@Nullable Object json);

    /**
     * Masks a text where it matches a secret pattern.
     *
     * @param text the text
     * @return the masked copy, or the text itself if nothing was masked
     */
    String text(String text);

    /**
     * Whether a name is that of a secret, such as {@code dbPassword} or {@code access_token}.
     *
     * @param name the name of a member, key or variable
     * @return true if what stands under it is masked
     */
    boolean secretName(String name);

    /**
     * The redactor of the house with its default lists.
     *
     * @return the redactor
     */
    static Redactor create() {
        return new DefaultRedactor();
    }
}

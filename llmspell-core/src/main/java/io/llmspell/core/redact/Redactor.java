package io.llmspell.core.redact;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Masks secrets in copies of values and texts that leave the house: events, logs, history, errors.
 *
 * <p>It never changes the value itself. Linear in the size of its input. <b>Threads:</b> safe.
 */
public interface Redactor {
    /**
     * What stands in place of a secret; a redactor that hashes puts a colon and 12 hexadecimal digits before the closing
     * bracket, the same for the same secret.
     */
    String MASK = "[REDACTED]";

    /**
     * Masks a JSON value: members with a secret name wholly, other texts where they match a secret pattern.
     *
     * @param json a JSON value
     * @return the masked copy, or the value itself if nothing was masked
     */
    @Nullable Object value(@Nullable Object json);

    /**
     * Masks a JSON value that stands under a name.
     *
     * @param name the name of the member, key or variable
     * @param value a JSON value
     * @return the masked copy, or the value itself if nothing was masked
     */
    @Nullable Object member(String name, @Nullable Object value);

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
     * A redactor that knows more names and is like this one in everything else.
     *
     * @param more names of secrets, such as {@code ssn} or {@code credit_card}; a name that has their words in a row is
     *     secret
     * @return the redactor
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if a name has no letter
     */
    Redactor withNames(Collection<String> more);

    /**
     * The redactor of the house with its default lists.
     *
     * @return the redactor
     */
    static Redactor create() {
        return builder().build();
    }

    /**
     * Begins to build a redactor with longer lists.
     *
     * @return a builder with the defaults of {@link #create}
     */
    static RedactorBuilder builder() {
        return new RedactorBuilder();
    }
}

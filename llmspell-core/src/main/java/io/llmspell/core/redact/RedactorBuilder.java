package io.llmspell.core.redact;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds a {@link Redactor} whose lists are longer than those of the house.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class RedactorBuilder {
    private static final int LEAST_KEY_BYTES = 16;

    private SecretNames names = SecretNames.DEFAULT;
    private final List<SecretPattern> patterns = new ArrayList<>(DefaultRedactor.PATTERNS);
    private Mask mask = Mask.plain();

    RedactorBuilder() {}

    /**
     * Adds names of secrets.
     *
     * @param more names such as {@code ssn} or {@code credit_card}; a name that has their words in a row is secret
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if a name has no letter
     */
    public RedactorBuilder sensitiveNames(List<String> more) {
        this.names = names.with(more);
        return this;
    }

    /**
     * Adds forms of secret values.
     *
     * @param more each {@code PREFIX CLASS LENGTH}: the text that such a secret begins with, which characters follow
     *     ({@code word}: letters, digits, {@code _ -}; {@code upper}: capitals and digits; {@code hex}; {@code digits};
     *     {@code visible}) and how many at least, 8 to 256; such as {@code xoxb- word 24}
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if one has another form
     */
    public RedactorBuilder valuePatterns(List<String> more) {
        more.forEach(form -> patterns.add(SecretPattern.parse(form)));
        return this;
    }

    /**
     * Puts 12 hexadecimal digits of a keyed hash into each mask, under a random key that lives as long as the redactor.
     *
     * @return this builder
     */
    public RedactorBuilder hashRedacted() {
        this.mask = Mask.hashing();
        return this;
    }

    /**
     * Puts 12 hexadecimal digits of a keyed hash into each mask.
     *
     * @param key the key, at least 16 bytes; copied
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if the key is shorter
     */
    public RedactorBuilder hashRedacted(byte[] key) {
        if (key.length < LEAST_KEY_BYTES) {
            throw new ArgumentException("key of the redactor", key.length + " bytes", "at least 16 bytes");
        }
        this.mask = Mask.hashing(key);
        return this;
    }

    /**
     * Takes over the section {@code [security]}: {@code hash_redacted}, which is on unless it says otherwise,
     * {@code sensitive_names} and {@code value_patterns}. Other options are left to others.
     *
     * @param section the section
     * @return this builder
     * @throws io.llmspell.core.error.ConfigException {@code invalid_config} if an option is wrong
     */
    public RedactorBuilder configure(ConfigSection section) {
        try {
            sensitiveNames(section.texts("sensitive_names", List.of()));
        } catch (ArgumentException wrong) {
            throw section.wrong("sensitive_names", "a list of names: " + wrong.text());
        }
        try {
            valuePatterns(section.texts("value_patterns", List.of()));
        } catch (ArgumentException wrong) {
            throw section.wrong("value_patterns", "a list of patterns: " + wrong.text());
        }
        return section.flag("hash_redacted", true) ? hashRedacted() : this;
    }

    /**
     * Builds the redactor.
     *
     * @return the redactor
     */
    public Redactor build() {
        return new DefaultRedactor(names, patterns, mask);
    }
}

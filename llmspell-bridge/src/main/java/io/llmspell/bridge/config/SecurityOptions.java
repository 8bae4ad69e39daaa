package io.llmspell.bridge.config;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.redact.Redactor;
import io.llmspell.storage.AuditRetention;
import org.jspecify.annotations.Nullable;

/**
 * The sections {@code [security]} and {@code [audit]}.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param redactor {@code [security]}: what is masked in all that leaves the runtime
 * @param audit {@code [audit]}: how long records of the audit log stay, or null for the default
 */
public record SecurityOptions(Redactor redactor, @Nullable AuditRetention audit) {
    /**
     * Checks nothing more: reading has.
     *
     * @param redactor what is masked
     * @param audit how long records stay, or null
     */
    public SecurityOptions {}

    static SecurityOptions ofDefaults() {
        return new SecurityOptions(Redactor.builder().hashRedacted().build(), null);
    }

    static SecurityOptions from(ConfigSection root) {
        ConfigSection audit = root.section("audit");
        return new SecurityOptions(
                redactor(root.section("security")), audit.names().isEmpty() ? null : AuditRetention.from(audit));
    }

    private static Redactor redactor(ConfigSection section) {
        Redactor redactor = Redactor.builder().configure(section).build();
        section.end();
        return redactor;
    }
}

package io.llmspell.core.audit;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a check of a whole audit log has shown: everything that is there is as it was written, and what is not there was
 * removed by those whom the log names.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param records how many records are there, those of trimmings included
 * @param trimmed how many records were removed since the log began
 * @param last the last removal, or null if there was none
 */
public record AuditReport(
        long records, long trimmed, @Nullable AuditTrimming last) {
    /**
     * The last removal.
     *
     * @return who removed how much and when, empty if nothing was ever removed
     */
    public Optional<AuditTrimming> lastTrimming() {
        return Optional.ofNullable(last);
    }
}

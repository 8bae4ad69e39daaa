package io.llmspell.core.storage;

import io.llmspell.core.identity.CorrelationId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a stored record says about itself.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param schemaId the schema of the value, empty for none
 * @param schemaVersion its semantic version
 * @param stateClass the class of the value, such as {@code standard}
 * @param expiresAt when the record stops to count, or null
 * @param correlation the run that wrote it, or null
 */
public record RecordHeader(
        String schemaId,
        String schemaVersion,
        String stateClass,
        @Nullable Instant expiresAt,
        @Nullable CorrelationId correlation) {
    /**
     * A header without schema and expiry.
     *
     * @param stateClass the class of the value
     * @param correlation the run that writes it, or null
     * @return the header
     */
    public static RecordHeader of(String stateClass, @Nullable CorrelationId correlation) {
        return new RecordHeader("", "0.0.0", stateClass, null, correlation);
    }
}

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
 * @param keyId the id of the key that the value is sealed with, or null if it is in clear
 */
public record RecordHeader(
        String schemaId,
        String schemaVersion,
        String stateClass,
        @Nullable Instant expiresAt,
        @Nullable CorrelationId correlation,
        @Nullable String keyId) {
    /**
     * Checks nothing: the codec does.
     *
     * @param schemaId the schema of the value, empty for none
     * @param schemaVersion its semantic version
     * @param stateClass the class of the value
     * @param expiresAt when the record stops to count, or null
     * @param correlation the run that wrote it, or null
     * @param keyId the id of the key that the value is sealed with, or null
     */
    public RecordHeader {}

    /**
     * A header of a value in clear, or of one that is yet to be sealed.
     *
     * @param schemaId the schema of the value, empty for none
     * @param schemaVersion its semantic version
     * @param stateClass the class of the value
     * @param expiresAt when the record stops to count, or null
     * @param correlation the run that writes it, or null
     */
    public RecordHeader(
            String schemaId,
            String schemaVersion,
            String stateClass,
            @Nullable Instant expiresAt,
            @Nullable CorrelationId correlation) {
        this(schemaId, schemaVersion, stateClass, expiresAt, correlation, null);
    }

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

    /**
     * The same header with another key.
     *
     * @param id the id of the key, or null for a value in clear
     * @return the changed header
     */
    public RecordHeader withKey(@Nullable String id) {
        return new RecordHeader(schemaId, schemaVersion, stateClass, expiresAt, correlation, id);
    }
}

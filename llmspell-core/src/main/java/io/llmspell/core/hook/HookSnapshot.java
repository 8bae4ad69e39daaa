package io.llmspell.core.hook;

import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A hook context as a value that can be kept, stored, sent and replayed.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param point the point
 * @param component what ran
 * @param operationId the id of the operation
 * @param principal whose rights counted, as text
 * @param correlation the run
 * @param parentOperation the enclosing operation, or null
 * @param language the language of the call
 * @param timestamp when
 * @param data the data of the point, a JSON value
 * @param metadata the texts that travelled along; copied
 * @param attempt which run of the operation
 */
public record HookSnapshot(
        HookPoint point,
        Component component,
        String operationId,
        String principal,
        CorrelationId correlation,
        @Nullable String parentOperation,
        Language language,
        Instant timestamp,
        @Nullable Object data,
        Map<String, String> metadata,
        int attempt) {
    /**
     * Copies the metadata.
     *
     * @param point the point
     * @param component what ran
     * @param operationId the id of the operation
     * @param principal whose rights counted
     * @param correlation the run
     * @param parentOperation the enclosing operation, or null
     * @param language the language of the call
     * @param timestamp when
     * @param data the data of the point
     * @param metadata the texts
     * @param attempt which run
     */
    public HookSnapshot {
        metadata = Map.copyOf(metadata);
    }

    /**
     * The snapshot as JSON, exactly: {@link #of} gives an equal one again, also after the JSON was text.
     *
     * @return an object with the members {@code point}, {@code component {type, name, id}}, {@code operation_id},
     *     {@code principal}, {@code correlation_id}, {@code parent_id}, {@code language}, {@code timestamp} (RFC 3339),
     *     {@code data}, {@code metadata} and {@code attempt}
     */
    public JsonObject json() {
        return SnapshotJson.write(this);
    }

    /**
     * Restores a snapshot.
     *
     * @param json what {@link #json} gave
     * @return an equal snapshot
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if a member is missing, unknown or of
     *     another kind
     */
    public static HookSnapshot of(JsonObject json) {
        return SnapshotJson.read(json);
    }
}

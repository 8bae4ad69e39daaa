package io.llmspell.core.hook;

import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
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
}

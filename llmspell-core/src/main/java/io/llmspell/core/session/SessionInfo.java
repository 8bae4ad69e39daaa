package io.llmspell.core.session;

import io.llmspell.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The record of a session.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param id its id
 * @param name its name, or null
 * @param parentId the session that was current when it was started, or null
 * @param status where it is in its life
 * @param startedAt when it was started
 * @param endedAt when it was finished, or null
 * @param checkpoints its checkpoints, oldest first; copied
 * @param tags free words; copied
 * @param metadata members of the user's own, secrets masked
 * @param keepState whether its state, checkpoints and artifacts outlive it
 */
public record SessionInfo(
        String id,
        @Nullable String name,
        @Nullable String parentId,
        SessionStatus status,
        Instant startedAt,
        @Nullable Instant endedAt,
        List<Checkpoint> checkpoints,
        List<String> tags,
        JsonObject metadata,
        boolean keepState) {
    /**
     * Copies the lists.
     *
     * @param id its id
     * @param name its name, or null
     * @param parentId the session that was current when it was started, or null
     * @param status where it is in its life
     * @param startedAt when it was started
     * @param endedAt when it was finished, or null
     * @param checkpoints its checkpoints, oldest first
     * @param tags free words
     * @param metadata members of the user's own
     * @param keepState whether its state, checkpoints and artifacts outlive it
     */
    public SessionInfo {
        checkpoints = List.copyOf(checkpoints);
        tags = List.copyOf(tags);
    }
}

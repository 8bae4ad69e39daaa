package io.llmspell.core.artifact;

import io.llmspell.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The record of one version of an artifact.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param id the artifact's id, the same for all its versions
 * @param name its name
 * @param type what it is, such as {@code report}
 * @param version counts from 1
 * @param form {@code text}, {@code json} or {@code bytes}
 * @param contentHash SHA-256 of the stored content, 64 hexadecimal digits
 * @param size of the stored content in bytes
 * @param origin who made it, when and from what
 * @param permanent whether it outlives its session
 * @param tags free words; copied
 * @param metadata members of the user's own, secrets masked
 */
public record ArtifactInfo(
        String id,
        String name,
        String type,
        long version,
        String form,
        String contentHash,
        long size,
        Origin origin,
        boolean permanent,
        List<String> tags,
        JsonObject metadata) {
    /**
     * Copies the tags.
     *
     * @param id the artifact's id
     * @param name its name
     * @param type what it is
     * @param version counts from 1
     * @param form how its content is kept
     * @param contentHash SHA-256 of the content
     * @param size of the content in bytes
     * @param origin who made it, when and from what
     * @param permanent whether it outlives its session
     * @param tags free words
     * @param metadata members of the user's own
     */
    public ArtifactInfo {
        tags = List.copyOf(tags);
    }

    /**
     * Who made a version of an artifact, when and from what.
     *
     * <p><b>Threads:</b> immutable.
     *
     * @param sessionId the session, or null
     * @param creator the principal as text
     * @param correlationId the run
     * @param parents ids of the artifacts that it was made from; copied
     * @param stateKeys what the run changed before in state, as {@code scope/key}, the last 256; copied
     * @param eventIds what the run published before, as far as the journal keeps it, the last 256; copied
     * @param hookExecutions the events of hooks that ran in it before, as far as the journal keeps them, the last 256;
     *     copied
     * @param createdAt when
     */
    public record Origin(
            @Nullable String sessionId,
            String creator,
            String correlationId,
            List<String> parents,
            List<String> stateKeys,
            List<String> eventIds,
            List<String> hookExecutions,
            Instant createdAt) {
        /**
         * Copies the lists.
         *
         * @param sessionId the session, or null
         * @param creator the principal as text
         * @param correlationId the run
         * @param parents what it was made from
         * @param stateKeys what the run changed before
         * @param eventIds what the run published before
         * @param hookExecutions which hooks ran in it before
         * @param createdAt when
         */
        public Origin {
            parents = List.copyOf(parents);
            stateKeys = List.copyOf(stateKeys);
            eventIds = List.copyOf(eventIds);
            hookExecutions = List.copyOf(hookExecutions);
        }
    }
}

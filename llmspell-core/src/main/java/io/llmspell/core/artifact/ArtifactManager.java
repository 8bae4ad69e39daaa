package io.llmspell.core.artifact;

import io.llmspell.core.identity.Caller;
import io.llmspell.core.session.SessionException;
import java.util.List;
import java.util.Optional;

/**
 * Keeps artifacts.
 *
 * <p>An artifact of a session may be used by who may use the scope of the session; what an agent or a workflow run made, by
 * who may use its scope; others by all. <b>Threads:</b> safe. <b>Errors:</b> {@code access_denied},
 * {@code operation_cancelled} by a hook, and the codes of storage.
 */
public interface ArtifactManager {
    /**
     * Stores a content, record and event in one commit: as a new artifact, or as a new version of the one that has the name
     * in the session.
     *
     * @param draft what is to be stored
     * @param caller on whose behalf
     * @return the record of the version
     * @throws ArtifactException {@code validation_failed} with all that is wrong, {@code missing_artifact} if a parent is
     *     not there, {@code state_conflict} if other writers were faster ten times in a row
     * @throws io.llmspell.core.json.JsonValueException {@code value_too_large} beyond {@link ArtifactContent#LARGEST}
     * @throws SessionException {@code session_not_found}, {@code session_closed}
     */
    ArtifactInfo store(ArtifactDraft draft, Caller caller);

    /**
     * Reads the newest version.
     *
     * @param id the artifact
     * @param caller on whose behalf
     * @return the artifact, or empty if there is none
     * @throws io.llmspell.core.storage.StorageException {@code store_corrupt} if the content does not fit its hash
     */
    Optional<Artifact> get(String id, Caller caller);

    /**
     * Reads one version.
     *
     * @param id the artifact
     * @param version from 1
     * @param caller on whose behalf
     * @return the artifact, or empty if there is no such version
     * @throws io.llmspell.core.storage.StorageException {@code store_corrupt} if the content does not fit its hash
     */
    Optional<Artifact> get(String id, long version, Caller caller);

    /**
     * Finds artifacts that the caller may use, without their contents.
     *
     * @param query which
     * @param caller on whose behalf
     * @return their records in the order in which the artifacts were made
     */
    List<ArtifactInfo> query(ArtifactQuery query, Caller caller);

    /**
     * Removes an artifact with all its versions.
     *
     * @param id the artifact
     * @param caller on whose behalf
     * @return whether it was there
     */
    boolean delete(String id, Caller caller);
}

package io.llmspell.state.artifact;

import io.llmspell.core.artifact.ArtifactDraft;
import io.llmspell.core.artifact.ArtifactInfo;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One try to store a version.
 *
 * @param draft what is wanted; its content may have been changed by hooks since
 * @param id the artifact
 * @param headRevision the revision of its name, 0 for a new artifact
 * @param version the version that it gets
 * @param done the committed version, once there is one
 */
record Storing(
        ArtifactDraft draft, String id, long headRevision, long version, AtomicReference<@Nullable ArtifactInfo> done) {
    boolean isNew() {
        return headRevision == 0;
    }
}

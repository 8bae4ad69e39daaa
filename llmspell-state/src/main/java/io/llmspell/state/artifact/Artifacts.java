package io.llmspell.state.artifact;

import io.llmspell.core.artifact.ArtifactManager;
import io.llmspell.state.session.SessionContents;

/**
 * Artifacts, put together.
 *
 * <p><b>Threads:</b> safe.
 */
public final class Artifacts {
    private final ArtifactManagerImpl manager;

    Artifacts(ArtifactManagerImpl manager) {
        this.manager = manager;
    }

    /**
     * Begins a manager.
     *
     * @return the builder
     */
    public static ArtifactsBuilder builder() {
        return new ArtifactsBuilder();
    }

    /**
     * What keeps artifacts.
     *
     * @return the manager
     */
    public ArtifactManager manager() {
        return manager;
    }

    /**
     * What ends with sessions, for {@link io.llmspell.state.session.SessionsBuilder#contents}.
     *
     * @return the artifacts of sessions, without those that outlive theirs
     */
    public SessionContents contents() {
        return manager;
    }
}

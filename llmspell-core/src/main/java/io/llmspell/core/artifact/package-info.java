/**
 * Artifacts: named, versioned results of runs, with what they came from.
 * Not here: the implementation, see {@code llmspell-state}, and sessions, see {@code io.llmspell.core.session}.
 * Start with {@link io.llmspell.core.artifact.ArtifactManager}.
 */
@NullMarked
package io.llmspell.core.artifact;

import org.jspecify.annotations.NullMarked;

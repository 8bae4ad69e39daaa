/**
 * Tests of artifacts.
 * Not here: tests of sessions and state.
 * Start with {@link io.llmspell.state.artifact.ArtifactsTest}.
 */
@NullMarked
package io.llmspell.state.artifact;

import org.jspecify.annotations.NullMarked;

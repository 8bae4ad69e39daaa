/**
 * Artifacts in a store: records, contents in chunks, versions, and what they came from.
 * Not here: sessions, see {@code io.llmspell.state.session}.
 * Start with {@link io.llmspell.state.artifact.Artifacts}.
 */
@NullMarked
package io.llmspell.state.artifact;

import org.jspecify.annotations.NullMarked;

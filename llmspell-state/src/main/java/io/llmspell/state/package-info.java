/**
 * State by scope and key: reading, writing and deleting it through the gate, on top of a storage back end.
 * Not here: how records are stored, which is behind {@code io.llmspell.core.storage}.
 * Start with the contracts in {@code io.llmspell.core.state}; this package implements them.
 */
@NullMarked
package io.llmspell.state;

import org.jspecify.annotations.NullMarked;

/**
 * What back ends share: the queue that groups commits, the gate that guards closing, the hub of watches.
 * Not here: contracts for users of a store, see {@code io.llmspell.core.storage}.
 * Start with {@link io.llmspell.storage.spi.CommitQueue}; {@code MemoryStorageBackend} is the smallest example.
 */
@NullMarked
package io.llmspell.storage.spi;

import org.jspecify.annotations.NullMarked;

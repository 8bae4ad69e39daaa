/**
 * The store in memory, and the binary form of records that every store keeps.
 * Not here: the contracts, see {@code io.llmspell.core.storage}; parts for the author of a back end, see
 * {@code io.llmspell.storage.spi}; the durable store, see {@code llmspell-storage-rocksdb}.
 * Start with {@link io.llmspell.storage.MemoryStorage}.
 */
@NullMarked
package io.llmspell.storage;

import org.jspecify.annotations.NullMarked;

/**
 * The contract kit of storage back ends.
 * Not here: back ends themselves, see {@code llmspell-storage} and {@code llmspell-storage-rocksdb}.
 * Start with {@link io.llmspell.testing.storage.StorageBackendContract}: implement it in a test class of your back end.
 */
@NullMarked
package io.llmspell.testing.storage;

import org.jspecify.annotations.NullMarked;

/**
 * The storage SPI: spaces of binary keys and values, atomic batches, scans, snapshots and watches.
 * Not here: scopes, typed values and access control, see {@code io.llmspell.core.state}.
 * Start with {@link io.llmspell.core.storage.StorageBackend}; its contract kit is {@code StorageBackendContract} in
 * {@code llmspell-testing}.
 */
@NullMarked
package io.llmspell.core.storage;

import org.jspecify.annotations.NullMarked;

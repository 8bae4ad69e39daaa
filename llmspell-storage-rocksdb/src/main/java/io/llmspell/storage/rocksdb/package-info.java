/**
 * The durable storage back end on RocksDB, and what keeps its native handles safe.
 * Not here: what records mean, which is the business of state, events and history, and the contract, which is in
 * {@code io.llmspell.core.storage}.
 * Start with the contract in {@code io.llmspell.core.storage}; this package implements it, and is the only one
 * that imports {@code org.rocksdb}.
 */
@NullMarked
package io.llmspell.storage.rocksdb;

import org.jspecify.annotations.NullMarked;

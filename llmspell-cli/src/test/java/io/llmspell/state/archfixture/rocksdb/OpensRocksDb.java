package io.llmspell.state.archfixture.rocksdb;

import org.rocksdb.RocksDB;

/** Planted: RocksDB outside its leaf. */
record OpensRocksDb(RocksDB handle) {}

package io.llmspell.storage.rocksdb.archfixture.leaves;

/** Planted: one of too many public types of a leaf. */
public final class SecondSettings {}

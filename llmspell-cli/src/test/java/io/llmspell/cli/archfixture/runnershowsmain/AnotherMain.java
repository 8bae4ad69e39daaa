package io.llmspell.cli.archfixture.runnershowsmain;

/** Planted: a public type of the runner. */
public final class AnotherMain {}

package io.llmspell.hooks.archfixture.nullmarked;

/** Planted: its package has no package-info. */
final class Unmarked {}

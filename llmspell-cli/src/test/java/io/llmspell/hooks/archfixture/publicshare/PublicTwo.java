package io.llmspell.hooks.archfixture.publicshare;

/** Planted: a module in which everything is public. */
public final class PublicTwo {}

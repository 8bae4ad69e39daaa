package io.llmspell.hooks.archfixture.internals.internal;

/** What the planted fault reaches for. */
public final class Hidden {}

package io.llmspell.hooks.archfixture.builtins.builtin;

/** Planted: a built-in whose name does not say what it is. */
public final class Nameless {}

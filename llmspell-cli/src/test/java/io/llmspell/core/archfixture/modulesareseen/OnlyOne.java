package io.llmspell.core.archfixture.modulesareseen;

/** Planted: a set in which all modules but one are missing. */
final class OnlyOne {}

package io.llmspell.hooks.archfixture.finalclasses;

/** Planted: concrete, on top, not final. */
class Extensible {}

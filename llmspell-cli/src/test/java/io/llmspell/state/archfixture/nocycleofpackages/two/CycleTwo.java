package io.llmspell.state.archfixture.nocycleofpackages.two;

import io.llmspell.state.archfixture.nocycleofpackages.one.CycleOne;

/** Planted: one half of a cycle. */
public record CycleTwo(CycleOne other) {}

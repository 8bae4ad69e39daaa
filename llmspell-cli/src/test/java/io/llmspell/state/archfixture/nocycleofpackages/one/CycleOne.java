package io.llmspell.state.archfixture.nocycleofpackages.one;

import io.llmspell.state.archfixture.nocycleofpackages.two.CycleTwo;

/** Planted: one half of a cycle. */
public record CycleOne(CycleTwo other) {}

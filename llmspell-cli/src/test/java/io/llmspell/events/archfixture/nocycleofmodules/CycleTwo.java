package io.llmspell.events.archfixture.nocycleofmodules;

import io.llmspell.hooks.archfixture.nocycleofmodules.CycleOne;

/** Planted: one half of a cycle. */
public record CycleTwo(CycleOne other) {}

package io.llmspell.hooks.archfixture.nocycleofmodules;

import io.llmspell.events.archfixture.nocycleofmodules.CycleTwo;

/** Planted: one half of a cycle. */
public record CycleOne(CycleTwo other) {}

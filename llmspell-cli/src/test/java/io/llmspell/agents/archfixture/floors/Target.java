package io.llmspell.agents.archfixture.floors;

/** What the planted fault reaches for. */
public final class Target {}

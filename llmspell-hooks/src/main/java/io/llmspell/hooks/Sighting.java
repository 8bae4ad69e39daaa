package io.llmspell.hooks;

import org.jspecify.annotations.Nullable;

/**
 * What a hook saw, kept for listeners while it runs.
 *
 * @param input the input
 * @param output the output, null before there was one
 */
record Sighting<I, O>(I input, @Nullable O output) {}

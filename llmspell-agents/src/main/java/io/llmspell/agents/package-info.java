/**
 * Agents: their life cycle, the model providers, and the loop in which a model calls tools.
 * Not here: the contracts, which are in {@code io.llmspell.core.agent}, and the tools themselves.
 * Start with the contracts in {@code io.llmspell.core.agent}; this package implements them.
 */
@NullMarked
package io.llmspell.agents;

import org.jspecify.annotations.NullMarked;

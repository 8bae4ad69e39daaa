/**
 * Agents and the models that drive them.
 * Not here: the agents and providers themselves ({@code llmspell-agents}).
 * Start with {@link io.llmspell.core.agent.Agent}, a provider author with
 * {@link io.llmspell.core.agent.ModelProvider}.
 */
@NullMarked
package io.llmspell.core.agent;

import org.jspecify.annotations.NullMarked;

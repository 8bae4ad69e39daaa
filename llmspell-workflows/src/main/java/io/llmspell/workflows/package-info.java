/**
 * Workflows: steps that run in an order, each an operation that passes the gate.
 * Not here: the contracts, which are in {@code io.llmspell.core.workflow}, and the tools and agents that the
 * steps call.
 * Start with the contracts in {@code io.llmspell.core.workflow}; this package implements them.
 */
@NullMarked
package io.llmspell.workflows;

import org.jspecify.annotations.NullMarked;

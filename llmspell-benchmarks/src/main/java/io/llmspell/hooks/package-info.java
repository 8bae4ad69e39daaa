/**
 * Benchmarks of what {@code llmspell-hooks} keeps to itself; they stand in its package to reach it.
 * Not here: benchmarks that need public classes only, which are in {@code io.llmspell.benchmarks}.
 * Start with the class named after your question; its comment gives the workload and the command.
 */
@NullMarked
package io.llmspell.hooks;

import org.jspecify.annotations.NullMarked;

/**
 * Benchmarks of the cores of built-in hooks, which are not public.
 * Not here: what the hooks cost at the gate, see {@code io.llmspell.benchmarks}.
 * Start with {@link io.llmspell.hooks.builtin.RateLimitBenchmark}.
 */
@NullMarked
package io.llmspell.hooks.builtin;

import org.jspecify.annotations.NullMarked;

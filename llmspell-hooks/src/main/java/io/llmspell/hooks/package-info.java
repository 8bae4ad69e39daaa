/**
 * The gate that every operation passes, and the registry of the hooks that decide there.
 * Not here: the contracts that hook authors implement, which are in {@code io.llmspell.core.hook}, and what the
 * operations do, which is their owners' business.
 * Start with the contracts in {@code io.llmspell.core.hook}; this package implements them.
 */
@NullMarked
package io.llmspell.hooks;

import org.jspecify.annotations.NullMarked;

/**
 * The gate that every operation passes, and the registry of the hooks that decide there.
 * Not here: the contracts that hook authors implement, which are in {@code io.llmspell.core.hook}, and what the
 * operations do, which is their owners' business.
 * Start with {@link io.llmspell.hooks.Hooks}; what each result does is in {@code Course}, the loop in {@code Pass}.
 */
@NullMarked
package io.llmspell.hooks;

import org.jspecify.annotations.NullMarked;

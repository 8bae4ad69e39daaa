/**
 * The hooks that come with the house: logging, metrics, debugging, security and the like, with their configuration.
 * Not here: the gate that runs them, see {@code io.llmspell.hooks}, and the contracts of hooks, see
 * {@code io.llmspell.core.hook}.
 * Start with {@link io.llmspell.hooks.builtin.BuiltinHooks}; to add a hook, implement {@code Builtin}.
 */
@NullMarked
package io.llmspell.hooks.builtin;

import org.jspecify.annotations.NullMarked;

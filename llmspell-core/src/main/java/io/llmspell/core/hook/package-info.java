/**
 * What a hook author needs: points, contexts, results and the registry.
 * Not here: how operations run through their hooks, see {@code io.llmspell.core.gate}.
 * Start with {@link io.llmspell.core.hook.Hook}, {@link io.llmspell.core.hook.HookContext} and
 * {@link io.llmspell.core.hook.HookResult}.
 */
@NullMarked
package io.llmspell.core.hook;

import org.jspecify.annotations.NullMarked;

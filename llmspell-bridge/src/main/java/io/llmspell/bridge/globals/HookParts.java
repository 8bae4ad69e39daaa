package io.llmspell.bridge.globals;

import io.llmspell.hooks.HookSettings;
import io.llmspell.hooks.builtin.BuiltinHooks;
import java.util.function.Supplier;

/**
 * What the global {@code Hook} needs besides the hooks themselves.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param settings deadlines and limits of hooks
 * @param builtins gives the built-in hooks, which are made with their first use
 * @param isolated loads the handlers of isolated hooks
 */
public record HookParts(HookSettings settings, Supplier<BuiltinHooks> builtins, IsolatedHandlers isolated) {}

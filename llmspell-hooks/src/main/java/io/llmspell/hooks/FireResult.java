package io.llmspell.hooks;

import io.llmspell.core.hook.HookResultKind;
import org.jspecify.annotations.Nullable;

/**
 * What the hooks of a custom point decided.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param result {@link HookResultKind#CONTINUE}, {@link HookResultKind#MODIFIED}, {@link HookResultKind#REPLACE} or
 *     {@link HookResultKind#CANCEL}
 * @param reason why a hook cancelled, null for the other results
 * @param data the data after all hooks, or the value of Replace; a JSON value
 */
public record FireResult(
        HookResultKind result,
        @Nullable String reason,
        @Nullable Object data) {}

package io.llmspell.hooks;

import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;

/**
 * A hook and the operation in which it runs.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param hook the hook
 * @param kind the kind of the operation
 * @param component what runs
 * @param caller who asked for the operation
 */
public record HookRun(HookInfo hook, OperationKind kind, Component component, Caller caller) {}

package io.llmspell.hooks;

import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;

/**
 * The hooks of one point, as they run one after the other in one operation.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param point the point
 * @param kind the kind of the operation
 * @param component what runs
 * @param caller who asked for the operation
 * @param hooks how many hooks there are at the point, for this operation
 */
public record HookChain(HookPoint point, OperationKind kind, Component component, Caller caller, int hooks) {}

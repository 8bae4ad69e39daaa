package io.llmspell.hooks;

import io.llmspell.core.gate.Step;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which results have a meaning for a kind of operation, beyond what the point and its owner allow.
 *
 * <p>Redirect needs a peer that can do the work; Cache needs an output that stays true when it is given again; Fork and
 * Retry need an operation that is more than a notice of something that happens anyway.
 */
final class KindResults {
    private static final Set<OperationKind> PEERS = EnumSet.of(
            OperationKind.TOOL_CALL,
            OperationKind.AGENT_RUN,
            OperationKind.WORKFLOW_RUN,
            OperationKind.WORKFLOW_TRANSITION,
            OperationKind.STATE_READ,
            OperationKind.STATE_WRITE,
            OperationKind.EVENT_EMIT);

    private static final Set<OperationKind> CACHEABLE = EnumSet.of(
            OperationKind.TOOL_CALL,
            OperationKind.TOOL_DISCOVERY,
            OperationKind.AGENT_RUN,
            OperationKind.MODEL_CALL,
            OperationKind.WORKFLOW_RUN,
            OperationKind.WORKFLOW_STEP);

    private static final Set<OperationKind> ONCE = EnumSet.of(OperationKind.SYSTEM, OperationKind.AGENT_INIT);

    private KindResults() {}

    /** The results that act where a hook is asked first. */
    static EnumSet<HookResultKind> of(OperationKind kind, Step.Point<?> firing) {
        EnumSet<HookResultKind> allowed = EnumSet.allOf(HookResultKind.class);
        allowed.retainAll(firing.allowed());
        if (!PEERS.contains(kind)) {
            allowed.remove(HookResultKind.REDIRECT);
        }
        if (!CACHEABLE.contains(kind)) {
            allowed.remove(HookResultKind.CACHE);
        }
        if (ONCE.contains(kind)) {
            allowed.remove(HookResultKind.RETRY);
            allowed.remove(HookResultKind.FORK);
        }
        if (firing.stage() == Step.Stage.LAST) {
            allowed.retainAll(Slot.HookSlot.PASSIVE);
        }
        if (firing.stage() == Step.Stage.ERROR) {
            allowed.remove(HookResultKind.MODIFIED);
            allowed.remove(HookResultKind.CACHE);
        }
        return allowed;
    }
}

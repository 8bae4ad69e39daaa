package io.llmspell.hooks;

import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValues;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The course of a running operation: its stages, and the one implementation of what each result and each failure of a
 * hook does to it.
 *
 * <p>Each of the stages before, after and error ends with a second round if its subject changed: the fail-closed hooks
 * in front of the last change are asked again. A fallback on error goes back to where the operation failed, so that it
 * meets the promises and guards that are still due there, and all hooks after the body; the error stage is entered at
 * most once.
 */
abstract class Course<I, O> extends RunningOperation<I, O> {
    private static final Logger LOG = LoggerFactory.getLogger(Course.class);

    final Plan<I> plan;
    Phase phase = Phase.BEFORE;

    /** The slot after the present one. */
    int next;

    /** The slot that changed the subject of the stage last; the slots in front of it are asked again. */
    int changedAt;

    /** A hook has answered: in this stage only promises and guards still run. */
    boolean answered;

    /** Cancelled by a hook, refused by a guard or stopped: error hooks can no longer rescue the operation. */
    private boolean sealed;

    /** An error hook gave a fallback. */
    private boolean rescued;

    private boolean stopped;
    private boolean errorStageDone;
    private boolean failedBefore;
    private int failedNext;
    private int failedChangedAt;

    Course(GateImpl gate, Operation<I, O> operation, Plan<I> plan, Component component, I input, Caller caller) {
        super(gate, operation, component, input, caller);
        this.plan = plan;
    }

    // ---- stages ----

    final void stageEnded() {
        if (changedAt > 0 && !phase.again()) {
            next = 0;
            phase = phase.before() ? Phase.BEFORE_AGAIN : phase.after() ? Phase.AFTER_AGAIN : Phase.ERROR_AGAIN;
            return;
        }
        switch (phase) {
            case BEFORE, BEFORE_AGAIN -> begin(output == null ? Phase.BODY : Phase.AFTER);
            case AFTER, AFTER_AGAIN -> begin(Phase.LAST);
            case ERROR, ERROR_AGAIN -> errorStageEnded();
            default -> end();
        }
    }

    private void begin(Phase stage) {
        phase = stage;
        next = 0;
        changedAt = 0;
        answered = false;
    }

    /** Goes back to where the operation failed with the fallback in hand, or on to the end. */
    private void errorStageEnded() {
        errorStageDone = true;
        if (!rescued) {
            begin(Phase.LAST);
            return;
        }
        error = null;
        if (failedBefore) {
            begin(Phase.BEFORE);
            next = failedNext;
            changedAt = failedChangedAt;
            answered = true;
        } else {
            begin(Phase.AFTER);
        }
    }

    final void bodyGave(@Nullable O value) {
        output = Faults.output(value, component);
        subjectChanged();
        begin(Phase.AFTER);
    }

    /** Ends the present stage with an error. */
    final void refuse(LlmSpellException reason) {
        failedBefore = phase.before();
        failedNext = Math.max(0, next - 1);
        failedChangedAt = changedAt;
        error = reason;
        withdraw();
        begin(errorStageDone ? Phase.LAST : Phase.ERROR);
    }

    /** Ends the present stage with an error that no error hook can rescue. */
    private void refuseForGood(LlmSpellException reason) {
        sealed = true;
        refuse(reason);
    }

    /** Ends the operation because its caller wants it no more; what has ended already stays as it is. */
    final void stop(LlmSpellException reason) {
        boolean first = !stopped;
        stopped = true;
        if (phase.onError()) {
            if (first) {
                errorGoesOn(reason);
            }
        } else if (phase != Phase.LAST) {
            refuseForGood(reason);
        }
    }

    /** Lets the operation's error go on to the caller, with what a hook says to it. */
    private void errorGoesOn(LlmSpellException remark) {
        LlmSpellException present = error;
        if (present != null && present != remark) {
            present.addSuppressed(remark);
        }
        sealed = true;
        withdraw();
    }

    /** Takes back what a hook or the body gave. */
    private void withdraw() {
        output = null;
        replaced = false;
        rescued = false;
        subjectChanged();
    }

    final void end() {
        phase = Phase.DONE;
        close(failure -> LOG.warn("an action at the end of {} failed", component, failure));
    }

    // ---- checks ----

    final void check(Slot.CheckSlot<I> slot) {
        try {
            input = checked(slot, input);
            subjectChanged();
        } catch (LlmSpellException refusal) {
            refuse(refusal);
        }
    }

    private I checked(Slot.CheckSlot<I> slot, I subject) {
        try {
            return slot.check().checker().check(subject, caller);
        } catch (Throwable failure) {
            throw Faults.ofCheck(slot.check().name(), component, failure);
        }
    }

    /** The promises in front of a slot, on a changed input. */
    private I promised(I changed, int slots) {
        I subject = changed;
        for (int i = 0; i < slots; i++) {
            if (plan.before().get(i) instanceof Slot.CheckSlot<I> slot
                    && slot.check().promise()) {
                subject = checked(slot, subject);
            }
        }
        return subject;
    }

    // ---- what each result does ----

    /** Applies a result; gives the failure if it could not act. */
    final @Nullable Failure apply(Slot.HookSlot<I> slot, HookResult result) {
        HookResultKind kind = result.kind();
        if (kind == HookResultKind.CONTINUE || kind == HookResultKind.SKIPPED) {
            return null;
        }
        if (!Slot.HookSlot.honoured(kind)) {
            return new Failure(Faults.notHonoured(slot.name(), slot.point(), kind), true);
        }
        Set<HookResultKind> allowed = allowed(slot);
        if (!allowed.contains(kind)) {
            return new Failure(Faults.notAllowed(slot.name(), slot.point(), kind, allowed), true);
        }
        if (result instanceof HookResult.Modified modified) {
            return modified(slot, modified.data());
        }
        if (result instanceof HookResult.Replace replace) {
            return replace(slot, replace.value());
        }
        if (result instanceof HookResult.Cancel cancel) {
            cancel(slot, cancel.reason());
        }
        return null;
    }

    private Set<HookResultKind> allowed(Slot.HookSlot<I> slot) {
        if (phase.onError() && sealed) {
            return Slot.HookSlot.PASSIVE;
        }
        return phase.again() ? slot.lastWord() : slot.allowed();
    }

    private @Nullable Failure modified(Slot.HookSlot<I> slot, @Nullable Object raw) {
        View<I, O> view = operation.view();
        O present = output;
        I changedInput = input;
        try {
            Object data = JsonValues.checked(raw, limits());
            if (phase.before()) {
                changedInput = view.modified(slot.point(), input, data);
            } else if (present != null) {
                output = view.changed(slot.point(), input, present, data);
            }
        } catch (Throwable failure) {
            return new Failure(Faults.coded(component, failure), false);
        }
        if (phase.before()) {
            try {
                input = promised(changedInput, next - 1);
            } catch (LlmSpellException refusal) {
                return new Failure(refusal, true);
            }
        }
        changedAt = next - 1;
        subjectChanged();
        return null;
    }

    private @Nullable Failure replace(Slot.HookSlot<I> slot, @Nullable Object raw) {
        try {
            output = operation.view().answer(slot.point(), input, JsonValues.checked(raw, limits()));
        } catch (Throwable failure) {
            return new Failure(Faults.coded(component, failure), false);
        }
        replaced = true;
        answered = true;
        if (!phase.before()) { // before the body guards judge the input, which an answer does not change
            changedAt = next - 1;
        }
        rescued = phase.onError();
        subjectChanged();
        return null;
    }

    private void cancel(Slot.HookSlot<I> slot, String reason) {
        LlmSpellException veto =
                new OperationCancelledException(slot.name(), slot.point(), component.toString(), reason, null);
        if (phase.onError()) {
            errorGoesOn(veto);
        } else {
            refuseForGood(veto);
        }
    }

    private JsonLimits limits() {
        return operation.kind() == OperationKind.TOOL_CALL ? JsonLimits.TOOL : JsonLimits.VALUE;
    }

    // ---- what each failure does ----

    final void failed(Slot.HookSlot<I> slot, Failure failure) {
        if (caller.token().isCancelled() && !stopped) {
            stop(new CancelledException(component.toString()));
            return;
        }
        LlmSpellException problem = failure.problem();
        if (!slot.guard()) {
            observerFailed(slot, problem);
        } else if (phase.onError()) {
            errorGoesOn(guardFailed(slot, failure));
        } else {
            refuseForGood(guardFailed(slot, failure));
        }
    }

    private LlmSpellException guardFailed(Slot.HookSlot<I> slot, Failure failure) {
        return failure.told()
                ? failure.problem()
                : Faults.hookFailed(slot.name(), slot.point(), component, failure.problem());
    }

    private void observerFailed(Slot.HookSlot<I> slot, LlmSpellException problem) {
        switch (slot.hook().info().options().failurePolicy()) {
            case QUARANTINE -> {
                gate.table().quarantine(slot.hook());
                LOG.warn(
                        "hook \"{}\" failed at {} of {} and is disabled",
                        slot.name(),
                        slot.point(),
                        component,
                        problem);
            }
            default -> LOG.warn("hook \"{}\" failed at {} of {}", slot.name(), slot.point(), component, problem);
        }
    }
}

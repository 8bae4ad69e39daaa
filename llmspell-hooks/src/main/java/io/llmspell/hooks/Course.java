package io.llmspell.hooks;

import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.gate.OperationTargets;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.ForkOperation;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.redact.LogText;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The course of a running operation: its stages, and the one implementation of what each result and each failure of a
 * hook does to it.
 *
 * <p>Each of the stages before, after and error ends with a second round if its subject changed: the fail-closed hooks
 * in front of the last change are asked again. A fallback on error goes back to where the operation failed, so that it
 * meets the promises and guards that are still due there, and all hooks after the body; the error stage is entered at
 * most once.
 */
abstract class Course<I, O> extends TimedOperation<I, O> {
    /** How many redirects may follow each other. */
    static final int MOST_REDIRECTS = 3;

    /** How often an operation may run, whatever a hook says: one that asks without delay for ever must come to an end. */
    static final int MOST_RUNS = 1_000;

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

    /** Why the caller wants the operation no more. */
    private @Nullable LlmSpellException stopped;

    private boolean errorStageDone;
    private boolean enclosed;

    /** Only promises and guards are asked, about an answer from around the operation. */
    private boolean asking;

    /** What forks gave went into the output behind all hooks after the body. */
    private boolean merged;

    private boolean failedBefore;
    private int failedNext;
    private int failedChangedAt;

    /** What few operations need; made when a hook asks for it. */
    private @Nullable Detour detour;

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
            case BEFORE, BEFORE_AGAIN -> beforeStageEnded();
            case AFTER, AFTER_AGAIN -> join(Phase.LAST);
            case ERROR, ERROR_AGAIN -> errorStageEnded();
            default -> end();
        }
    }

    private void beforeStageEnded() {
        if (output != null) {
            join(Phase.AFTER);
        } else {
            begin(detour != null && detour.target != null ? Phase.REDIRECTED : Phase.BODY);
        }
    }

    /** Goes on to a stage, after a wait for the forks that still run. */
    private void join(Phase stage) {
        if (forks == null || !forks.running()) {
            begin(stage);
        } else {
            detour().afterJoin = stage;
            begin(Phase.JOIN);
            if (stopped != null) { // nobody waits for them
                joined();
            }
        }
    }

    /** Takes what the forks gave and goes on. */
    final void joined() {
        Forks ended = Objects.requireNonNull(forks);
        ended.collect(component);
        O present = output;
        if (present != null) {
            output = Faults.output(operation.view().forked(present, ended.results()), component);
            subjectChanged();
        }
        begin(detour().afterJoin);
        if (present != null && phase == Phase.LAST && !detour().again) {
            merged = true;
            askAgain();
        }
    }

    final Detour detour() {
        Detour present = detour;
        if (present == null) {
            present = new Detour();
            detour = present;
        }
        return present;
    }

    private void begin(Phase stage) {
        phase = stage;
        next = 0;
        changedAt = 0;
        answered = false;
        if (asking) {
            beginAsking(stage);
        }
    }

    /** Observers have heard of the operation already, and it has ended for them. */
    private void beginAsking(Phase stage) {
        if (stage == Phase.AFTER) {
            askAgain();
        } else if (stage == Phase.ERROR || stage == Phase.LAST) {
            phase = Phase.LAST;
            next = plan.last().size();
        }
    }

    /** The guards after the body judge an output that changed behind all of them. */
    private void askAgain() {
        phase = Phase.AFTER_AGAIN;
        next = 0;
        changedAt = plan.after().size();
    }

    /** Whether a hook is asked again about a subject that changed after its verdict, unless it did that itself. */
    final boolean due(Slot.HookSlot<I> hook) {
        return hook.lastWordDue() && !(merged && detour().forkers.contains(hook.hook()));
    }

    /** Begins with an answer from around the operation, where the operation ended or, if it never ran, at its start. */
    final void answeredAround(O answer, @Nullable Course<I, O> ended) {
        asking = true;
        output = answer;
        replaced = true;
        boolean inBefore = ended == null || (ended.error != null && ended.failedBefore);
        begin(inBefore ? Phase.BEFORE : Phase.AFTER);
        answered = inBefore;
        if (ended != null) {
            continues(ended);
            if (inBefore) {
                next = ended.failedNext;
                changedAt = ended.failedChangedAt;
            }
        }
    }

    /** Whether the error can be rescued no more: by a Cancel, a guard's refusal, or because the caller stopped. */
    final boolean isSealed() {
        return sealed;
    }

    /** Goes back to where the operation failed with the fallback in hand, or on to the end. */
    private void errorStageEnded() {
        errorStageDone = true;
        if (!rescued) {
            join(Phase.LAST);
            return;
        }
        error = null;
        if (failedBefore) {
            begin(Phase.BEFORE);
            next = failedNext;
            changedAt = failedChangedAt;
            answered = true;
        } else {
            join(Phase.AFTER);
        }
    }

    final void bodyGave(@Nullable O value) {
        O given = Faults.output(value, component);
        output = given;
        subjectChanged();
        keep(given);
        if (detour == null && forks == null && plan.endsWithBody()) {
            end(); // where the two empty stages lead
        } else {
            join(Phase.AFTER);
        }
    }

    /** The peer gave its output in place of the body. */
    final void targetGave(@Nullable Outcome value) {
        Outcome given = Faults.output(value, component);
        output = operation.view().answer(detour().point(), input, given.json());
        replaced = true;
        subjectChanged();
        join(Phase.AFTER);
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
        boolean first = stopped == null;
        stopped = reason;
        if (phase.onError()) {
            if (first) {
                errorGoesOn(reason);
            }
        } else if (phase == Phase.JOIN) {
            joined();
        } else if (phase != Phase.LAST) {
            begin(phase == Phase.PAUSE ? Phase.BEFORE : phase);
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
        if (detour != null) {
            detour.target = null;
        }
        subjectChanged();
    }

    /** Ends the attempt, and the operation unless it runs again. */
    final void end() {
        runActions(failure -> LOG.warn("an action at the end of {} failed", component, LogText.maskedError(failure)));
        hooksEnded();
        Detour present = detour;
        LlmSpellException reason = stopped;
        if (present == null || !runsAgain()) {
            if (present != null && error == null) {
                present.store(gate.cache());
            }
            if (present != null && present.again) {
                output = null;
                error = reason;
            }
            if (error == null) {
                tellOwner(failure ->
                        LOG.warn("the owner of {} failed to take notes", component, LogText.maskedError(failure)));
            }
            phase = Phase.DONE;
            if (!enclosed) {
                close();
            }
            return;
        }
        present.nextAttempt();
        nextAttempt();
        rescued = false;
        errorStageDone = false;
        begin(Phase.PAUSE);
    }

    @Override
    public final boolean runsAgain() {
        Detour present = detour;
        return present != null && present.again && stopped == null;
    }

    /** The wait before the next attempt is over. */
    final void paused() {
        begin(Phase.BEFORE);
    }

    @Override
    final @Nullable O shownOutput() {
        return phase.before() ? null : output;
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
        Set<HookResultKind> allowed = allowed(slot);
        if (!allowed.contains(kind)) {
            return new Failure(Faults.notAllowed(slot.name(), slot.point(), kind, allowed), true);
        }
        return switch (kind) {
            case MODIFIED -> modified(slot, ((HookResult.Modified) result).data());
            case REPLACE -> replace(slot, ((HookResult.Replace) result).value());
            case CANCEL -> cancel(slot, ((HookResult.Cancel) result).reason());
            case REDIRECT -> redirect(slot, ((HookResult.Redirect) result).target());
            case RETRY -> retry(slot, (HookResult.Retry) result);
            case FORK -> fork(slot, ((HookResult.Fork) result).operations());
            case CACHE -> cache(slot, (HookResult.Cache) result);
            default -> null;
        };
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

    final @Nullable Failure replace(Slot.HookSlot<I> slot, @Nullable Object raw) {
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

    private @Nullable Failure cancel(Slot.HookSlot<I> slot, String reason) {
        LlmSpellException veto =
                new OperationCancelledException(slot.name(), slot.point(), component.toString(), reason, null);
        if (slot.closed()) {
            gate.listeners().refused(slot.hook().info(), component, caller, veto);
        }
        if (phase.onError()) {
            errorGoesOn(veto);
        } else {
            refuseForGood(veto);
        }
        return null;
    }

    /** Before the body the peer starts when the guards behind have agreed, else at once. */
    private @Nullable Failure redirect(Slot.HookSlot<I> slot, String target) {
        OperationTargets targets = gate.targets(operation.kind());
        if (targets == null) {
            return new Failure(
                    Faults.noTargets(slot.name(), slot.point(), HookResultKind.REDIRECT, operation.kind()), true);
        }
        List<String> hops = caller.lineage().redirects();
        String hop = hop(target);
        if (hops.size() >= MOST_REDIRECTS || hops.contains(hop) || hop.equals(hop(component.name()))) {
            return new Failure(
                    Faults.redirectLoop(slot.name(), slot.point(), hops, hop(component.name()), target), true);
        }
        detour().target = target;
        detour().point = slot.point();
        answered = true;
        if (!phase.before()) {
            redirectNow(slot);
        }
        return null;
    }

    private String hop(String name) {
        return operation.kind().id() + "/" + name;
    }

    /** Starts the peer that was named, on the output if there is one, else on the input. */
    final Mono<Outcome> startTarget() {
        String target = Objects.requireNonNull(detour().target);
        detour().target = null;
        OperationTargets targets = Objects.requireNonNull(gate.targets(operation.kind()));
        O present = output;
        Object subject = present == null
                ? operation.view().exactInput(input)
                : operation.view().exactOutput(present);
        Caller onward = caller.within(id()).with(caller.lineage().redirect(hop(component.name())));
        return targets.start(operation.kind(), target, subject, onward);
    }

    /** The peer of a redirect after the body, or on its error, failed. */
    final void targetFailed(LlmSpellException problem) {
        LlmSpellException present = error;
        if (phase.onError() && present != null) {
            answered = false;
            present.addSuppressed(problem);
        } else {
            refuse(problem);
        }
    }

    /** Ends at once, after a fault of the gate. */
    final void broken(LlmSpellException fault) {
        if (detour != null) {
            detour.again = false;
        }
        withdraw();
        error = fault;
        end();
    }

    /** Waits for the peer while the hooks of the stage wait. */
    abstract void redirectNow(Slot.HookSlot<I> slot);

    private @Nullable Failure retry(Slot.HookSlot<I> slot, HookResult.Retry retry) {
        Detour present = detour();
        long delayed = present.delayedBy(retry.delay());
        String limit = null;
        int most = Math.min(retry.maxAttempts(), MOST_RUNS);
        if (attempt >= most) {
            limit = "it may run " + most + " times in all";
        } else if (delayed > gate.maxDelayNanos()) {
            limit = "it may be delayed by " + Duration.ofNanos(gate.maxDelayNanos()) + " in all";
        } else if (!phase.before() && !gate.retries().take(gate.time().nanos())) {
            limit = "the retry budget of the runtime is used up at present";
        }
        if (limit != null) {
            retriesUsedUp(Faults.retriesUsedUp(slot.name(), slot.point(), component, limit));
            return null;
        }
        present.delayedNanos = delayed;
        present.delay = retry.delay();
        present.again = true;
        join(Phase.LAST);
        return null;
    }

    private void retriesUsedUp(LlmSpellException remark) {
        LlmSpellException present = error;
        if (phase.onError() && present != null) {
            present.addSuppressed(remark);
        } else {
            refuse(remark);
        }
    }

    private @Nullable Failure fork(Slot.HookSlot<I> slot, List<ForkOperation> operations) {
        int depth = caller.lineage().forks();
        if (depth >= Forks.DEEPEST) {
            return new Failure(
                    LimitException.exceeded(
                            "forks", Forks.DEEPEST + " forks", component + " runs beside forks that fork again"),
                    true);
        }
        for (ForkOperation each : operations) {
            if (gate.targets(each.kind()) == null) {
                return new Failure(Faults.noTargets(slot.name(), slot.point(), HookResultKind.FORK, each.kind()), true);
            }
        }
        Forks beside = forks == null ? new Forks() : forks;
        Caller onward = caller.within(id()).with(caller.lineage().fork());
        try {
            beside.start(
                    operations,
                    each -> Objects.requireNonNull(gate.targets(each.kind()))
                            .start(each.kind(), each.target(), each.input(), onward));
        } catch (LlmSpellException wrong) {
            return new Failure(wrong, false);
        }
        forks = beside;
        if (phase.after()) {
            detour().forkers.add(slot.hook());
        }
        return null;
    }

    private @Nullable Failure cache(Slot.HookSlot<I> slot, HookResult.Cache cache) {
        Object key = cache.key() == null ? operation.view().input(input) : cache.key();
        ResultCache.Key full = new ResultCache.Key(
                operation.kind(), component, caller.principal().text(), key);
        O present = output;
        Outcome fill = cache.fill();
        try {
            if (fill != null) {
                gate.cache().put(full, JsonValues.checked(fill.json(), limits()), cache.ttl());
            } else if (present != null) {
                gate.cache().put(full, operation.view().exactOutput(present), cache.ttl());
            }
        } catch (LlmSpellException wrong) {
            return new Failure(wrong, false);
        }
        if (!phase.before()) {
            return null;
        }
        Outcome fresh = gate.cache().get(full);
        if (fresh != null) {
            return replace(slot, fresh.json());
        }
        detour().key = full;
        detour().ttl = cache.ttl();
        return null;
    }

    private void keep(O given) {
        Detour present = detour;
        if (present != null && present.key != null) {
            present.kept = new Outcome(operation.view().exactOutput(given));
        }
    }

    final JsonLimits limits() {
        return operation.kind() == OperationKind.TOOL_CALL ? JsonLimits.TOOL : JsonLimits.VALUE;
    }

    // ---- what each failure does ----

    final void failed(Slot.HookSlot<I> slot, Failure failure) {
        if (caller.token().isCancelled() && stopped == null) {
            stop(new CancelledException(component.toString()));
            return;
        }
        LlmSpellException problem = failure.problem();
        if (!slot.guard()) {
            if (slot.closed()) {
                gate.listeners().guardFailed(slot.hook().info(), component, caller, problem);
            }
            observerFailed(slot, problem);
        } else {
            guardRefuses(slot, guardFailed(slot, failure));
        }
    }

    private void guardRefuses(Slot.HookSlot<I> slot, LlmSpellException why) {
        gate.listeners().refused(slot.hook().info(), component, caller, why);
        if (phase.onError()) {
            errorGoesOn(why);
        } else {
            refuseForGood(why);
        }
    }

    private LlmSpellException guardFailed(Slot.HookSlot<I> slot, Failure failure) {
        return failure.told()
                ? failure.problem()
                : Faults.hookFailed(slot.name(), slot.point(), component, failure.problem());
    }

    /** A hook could not start: an observer is passed over, a guard refuses. */
    final void notStarted(Slot.HookSlot<I> slot, LlmSpellException why) {
        if (slot.guard()) {
            failed(slot, new Failure(why, false));
        } else {
            LOG.debug(
                    "hook \"{}\" did not run at {} of {}: {}",
                    slot.name(),
                    slot.point(),
                    component,
                    LogText.masked(why.text()));
        }
    }

    /** Says that around-hooks enclose the operation; they close its context when they are done. */
    final void enclosed() {
        enclosed = true;
    }

    final void observerFailed(Slot.HookSlot<I> slot, LlmSpellException problem) {
        switch (slot.hook().guard().policy()) {
            case QUARANTINE -> {
                gate.table().quarantine(slot.hook());
                LOG.warn(
                        "hook \"{}\" failed at {} of {} and is disabled",
                        slot.name(),
                        slot.point(),
                        component,
                        LogText.maskedError(problem));
            }
            default ->
                LOG.warn(
                        "hook \"{}\" failed at {} of {}",
                        slot.name(),
                        slot.point(),
                        component,
                        LogText.maskedError(problem));
        }
    }
}

package io.llmspell.hooks;

import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.AroundHook;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.Outcome;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One around-hook of one running operation, with everything that it encloses.
 *
 * <p>The hook has its deadline twice: until it hands the operation on, and from the end of the operation until it gives
 * its outcome; the time between is not its own. If it fails open before it hands the operation on, the operation runs
 * without it; if the operation has run, its outcome stands. Once the hook has given its outcome or failed, it can no
 * longer hand the operation on.
 */
final class AroundStage<I, O> {
    /** What a guard can say when it is asked once more. */
    private static final Set<HookResultKind> ONCE_MORE = Set.of(HookResultKind.CONTINUE, HookResultKind.CANCEL);

    private final Pass<I, O> pass;
    private final Slot.HookSlot<I> slot;
    private final Mono<Outcome> enclosed;

    /** Whether the hook is a guard that judges once more what a hook further out has changed. */
    private final boolean again;

    private final HookGuard guard;
    private final long began;
    private final OwnThread own;
    private int ticket;
    private final AtomicBoolean handedOn = new AtomicBoolean();

    /** Whether the hook has given its outcome or failed: what comes first counts. */
    private final AtomicBoolean ended = new AtomicBoolean();

    /** How the operation itself ended, once it was handed on. */
    private final CompletableFuture<Outcome> rest = new CompletableFuture<>();

    /** What comes out with the hook around it. */
    private final CompletableFuture<Outcome> result = new CompletableFuture<>();

    private volatile long restNanos;

    /** The time of operations that the hook made before it handed the operation on. */
    private volatile long nestedBefore;

    private volatile Handle deadline = Handle.noop();

    private AroundStage(Pass<I, O> pass, Slot.HookSlot<I> slot, Mono<Outcome> enclosed, boolean again) {
        this.pass = pass;
        this.slot = slot;
        this.enclosed = enclosed;
        this.again = again;
        this.guard = slot.hook().guard();
        this.own = new OwnThread(guard, pass.gate);
        this.began = pass.gate.time().nanos();
    }

    /** The operation with the hook around it. */
    static <I, O> Mono<Outcome> of(Pass<I, O> pass, Slot.HookSlot<I> slot, Mono<Outcome> enclosed) {
        return Mono.defer(() -> new AroundStage<>(pass, slot, enclosed, false).begin());
    }

    /** The answer of a hook further out with a guard around it, which may let it pass or refuse. */
    static <I, O> Mono<Outcome> again(Pass<I, O> pass, Slot.HookSlot<I> slot, Mono<Outcome> enclosed) {
        return Mono.defer(() -> new AroundStage<>(pass, slot, enclosed, true).begin());
    }

    private Mono<Outcome> begin() {
        ticket = guard.start(began);
        if (ticket == HookGuard.REFUSED) {
            LlmSpellException why = Faults.notStarted(slot.name(), slot.point(), "its circuit breaker is open");
            return slot.guard() ? Mono.error(refused(why)) : enclosed;
        }
        pass.enter(slot, began + guard.deadlineNanos());
        pass.startsAround(slot);
        armDeadline();
        CompletableFuture<Outcome> given;
        own.enter();
        try {
            given = answer().toFuture();
        } finally {
            own.leave();
        }
        CompletableFuture<Outcome> unused = given.whenComplete(this::gave);
        CompletableFuture<Outcome> unusedToo = result.whenComplete((outcome, failure) -> given.cancel(true));
        return Mono.fromFuture(result, true).doOnCancel(this::unwanted);
    }

    /** The caller wants the operation no more; that says nothing about the hook. */
    private void unwanted() {
        if (ended.compareAndSet(false, true)) {
            deadline.close();
            guard.notStarted(ticket, pass.gate.time().nanos());
        }
        handedOn.set(true);
        rest.cancel(true);
        result.cancel(true);
    }

    private Mono<Outcome> answer() {
        try {
            AroundHook hook = ((HookCode.Around) slot.hook().code()).hook();
            return Objects.requireNonNull(hook.around(pass, Mono.defer(this::handOn)), "around-hooks give a Mono");
        } catch (Throwable failure) { // errors too: no failure of a hook may take the operation with it
            return Mono.error(failure);
        }
    }

    private void armDeadline() {
        deadline = pass.gate.watchdog().watch(result, pass.gate.time().nanos() + guard.deadlineNanos(), this::late);
    }

    private Mono<Outcome> handOn() {
        own.leave();
        if (!handedOn.compareAndSet(false, true)) {
            return Mono.error(new InvalidStateException("around-hook \"" + slot.name() + "\" at " + slot.point()
                    + " subscribed to the rest of the operation twice or too late; it may do so once, until it has"
                    + " given its outcome or failed"));
        }
        deadline.close();
        runRest();
        return Mono.fromFuture(rest, true).doOnCancel(this::letGo);
    }

    /** The hook gives up what it encloses, unless it has ended itself and is let go. */
    private void letGo() {
        if (!ended.get()) {
            rest.completeExceptionally(new CancelledException(pass.component.toString()));
        }
    }

    private void runRest() {
        long handed = pass.gate.time().nanos();
        nestedBefore = pass.nestedNanos(handed);
        CompletableFuture<Outcome> running = enclosed.toFuture();
        CompletableFuture<Outcome> unused = running.whenComplete((outcome, failure) -> {
            long now = pass.gate.time().nanos();
            restNanos = now - handed;
            if (ended.get()) {
                complete(rest, outcome, failure);
                return;
            }
            pass.enter(slot, now + guard.deadlineNanos());
            armDeadline();
            own.enter();
            try {
                complete(rest, outcome, failure);
            } finally {
                own.leave();
            }
        });
        CompletableFuture<Outcome> unusedToo = rest.whenComplete((outcome, failure) -> {
            running.cancel(true); // only a rest that was given up finds it running
        });
    }

    private static void complete(
            CompletableFuture<Outcome> future, @Nullable Outcome outcome, @Nullable Throwable failure) {
        if (failure != null) {
            future.completeExceptionally(unwrap(failure));
        } else if (outcome != null) {
            future.complete(outcome);
        }
    }

    private void late() {
        if (ended.compareAndSet(false, true)) {
            own.cut();
            failed(Faults.late(slot.name(), slot.point(), guard.deadlineNanos()));
        }
    }

    @SuppressWarnings("ReferenceEquality") // an equal outcome that is another object came from the hook
    private void gave(@Nullable Outcome outcome, @Nullable Throwable failure) {
        deadline.close();
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        Settled<Outcome> ran = rest.isDone() ? Settled.of(rest) : new Settled<>(null, null);
        if (outcome != null) {
            gave(outcome, outcome != ran.value());
        } else if (failure == null) {
            failed(Faults.noResult(slot.name(), slot.point()));
        } else if (ran.error() != null && unwrap(failure) == unwrap(ran.error())) {
            passOn(HookResult.proceed(), null, unwrap(failure));
        } else {
            failed(Faults.ofHook(slot.name(), slot.point(), unwrap(failure)));
        }
    }

    private void gave(Outcome outcome, boolean changed) {
        if (!changed) {
            passOn(HookResult.proceed(), outcome, null);
            return;
        }
        if (again) {
            failed(Faults.notAllowed(slot.name(), slot.point(), HookResultKind.REPLACE, ONCE_MORE));
            return;
        }
        try {
            pass.answer(slot.point(), outcome.json());
        } catch (Throwable unfit) {
            failed(Faults.coded(pass.component, unfit));
            return;
        }
        pass.changedAround(slot);
        passOn(HookResult.replace(outcome.json()), outcome, null);
    }

    private void passOn(HookResult gave, @Nullable Outcome outcome, @Nullable Throwable failure) {
        pass.reportAround(slot, ticket, gave, null, tookNanos(), ownNanos());
        handedOn.set(true);
        complete(result, outcome, failure);
        rest.cancel(true);
    }

    private static Throwable unwrap(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    /** The time of the hook without what it encloses. */
    private long tookNanos() {
        return pass.gate.time().nanos() - began - restNanos;
    }

    /** The same without operations that it has made: that is their time. */
    private long ownNanos() {
        long made = nestedBefore + pass.nestedNanos(pass.gate.time().nanos());
        return Math.max(0, tookNanos() - made);
    }

    /** The hook failed: what it encloses goes on without it, unless it must not fail. */
    private void failed(LlmSpellException problem) {
        pass.reportAround(slot, ticket, null, problem, tookNanos(), ownNanos());
        boolean first = handedOn.compareAndSet(false, true);
        if (slot.guard()) {
            result.completeExceptionally(refused(problem));
            rest.cancel(true);
            return;
        }
        pass.observerFailed(slot, problem);
        CompletableFuture<Outcome> unused = rest.whenComplete((outcome, failure) -> complete(result, outcome, failure));
        if (first) {
            runRest();
        }
    }

    /** What the caller is told if a guard refuses; the listeners and the hooks further out are told as well. */
    private LlmSpellException refused(LlmSpellException problem) {
        LlmSpellException told = Faults.hookFailed(slot.name(), slot.point(), pass.component, problem);
        pass.refusedAround(slot, told);
        return told;
    }
}

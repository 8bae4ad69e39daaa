package io.llmspell.hooks;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.Outcome;
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
 * without it; if the operation has run, its outcome stands.
 */
final class AroundStage<I, O> {
    private final Pass<I, O> pass;
    private final Slot.HookSlot<I> slot;
    private final Mono<Outcome> enclosed;
    private final HookGuard guard;
    private final long began;
    private int ticket;
    private final AtomicBoolean handedOn = new AtomicBoolean();

    /** How the operation itself ended, once it was handed on. */
    private final CompletableFuture<Outcome> rest = new CompletableFuture<>();

    /** What comes out with the hook around it. */
    private final CompletableFuture<Outcome> result = new CompletableFuture<>();

    private volatile long restNanos;
    private volatile Handle deadline = Handle.noop();

    private AroundStage(Pass<I, O> pass, Slot.HookSlot<I> slot, Mono<Outcome> enclosed) {
        this.pass = pass;
        this.slot = slot;
        this.enclosed = enclosed;
        this.guard = slot.hook().guard();
        this.began = pass.gate.time().nanos();
    }

    /** The operation with the hook around it. */
    static <I, O> Mono<Outcome> of(Pass<I, O> pass, Slot.HookSlot<I> slot, Mono<Outcome> enclosed) {
        return Mono.defer(() -> new AroundStage<>(pass, slot, enclosed).begin());
    }

    private Mono<Outcome> begin() {
        ticket = guard.start(began);
        if (ticket == HookGuard.REFUSED) {
            LlmSpellException why = Faults.notStarted(slot.name(), slot.point(), "its circuit breaker is open");
            return slot.guard()
                    ? Mono.error(Faults.hookFailed(slot.name(), slot.point(), pass.component, why))
                    : enclosed;
        }
        pass.enter(slot, began + guard.deadlineNanos());
        armDeadline();
        CompletableFuture<Outcome> given = answer().toFuture();
        given.whenComplete(this::gave);
        return Mono.fromFuture(result).doOnCancel(() -> {
            given.cancel(true);
            rest.cancel(true);
        });
    }

    private Mono<Outcome> answer() {
        try {
            return ((HookCode.Around) slot.hook().code()).hook().around(pass, Mono.defer(this::handOn));
        } catch (Throwable failure) { // errors too: no failure of a hook may take the operation with it
            return Mono.error(failure);
        }
    }

    private void armDeadline() {
        deadline = pass.gate.watchdog().watch(result, pass.gate.time().nanos() + guard.deadlineNanos(), this::late);
    }

    private Mono<Outcome> handOn() {
        if (!handedOn.compareAndSet(false, true)) {
            return Mono.error(new InvalidStateException("around-hook \"" + slot.name() + "\" at " + slot.point()
                    + " subscribed to the rest of the operation twice; it may do so once"));
        }
        deadline.close();
        runRest();
        return Mono.fromFuture(rest, true);
    }

    private void runRest() {
        long handed = pass.gate.time().nanos();
        CompletableFuture<Outcome> running = enclosed.toFuture();
        running.whenComplete((outcome, failure) -> {
            restNanos = pass.gate.time().nanos() - handed;
            if (!result.isDone()) {
                armDeadline();
            }
            complete(rest, outcome, failure);
        });
        rest.whenComplete((outcome, failure) -> running.cancel(true)); // only a cancelled rest finds it running
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
        failed(Faults.late(slot.name(), slot.point(), guard.deadlineNanos()));
    }

    private void gave(@Nullable Outcome outcome, @Nullable Throwable failure) {
        deadline.close();
        Settled<Outcome> ran = rest.isDone() ? Settled.of(rest) : new Settled<>(null, null);
        if (outcome != null) {
            boolean changed = outcome != ran.value();
            ended(changed ? HookResult.replace(outcome.json()) : HookResult.proceed(), outcome, null);
        } else if (failure == null) {
            failed(Faults.noResult(slot.name(), slot.point()));
        } else if (ran.error() != null && unwrap(failure) == unwrap(ran.error())) {
            ended(HookResult.proceed(), null, unwrap(failure));
        } else {
            failed(Faults.ofHook(slot.name(), slot.point(), unwrap(failure)));
        }
    }

    private void ended(HookResult gave, @Nullable Outcome outcome, @Nullable Throwable failure) {
        if (!result.isDone()) {
            pass.reportAround(slot, ticket, gave, null, ownNanos());
            complete(result, outcome, failure);
        }
    }

    private static Throwable unwrap(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    private long ownNanos() {
        return pass.gate.time().nanos() - began - restNanos;
    }

    /** The hook failed: what it encloses goes on without it, unless it must not fail. */
    private void failed(LlmSpellException problem) {
        if (result.isDone()) {
            return;
        }
        pass.reportAround(slot, ticket, null, problem, ownNanos());
        if (slot.guard()) {
            result.completeExceptionally(Faults.hookFailed(slot.name(), slot.point(), pass.component, problem));
            rest.cancel(true);
            return;
        }
        pass.observerFailed(slot, problem);
        rest.whenComplete((outcome, failure) -> complete(result, outcome, failure));
        if (handedOn.compareAndSet(false, true)) {
            runRest();
        }
    }
}

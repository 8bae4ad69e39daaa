package io.llmspell.hooks;

import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.InternalException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.AsyncBody;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.hook.ReactiveHook;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.json.JsonValues;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Fuseable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Drives one operation through its plan.
 *
 * <p>A loop that can be left and entered again: {@link #advance} runs until the operation has ended or waits for a
 * future; whoever drives it waits in its own way and calls it again. {@link #call} waits through the awaiter,
 * {@link AsyncRun} goes on when the future completes. Hooks, checks and body run in {@code advance}, without a lock.
 */
final class Pass<I, O> extends Course<I, O> {
    private static final long NO_STAMP = Long.MIN_VALUE;

    /** What the operation waits for, and what goes on then. */
    private @Nullable CompletableFuture<?> pending;

    private @Nullable Consumer<Settled<?>> onward;

    /** The hook whose answer is pending. */
    private Slot.@Nullable HookSlot<I> pendingSlot;

    /** What the present hook sees if it runs on a thread of its own. */
    private @Nullable SnapshotContext apart;

    /** Whether the body itself is pending; it obeys the caller's token and deadline by itself. */
    private boolean bodyPending;

    /** What the present hook saw, for listeners only. */
    private @Nullable Sighting<I, O> sighting;

    /** The last reading of the clock, if nothing but hooks ran since; each hook begins where the one before ended. */
    private long stamp;

    /** Of the thread that drives the operation, or drove it last. */
    private Lane lane;

    /** When the present hook began, and what admitted it. */
    private long began;

    private int ticket;

    /** The chain of hooks that listeners are being told of; null if nobody listens. */
    private @Nullable ChainNews chain;

    /** The context of a reactive call, null for one that may block. */
    private @Nullable ContextView reactive;

    /** The outermost hook around the operation that gave another outcome. */
    private volatile Slot.@Nullable HookSlot<I> changedAround;

    /** The refusal of a guard around the operation; on any thread, since around-hooks end anywhere. */
    private volatile @Nullable LlmSpellException refusedAround;

    /** Set by another thread to end a reactive call before its body. */
    private volatile @Nullable LlmSpellException stopRequest;

    Pass(GateImpl gate, Operation<I, O> operation, Plan<I> plan, Component component, I input, Caller caller) {
        super(gate, operation, plan, component, input, caller);
        this.stamp = plan.around().isEmpty() ? startedNanos() : NO_STAMP;
        this.lane = gate.watchdog().lane();
    }

    /**
     * Refuses a pass within too many hooks of its thread, whoever it says that it is called by: a hook may call on behalf
     * of somebody else than its operation, and so call itself for ever.
     */
    void checkNesting() {
        if (lane.depth() > gate.maxDepth()) {
            throw gate.tooDeep(component(), lane.running());
        }
    }

    /** The number of the thread that made the pass, for what is kept in stripes. */
    int stripe() {
        return lane.stripe();
    }

    /** The lane of the present thread. */
    private Lane lane() {
        Lane present = lane;
        if (!present.here()) { // the drive went on elsewhere
            present = gate.watchdog().lane();
            lane = present;
        }
        return present;
    }

    private long stamp() {
        return stamp == NO_STAMP ? gate.time().nanos() : stamp;
    }

    /** Runs the operation on this thread. */
    O call() {
        for (CompletableFuture<?> wait = advance(); wait != null; wait = advance()) {
            try {
                gate.awaiter().await(wait, caller.deadlineNanos(), caller.token());
            } catch (Throwable failure) { // the future's own failure is read from it; here the wait itself may fail
                if (!wait.isDone()) {
                    abandon(InternalException.coded("a wait of " + component, failure));
                }
            }
        }
        LlmSpellException thrown = error;
        if (thrown != null) {
            throw thrown;
        }
        return Faults.output(output, component);
    }

    /** An answer in place of the operation's own output, as the operation's owner reads it. */
    O answer(HookPoint point, @Nullable Object json) {
        return operation.view().answer(point, input, JsonValues.checked(json, limits()));
    }

    /**
     * What asks the promises and guards that have not agreed to an answer from around the operation.
     *
     * @param answer the answer
     * @param ended whether this pass has ended; if not, nobody has agreed to anything
     * @throws LlmSpellException the error of this pass or the refusal of a guard around it, if no hook may rescue it
     */
    Pass<I, O> answering(O answer, boolean ended) {
        LlmSpellException refused = refusedAround;
        if (refused != null) {
            throw refused;
        }
        LlmSpellException last = error;
        if (ended && last != null && isSealed()) {
            throw last;
        }
        Pass<I, O> asking = new Pass<>(gate, operation, plan, component, ended ? input : original, caller);
        asking.answeredAround(answer, ended ? this : null);
        return asking;
    }

    /** Says that the call is reactive; to be called before it begins. */
    void reactive(ContextView context) {
        this.reactive = context;
    }

    /** Whether a hook of the operation may block its thread. */
    boolean blocks() {
        return plan.blocks();
    }

    /** Whether the operation waits for something that the caller's token and deadline must end from here. */
    boolean waitsGuarded() {
        return pending != null && !bodyPending;
    }

    /** Asks the operation to end before its body; safe from any thread. */
    void requestStop(LlmSpellException reason) {
        stopRequest = reason;
    }

    /**
     * Goes on until the operation has ended or must wait.
     *
     * @return what to wait for, null at the end
     */
    @Nullable CompletableFuture<?> advance() {
        try {
            resume();
            while (phase != Phase.DONE && pending == null) {
                step();
            }
        } catch (Throwable fault) { // a fault of the gate itself; the actions at the end run all the same
            broken(InternalException.coded("the gate of " + component, fault));
        }
        if (chain != null && phase == Phase.DONE) {
            endChain();
        }
        return pending;
    }

    private void step() {
        if (chain != null && !chain.in(phase)) {
            endChain();
        }
        switch (phase) {
            case BEFORE, BEFORE_AGAIN -> walk(plan.before());
            case BODY -> body();
            case REDIRECTED -> redirected();
            case JOIN -> await(Objects.requireNonNull(forks).ended(), ended -> joined());
            case AFTER, AFTER_AGAIN -> walk(plan.after());
            case ERROR, ERROR_AGAIN -> walk(plan.error());
            case LAST -> walk(plan.last());
            case PAUSE -> pause();
            case DONE -> end();
        }
    }

    private void walk(Slots<I> slots) {
        Phase here = phase;
        int end = here.again() ? changedAt : slots.size();
        while (next < end) {
            if (stopped()) {
                return;
            }
            Slot<I> slot = slots.get(next++);
            if (slot instanceof Slot.HookSlot<I> hook) {
                if (here.again() ? due(hook) : hook.guard() || !answered) {
                    fire(hook);
                }
            } else if (slot instanceof Slot.CheckSlot<I> check && !here.again()) {
                if (!answered || check.check().promise()) {
                    check(check);
                    stamp = NO_STAMP;
                }
            }
            if (phase != here || pending != null) {
                return;
            }
        }
        stageEnded();
    }

    /** Before the body: whether the caller has stopped the operation. What the body has done stands. */
    private boolean stopped() {
        if (!phase.before() && phase != Phase.BODY && phase != Phase.REDIRECTED) {
            return false;
        }
        LlmSpellException request = stopRequest;
        if (request == null && caller.token().isCancelled()) {
            request = new CancelledException(component.toString());
        }
        if (request != null) {
            stop(request);
        }
        return request != null;
    }

    private void body() {
        if (stopped()) {
            return;
        }
        AsyncBody<I, O> async = reactive == null ? null : operation.asyncBody();
        bodyBegins(stamp());
        try {
            Caller inner = operation.encloses() ? caller.within(id()) : caller;
            if (async != null) {
                bodyPending = true;
                await(future(async.run(input, inner)), this::bodyEnded);
            } else {
                int weight = plan.after().isEmpty() ? cell().weight() : 1; // after-hooks need the clock anyway
                O given = operation.body().run(input, inner);
                bodyReturned(weight);
                bodyGave(given);
            }
        } catch (Throwable failure) {
            stamp = gate.time().nanos();
            bodyEnds(stamp);
            refuse(Faults.coded(component, failure));
        }
    }

    private void bodyReturned(int weight) {
        if (weight == 0) {
            bodyUntimed();
            stamp = NO_STAMP;
        } else {
            stamp = gate.time().nanos();
            bodyEnds(stamp, weight);
        }
    }

    private <T> CompletableFuture<T> future(Mono<T> mono) {
        return inContext(mono).toFuture();
    }

    private <T> Mono<T> inContext(Mono<T> mono) {
        ContextView context = reactive;
        return context == null || context.isEmpty() ? mono : mono.contextWrite(context);
    }

    private void redirected() {
        if (stopped()) {
            return;
        }
        try {
            await(future(startTarget()), this::targetEnded);
        } catch (Throwable failure) {
            refuse(Faults.coded(component, failure));
        }
    }

    private void targetEnded(Settled<?> ended) {
        Throwable failure = ended.error();
        try {
            if (failure == null) {
                targetGave((Outcome) ended.value());
                return;
            }
        } catch (Throwable unfit) {
            failure = unfit;
        }
        refuse(Faults.coded(component, failure));
    }

    @Override
    void redirectNow(Slot.HookSlot<I> slot) {
        try {
            await(future(startTarget()), ended -> redirectedNow(slot, ended));
        } catch (Throwable failure) {
            targetFailed(Faults.coded(component, failure));
        }
    }

    private void redirectedNow(Slot.HookSlot<I> slot, Settled<?> ended) {
        LlmSpellException problem = null;
        if (ended.value() instanceof Outcome outcome) {
            Failure unfit = replace(slot, outcome.json());
            problem = unfit == null ? null : unfit.problem();
        } else {
            Throwable failure = ended.error();
            problem = failure == null ? Faults.noOutput(component) : Faults.coded(component, failure);
        }
        if (problem != null) {
            targetFailed(problem);
        }
    }

    /** Waits until the next attempt may begin. */
    private void pause() {
        Duration delay = detour().delay;
        if (delay.isZero()) {
            paused();
            return;
        }
        CompletableFuture<@Nullable Void> over = new CompletableFuture<>();
        Handle timer = gate.time().schedule(delay, () -> {
            if (reactive != null && gate.time().isTimerThread()) { // the call goes on where this completes
                gate.resume().execute(() -> over.complete(null));
            } else {
                over.complete(null);
            }
        });
        await(over, ended -> {
            timer.close();
            paused();
        });
    }

    private void await(CompletableFuture<?> future, Consumer<Settled<?>> then) {
        pending = future;
        onward = then;
    }

    private void resume() {
        CompletableFuture<?> done = pending;
        if (done == null) {
            return; // the first call: the clock was read when the operation was made
        }
        Consumer<Settled<?>> then = onward;
        letGo();
        stamp = NO_STAMP;
        if (then != null) {
            then.accept(Settled.of(done));
        }
    }

    @SuppressWarnings("unchecked") // the value of a future of the body
    private void bodyEnded(Settled<?> ended) {
        stamp = gate.time().nanos();
        bodyEnds(stamp);
        Throwable failure = ended.error();
        try {
            if (failure == null) {
                bodyGave((O) ended.value());
                return;
            }
        } catch (LlmSpellException empty) {
            failure = empty;
        }
        refuse(Faults.coded(component, failure));
    }

    private Slot.@Nullable HookSlot<I> letGo() {
        Slot.HookSlot<I> slot = pendingSlot;
        pending = null;
        onward = null;
        pendingSlot = null;
        bodyPending = false;
        return slot;
    }

    /** Lets go of what the operation waits for, because its caller waits no longer. */
    void abandon(LlmSpellException reason) {
        CompletableFuture<?> wait = pending;
        Slot.HookSlot<I> slot = letGo();
        if (wait != null) {
            wait.cancel(true);
        }
        if (apart != null) {
            apart.mergeInto(this, false);
            apart = null;
        }
        if (slot != null) {
            slot.hook().guard().notStarted(ticket, gate.time().nanos());
            report(slot, null, reason, gate.time().nanos() - began);
        }
        stamp = NO_STAMP;
        stop(reason);
    }

    private void fire(Slot.HookSlot<I> slot) {
        if (!operation.view().passes(slot.point(), input, error)) {
            return;
        }
        HookGuard guard = slot.terms();
        long now = stamp();
        int admitted = guard.start(now);
        if (admitted == HookGuard.REFUSED) {
            if (slot.guard()) { // for all others an exception would cost ten times what the open breaker saves
                unstarted(slot, Faults.notStarted(slot.name(), slot.point(), "its circuit breaker is open"));
            }
            return;
        }
        ticket = admitted;
        began = now;
        enter(slot, now + guard.deadlineNanos());
        if (!gate.listeners().isEmpty()) {
            starts(slot);
        }
        Hook here = slot.here();
        if (here != null) {
            runHere(slot, guard, here);
        } else if (slot.hook().code() instanceof HookCode.Reactive later) {
            runReactive(slot, guard, later.hook());
        } else {
            runApart(slot, ((HookCode.Direct) slot.hook().code()).hook());
        }
    }

    /** Tells listeners that a hook runs, and that it is the first of its point. */
    private void starts(Slot.HookSlot<I> slot) {
        sighting = new Sighting<>(input, shownOutput());
        ChainNews present = chain;
        if (present == null || !present.at(slot.point(), phase)) {
            endChain();
            HookChain begins =
                    new HookChain(slot.point(), operation.kind(), component, caller, plan.hooksAt(slot.point()));
            chain = new ChainNews(begins, phase);
            gate.listeners().chainStarts(begins);
        }
        gate.listeners().starts(run(slot));
    }

    private void endChain() {
        ChainNews ended = chain;
        chain = null;
        if (ended != null) {
            gate.listeners().chainEnded(ended.chain(), ended.results());
        }
    }

    private HookRun run(Slot.HookSlot<I> slot) {
        return new HookRun(slot.hook().info(), operation.kind(), component, caller);
    }

    /** Says that an around-hook runs. */
    void startsAround(Slot.HookSlot<I> slot) {
        if (!gate.listeners().isEmpty()) {
            gate.listeners().starts(run(slot));
        }
    }

    /** Runs a hook on this thread; one in a script is cut by its interpreter, all others by the watchdog. */
    private void runHere(Slot.HookSlot<I> slot, HookGuard guard, Hook hook) {
        Lane here = lane();
        Watch watch = slot.watched() ? gate.watchdog().arm(here, guard, began) : null;
        HookResult result = null;
        Throwable thrown = null;
        try {
            result = hook.execute(this);
        } catch (Throwable failure) { // errors too: no failure of a hook may take the operation with it
            thrown = failure;
        }
        boolean late = watch != null && watch.disarm();
        long now = gate.time().nanos();
        long took = watch == null ? now - began : gate.watchdog().took(watch, now);
        stamp = now;
        if (late) {
            settle(slot, null, Faults.late(slot.name(), slot.point(), guard.deadlineNanos()), took);
        } else if (result == HookResult.Continue.INSTANCE && sighting == null) {
            long own = Math.max(0, took - nestedNanos(now));
            hookNanos += own;
            guard.gave(ticket, took, HookResultKind.CONTINUE, now, here.stripe());
            cell().hook(guard, own, next - 1);
        } else {
            settle(slot, result, thrown, took);
        }
    }

    private void runApart(Slot.HookSlot<I> slot, Hook hook) {
        SnapshotContext context;
        IsolatedRun run;
        try {
            context = SnapshotContext.of(SnapshotContext.freeze(this, gate.time()));
            run = gate.isolated()
                    .run(slot.name(), () -> hook.execute(context), reactive == null ? Runnable::run : gate.resume());
        } catch (Throwable failure) { // no thread is free, or the owner's view of its operation failed
            settle(slot, null, failure, 0);
            return;
        }
        apart = context;
        awaitHook(slot, run, answered -> {
            apart = null;
            context.mergeInto(this, answered);
        });
    }

    private void runReactive(Slot.HookSlot<I> slot, HookGuard guard, ReactiveHook hook) {
        HookResult result = null;
        Throwable thrown = null;
        FirstSignal<HookResult> later = null;
        Watch watch = gate.watchdog().arm(guard, began);
        try {
            Mono<HookResult> answer = hook.execute(this);
            if (answer instanceof Fuseable.ScalarCallable<?> known) {
                result = (HookResult) known.call();
            } else {
                later = FirstSignal.of(inContext(answer));
            }
        } catch (Throwable failure) {
            thrown = failure;
        }
        boolean late = watch.disarm();
        if (later != null && !late) {
            Settled<HookResult> given = later.settled();
            if (given == null) {
                awaitHook(slot, later.future(), answered -> {});
                return;
            }
            result = given.value();
            thrown = given.error();
        } else if (later != null) {
            later.cancel();
        }
        long now = gate.time().nanos();
        stamp = now;
        thrown = late ? Faults.late(slot.name(), slot.point(), guard.deadlineNanos()) : thrown;
        settle(slot, result, thrown, gate.watchdog().took(watch, now));
    }

    /** Waits for the answer of a hook until its deadline. */
    private void awaitHook(Slot.HookSlot<I> slot, CompletableFuture<HookResult> answer, Consumer<Boolean> answered) {
        HookGuard guard = slot.hook().guard();
        AtomicBoolean late = new AtomicBoolean();
        long paused = gate.watchdog().pausedNanos();
        CompletableFuture<HookResult> waited = reactive == null ? waitedFor(answer) : answer;
        Handle deadline = gate.watchdog().watch(waited, began + guard.deadlineNanos(), reactive == null, () -> {
            late.set(true);
            waited.cancel(true);
        });
        pendingSlot = slot;
        await(waited, ended -> {
            deadline.close();
            long took = gate.watchdog().elapsed(began, paused, gate.time().nanos());
            answered.accept(!late.get());
            if (late.get()) {
                settle(slot, null, Faults.late(slot.name(), slot.point(), guard.deadlineNanos()), took);
            } else {
                settle(slot, (HookResult) ended.value(), ended.error(), took);
            }
        });
    }

    /** What a caller waits for who blocks: it can be given up on any thread, for nothing foreign hangs on it. */
    private CompletableFuture<HookResult> waitedFor(CompletableFuture<HookResult> answer) {
        if (answer instanceof IsolatedRun) {
            return answer;
        }
        CompletableFuture<HookResult> waited = new CompletableFuture<>();
        CompletableFuture<?> unused = answer.whenComplete((value, failure) -> {
            if (failure == null) {
                waited.complete(value);
            } else {
                waited.completeExceptionally(failure);
            }
        });
        CompletableFuture<?> unusedToo = waited.whenComplete((value, failure) -> {
            if (waited.isCancelled()) {
                gate.resume().execute(() -> answer.cancel(true));
            }
        });
        return waited;
    }

    private void settle(
            Slot.HookSlot<I> slot, @Nullable HookResult result, @Nullable Throwable thrown, long tookNanos) {
        HookGuard guard = slot.hook().guard();
        long own = ownNanos(tookNanos);
        hookNanos += own;
        LlmSpellException problem = thrown == null ? null : Faults.ofHook(slot.name(), slot.point(), thrown);
        if (problem != null && Faults.couldNotStart(slot.name(), problem)) {
            guard.notStarted(ticket, gate.time().nanos());
            unstarted(slot, problem);
            return;
        }
        Failure failure;
        if (problem != null) {
            failure = new Failure(problem, false);
        } else if (result == null) {
            failure = new Failure(Faults.noResult(slot.name(), slot.point()), true);
        } else {
            failure = apply(slot, result);
        }
        ended(slot, result, failure == null ? null : failure.problem(), tookNanos, own);
        if (failure != null) {
            failed(slot, failure);
        }
    }

    /** The time of the present hook without that of operations which it has made: that is theirs. */
    private long ownNanos(long tookNanos) {
        long now = stamp == NO_STAMP ? gate.time().nanos() : stamp;
        return Math.max(0, tookNanos - nestedNanos(now));
    }

    /** Books what a hook gave or how it failed. */
    private void ended(
            Slot.HookSlot<I> slot,
            @Nullable HookResult result,
            @Nullable LlmSpellException failure,
            long tookNanos,
            long ownNanos) {
        HookGuard guard = slot.hook().guard();
        long now = stamp == NO_STAMP ? gate.time().nanos() : stamp;
        if (failure != null) {
            guard.failed(ticket, tookNanos, failure.text(), now);
        } else if (result != null) {
            guard.gave(ticket, tookNanos, result.kind(), now);
        }
        cell().hook(guard, ownNanos, next - 1);
        report(slot, result, failure, tookNanos);
    }

    private void unstarted(Slot.HookSlot<I> slot, LlmSpellException why) {
        report(slot, null, why, 0);
        notStarted(slot, why);
    }

    private void report(
            Slot.HookSlot<I> slot, @Nullable HookResult result, @Nullable LlmSpellException failure, long tookNanos) {
        Sighting<I, O> seen = sighting;
        sighting = null;
        if (seen != null) {
            if (chain != null && result != null && failure == null) {
                chain.gave();
            }
            gate.listeners()
                    .executed(new HookExecution(
                            run(slot),
                            () -> snapshot(
                                    slot.point(), operation.view().data(slot.point(), seen.input(), seen.output())),
                            result,
                            failure,
                            Duration.ofNanos(tookNanos)));
        }
    }

    /** A hook around the operation gave another outcome; the outermost one does so last. */
    void changedAround(Slot.HookSlot<I> slot) {
        changedAround = slot;
    }

    /** The guards around the operation that have not seen the outcome which a hook further out gave. */
    List<Slot.HookSlot<I>> unaskedAround() {
        Slot.HookSlot<I> changer = changedAround;
        List<Slot.HookSlot<I>> around = plan.around();
        return around.subList(around.indexOf(changer) + 1, around.size()).stream()
                .filter(Slot.HookSlot::guard)
                .toList();
    }

    /** A guard around the operation refuses it; no hook further out can rescue it. */
    void refusedAround(Slot.HookSlot<I> slot, LlmSpellException why) {
        refusedAround = why;
        gate.listeners().refused(slot.hook().info(), component, caller, why);
    }

    /** Books one around-hook; it may do so on any thread, but only one at a time works on an operation. */
    void reportAround(
            Slot.HookSlot<I> slot,
            int admitted,
            @Nullable HookResult result,
            @Nullable LlmSpellException failure,
            long tookNanos,
            long ownNanos) {
        long now = gate.time().nanos();
        HookGuard guard = slot.hook().guard();
        if (failure == null) {
            guard.gave(admitted, tookNanos, result == null ? HookResultKind.CONTINUE : result.kind(), now);
        } else {
            guard.failed(admitted, tookNanos, failure.text(), now);
        }
        cell().hook(guard, ownNanos, 0);
        cell().more(ownNanos);
        if (!gate.listeners().isEmpty()) {
            gate.listeners()
                    .executed(new HookExecution(
                            run(slot),
                            () -> snapshot(slot.point(), operation.view().input(input)),
                            result,
                            failure,
                            Duration.ofNanos(tookNanos)));
        }
    }
}

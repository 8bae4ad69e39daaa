package io.llmspell.agents;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.CancellationSource;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One run of an agent: how it is stopped, and where it halts when it is to pause.
 *
 * <p>The thread of the run drives it. {@code wish} and {@code resumed} are handed over by compare-and-set and futures;
 * the volatile fields are written by one side and read by the other.
 */
final class AgentRun implements SafePoint {
    private final Caller caller;
    private final Awaiter awaiter;
    private final Pause pause;
    private final CancellationSource token;
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    private final AtomicReference<@Nullable Wish> wish = new AtomicReference<>();
    private volatile @Nullable CompletableFuture<@Nullable Void> resumed;
    private volatile @Nullable Thread thread;
    private volatile boolean abandoned;
    private Lifecycle.@Nullable Slot slot;

    /** Pauses the agent of the run. */
    interface Pause {
        void now(String reason, Caller caller);
    }

    /** Somebody wants the run to halt; {@code done} tells whether it did, or had ended before. */
    record Wish(String reason, Caller caller, CompletableFuture<Boolean> done) {}

    AgentRun(Caller caller, Awaiter awaiter, Lifecycle.Slot slot, Pause pause) {
        this.caller = caller;
        this.awaiter = awaiter;
        this.slot = slot;
        this.pause = pause;
        this.token = caller.token().child();
    }

    /** The caller inside the run: it can be stopped. */
    Caller caller() {
        return caller.limited(token, caller.deadlineNanos());
    }

    /** Says that the run got past its hooks; gives the slot of its start, to be left. */
    Lifecycle.@Nullable Slot begin() {
        thread = Thread.currentThread();
        return take(null);
    }

    /** Takes the slot that the run holds and puts another in its place. */
    Lifecycle.@Nullable Slot take(Lifecycle.@Nullable Slot next) {
        Lifecycle.Slot held = slot;
        slot = next;
        return held;
    }

    boolean began() {
        return thread != null;
    }

    boolean isOnThisThread() {
        return thread == Thread.currentThread();
    }

    /** Cancels the run; its state is somebody else's from now on. */
    void abandon() {
        abandoned = true;
        token.cancel();
    }

    boolean abandoned() {
        return abandoned;
    }

    CompletableFuture<@Nullable Void> ended() {
        return ended;
    }

    void end() {
        token.close();
        ended.complete(null);
        settleWish();
    }

    /** The agent works no more for this run: a wish to halt is too late. */
    void settleWish() {
        Wish late = wish.getAndSet(null);
        if (late != null) {
            late.done().complete(false);
        }
    }

    /** Asks the run to halt; wishes of several callers are one. */
    Wish wish(String reason, Caller by) {
        Wish mine = new Wish(reason, by, new CompletableFuture<>());
        Wish first = wish.updateAndGet(present -> present == null ? mine : present);
        if (ended.isDone()) {
            settleWish();
        }
        return first == null ? mine : first;
    }

    /** Whether somebody waits for the run to halt. */
    boolean isWished() {
        return wish.get() != null;
    }

    void withdraw(Wish given) {
        wish.compareAndSet(given, null);
    }

    /** Lets a halted run go on. */
    void resume() {
        CompletableFuture<@Nullable Void> waits = resumed;
        if (waits != null) {
            waits.complete(null);
        }
    }

    @Override
    public void pass(String what) {
        token.throwIfCancelled(what);
        Wish present = wish.getAndSet(null);
        if (present == null) {
            return;
        }
        CompletableFuture<@Nullable Void> waits = new CompletableFuture<>();
        resumed = waits;
        try {
            pause.now(present.reason(), present.caller());
        } catch (LlmSpellException refused) {
            present.done().completeExceptionally(refused);
            return;
        }
        present.done().complete(true);
        awaiter.await(waits, caller.deadlineNanos(), token);
    }
}

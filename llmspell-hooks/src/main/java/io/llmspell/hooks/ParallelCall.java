package io.llmspell.hooks;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.redact.LogText;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One child of a running parallel composite.
 *
 * <p>{@code outcome} is set once, by compare-and-set: by the child that ended, or by the driver that waits no longer;
 * whoever sets it books it. The driver sets {@code givenUp} before it looks at {@code stopper}, the starter sets
 * {@code stopper} before it looks at {@code givenUp}, so one of them stops the child.
 */
final class ParallelCall {
    private static final Logger LOG = LoggerFactory.getLogger(ParallelCall.class);

    final CompositeChild child;
    final SnapshotContext snapshot;
    private final CompositeEnv env;
    private final AtomicReference<@Nullable ChildOutcome> outcome = new AtomicReference<>();
    private int ticket;
    private long began;
    private long paused;

    /** Publishes the ticket and the stamps. */
    private volatile boolean begun;

    private volatile boolean givenUp;
    private volatile Runnable stopper = () -> {};

    ParallelCall(CompositeChild child, SnapshotContext snapshot, CompositeEnv env) {
        this.child = child;
        this.snapshot = snapshot;
        this.env = env;
    }

    /** Asks the breaker; if it says no the call is settled. */
    boolean begin() {
        if (outcome.get() != null) {
            return false;
        }
        long now = env.time().nanos();
        int given = child.guard().start(now);
        if (given == HookGuard.REFUSED) {
            outcome.compareAndSet(null, child.notStarted());
            return false;
        }
        ticket = given;
        began = now;
        paused = env.watchdog().pausedNanos();
        begun = true;
        return true;
    }

    long began() {
        return began;
    }

    /** Runs the child on this thread, within its deadline. */
    boolean run(Callable<HookResult> work) {
        HookResult result = null;
        Throwable thrown = null;
        Watch watch = child.watched() ? env.watchdog().arm(child.guard(), began) : null;
        try {
            result = work.call();
        } catch (Throwable failure) { // errors too: they are the child's own
            thrown = failure;
        }
        return settle(result, watch != null && watch.disarm() ? child.overran() : thrown);
    }

    /** Says how to stop it. */
    void stopper(Runnable how) {
        stopper = how;
        if (givenUp) {
            how.run();
        }
    }

    /** Takes what the child gave; false if nobody waits for it any longer. */
    boolean settle(@Nullable HookResult value, @Nullable Throwable thrown) {
        ChildOutcome ended = child.outcome(snapshot, value, thrown);
        boolean first = outcome.compareAndSet(null, ended);
        if (first) {
            book(ended);
        }
        return first;
    }

    /** The child got no thread. */
    boolean refused() {
        boolean first = outcome.compareAndSet(null, child.unavailable("was not asked, because no thread was free"));
        if (first) {
            child.guard().notStarted(ticket, env.time().nanos());
        }
        return first;
    }

    /** Waits for the child no longer; its snapshot is to be closed before it is stopped. */
    void giveUp(String why) {
        boolean runs = begun;
        ChildOutcome late =
                runs ? ChildOutcome.failed(child.late(why)) : child.unavailable("was not asked in time: it " + why);
        if (outcome.compareAndSet(null, late)) {
            givenUp = true;
            if (runs && snapshot.caller().token().isCancelled()) { // no fault of the child
                child.guard().notStarted(ticket, env.time().nanos());
            } else if (runs) {
                book(late);
            }
        }
    }

    /**
     * Runs the actions that the child left, because its operation can no longer be reached: each within the child's
     * deadline, and none keeps another from running.
     */
    void end() {
        snapshot.end(this::runAtEnd);
    }

    private void runAtEnd(Runnable action) {
        HookGuard guard = child.guard();
        Watch watch = child.watched() ? env.watchdog().arm(guard, env.time().nanos()) : null;
        Throwable failed = null;
        try {
            action.run();
        } catch (Throwable failure) { // errors too: they are the child's own
            failed = failure;
        }
        if (watch != null && watch.disarm()) {
            LlmSpellException late = Faults.lateEnd(child.options().name(), guard.deadlineNanos());
            if (failed != null) {
                late.addSuppressed(failed);
            }
            failed = late;
        }
        if (failed != null) {
            LOG.warn("an action at the end of {} failed", snapshot.component(), LogText.maskedError(failed));
        }
    }

    /** Stops the child if it was given up. */
    void stop() {
        if (givenUp) {
            stopper.run();
        }
    }

    private void book(ChildOutcome ended) {
        long now = env.time().nanos();
        child.book(ticket, ended, env.watchdog().elapsed(began, paused, now), now);
    }

    /** Whether the child itself settled the call. */
    boolean inTime() {
        return !givenUp && begun;
    }

    ChildOutcome outcome() {
        return Objects.requireNonNull(outcome.get());
    }
}

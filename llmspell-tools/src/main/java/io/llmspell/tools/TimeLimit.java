package io.llmspell.tools;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.CancellationSource;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;

/**
 * Ends a call on its own thread when its time is over: cancels the token that the tool got, then interrupts the thread.
 *
 * <p>{@code ended} is guarded by the monitor, under which nothing but the interrupt happens, so that the interrupt never
 * hits what the thread does after the call. {@code passed} is written by the timer and read by the thread of the call.
 */
final class TimeLimit implements Handle {
    private final Thread thread = Thread.currentThread();
    private final TimeSource time;
    private final CancellationSource token;
    private final Caller caller;
    private final Duration left;
    private final Handle timer;
    private final boolean interruptedBefore;
    private volatile boolean passed;
    private boolean ended;

    TimeLimit(TimeSource time, Caller outer, Duration limit) {
        long now = time.nanos();
        this.time = time;
        this.token = outer.token().child();
        this.left = shorter(limit, outer, now);
        this.caller = outer.limited(token, now + left.toNanos());
        this.interruptedBefore = thread.isInterrupted();
        this.timer = time.schedule(left, this::expire);
    }

    private static Duration shorter(Duration limit, Caller outer, long now) {
        if (outer.deadlineNanos() == Awaiter.NO_DEADLINE) {
            return limit;
        }
        long rest = Math.max(0, outer.deadlineNanos() - now);
        return rest < limit.toNanos() ? Duration.ofNanos(rest) : limit;
    }

    /** The caller inside the call: it ends with the limit. */
    Caller caller() {
        return caller;
    }

    /** How long the call may take. */
    Duration length() {
        return left;
    }

    boolean passed() {
        return passed;
    }

    /** Whether the time is over, be the timer late or not. */
    boolean over() {
        return passed || caller.deadlineNanos() - time.nanos() <= 0;
    }

    private void expire() {
        passed = true;
        token.cancel();
        synchronized (this) {
            if (!ended) {
                thread.interrupt();
            }
        }
    }

    @Override
    public void close() {
        timer.close();
        token.close();
        synchronized (this) {
            ended = true;
        }
        if (passed && !interruptedBefore) {
            Thread.interrupted(); // takes back the interrupt of this limit
        }
    }
}

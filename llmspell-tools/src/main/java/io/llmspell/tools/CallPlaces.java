package io.llmspell.tools;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Bounds how many calls of tools run at once. Who comes too many waits, first come first served, and not for ever.
 *
 * <p>A call within a call of a tool belongs to that one and takes no place, so tools that call tools cannot wait for
 * each other. <b>Threads:</b> safe; {@code free} and {@code waiting} under the lock, futures are completed outside it.
 */
final class CallPlaces {
    private static final int MOST_WAITING = 10_000;

    private final int places;
    private final Awaiter awaiter;
    private final TimeSource time;
    private final Object lock = new Object();
    private final Deque<CompletableFuture<Boolean>> waiting = new ArrayDeque<>();
    private int free;

    CallPlaces(int places, Awaiter awaiter, TimeSource time) {
        this.places = places;
        this.free = places;
        this.awaiter = awaiter;
        this.time = time;
    }

    /**
     * Takes a place.
     *
     * @param tool for messages
     * @param longest how long to wait for one
     * @param caller who waits, and until when at the latest
     * @return gives the place back
     * @throws LimitException {@code limit_exceeded} if none becomes free in time, or too many wait already
     */
    Handle take(String tool, Duration longest, Caller caller) {
        if (caller.lineage().inTool()) {
            return Handle.noop();
        }
        CompletableFuture<Boolean> turn = new CompletableFuture<>();
        boolean full;
        synchronized (lock) {
            if (free > 0) {
                free--;
                return place();
            }
            full = waiting.size() >= MOST_WAITING;
            if (!full) {
                waiting.add(turn);
            }
        }
        if (full) {
            throw none(tool, MOST_WAITING + " others wait already");
        }
        return waited(turn, tool, longest, caller);
    }

    private Handle waited(CompletableFuture<Boolean> turn, String tool, Duration longest, Caller caller) {
        long own = time.nanos() + longest.toNanos();
        boolean ownFirst = caller.deadlineNanos() == Awaiter.NO_DEADLINE || own - caller.deadlineNanos() < 0;
        try {
            awaiter.await(turn, ownFirst ? own : caller.deadlineNanos(), caller.token());
            return place();
        } catch (LlmSpellException over) {
            boolean given;
            synchronized (lock) {
                given = !waiting.removeIf(each -> each == turn);
            }
            if (given) {
                giveBack();
            }
            if (ownFirst && over instanceof LimitException) {
                throw none(tool, "none of them ended within " + longest.toMillis() + " ms");
            }
            throw over;
        }
    }

    private LimitException none(String tool, String why) {
        return LimitException.exceeded(
                "tools.max_concurrent",
                String.valueOf(places),
                "tool \"" + tool + "\" is not called, because so many calls run already and " + why
                        + "; call fewer tools at once, or raise the limit");
    }

    private Handle place() {
        AtomicBoolean held = new AtomicBoolean(true);
        return () -> {
            if (held.compareAndSet(true, false)) {
                giveBack();
            }
        };
    }

    private void giveBack() {
        CompletableFuture<Boolean> next;
        synchronized (lock) {
            next = waiting.poll();
            if (next == null) {
                free++;
            }
        }
        if (next != null) {
            next.complete(true);
        }
    }
}

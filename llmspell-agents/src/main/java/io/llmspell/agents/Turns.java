package io.llmspell.agents;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Lets the runs of one agent take turns, in the order in which they came.
 *
 * <p>Each run waits for the future of the one before it and completes its own at the end; no lock is held while a run
 * works. A run that gives up waiting passes its turn on: its future completes when the one before it does.
 *
 * <p>A thread that is in the queue already, waiting or at work, is refused: it would wait for itself. (A waiting thread
 * can come again, because an awaiter may serve callbacks meanwhile.)
 */
final class Turns {
    private static final int MOST_WAITING = 1_000;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private final AtomicReference<CompletableFuture<Void>> tail =
            new AtomicReference<>(CompletableFuture.completedFuture(null));
    private final AtomicInteger queued = new AtomicInteger();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final String agent;
    private final Awaiter awaiter;
    private final TimeSource time;

    Turns(String agent, Awaiter awaiter, TimeSource time) {
        this.agent = agent;
        this.awaiter = awaiter;
        this.time = time;
    }

    <T> T take(Caller caller, Supplier<T> work) {
        if (!threads.add(Thread.currentThread())) {
            throw new InvalidStateException("agent \"" + agent + "\" was called from within its own run; its runs take"
                    + " turns, so that this one would wait for itself");
        }
        try {
            if (queued.incrementAndGet() > MOST_WAITING) {
                throw LimitException.exceeded(
                        "runs of one agent", MOST_WAITING + "", "too many runs wait for agent \"" + agent + "\"");
            }
            return inTurn(caller, work);
        } finally {
            queued.decrementAndGet();
            threads.remove(Thread.currentThread());
        }
    }

    private <T> T inTurn(Caller caller, Supplier<T> work) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> before = tail.getAndSet(mine);
        try {
            if (!before.isDone()) {
                Caller bounded = caller.limited(caller.token(), time.nanos() + LONGEST_WAIT.toNanos());
                awaiter.await(before, bounded.deadlineNanos(), caller.token());
            }
            return work.get();
        } finally {
            CompletableFuture<Void> unused = before.whenComplete((ignored, error) -> mine.complete(null));
        }
    }
}

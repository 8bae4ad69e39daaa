package io.llmspell.state.agent;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets what is done with one agent's record take turns, in the order in which it was asked for; different agents do not
 * wait for each other.
 *
 * <p>Each waits for the future of the one before it and completes its own at the end; no lock is held meanwhile. One that
 * gives up waiting passes its turn on. {@code tails} has an entry for each record in use; {@code present} names who is in
 * a queue, because a thread that came again would wait for itself.
 */
final class AgentTurns {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private record Place(Thread thread, Bytes agent) {}

    private final ConcurrentHashMap<Bytes, CompletableFuture<@Nullable Void>> tails = new ConcurrentHashMap<>();
    private final Set<Place> present = ConcurrentHashMap.newKeySet();
    private final Awaiter awaiter;
    private final TimeSource time;

    AgentTurns(Awaiter awaiter, TimeSource time) {
        this.awaiter = awaiter;
        this.time = time;
    }

    <T> T take(Bytes agent, String name, Caller caller, Supplier<T> work) {
        Place place = new Place(Thread.currentThread(), agent);
        if (!present.add(place)) {
            throw new InvalidStateException("the record of agent \"" + name + "\" was asked for by a hook of its own"
                    + " save, load or delete; ask for it when that has ended");
        }
        try {
            return inTurn(agent, caller, work);
        } finally {
            present.remove(place);
        }
    }

    private <T> T inTurn(Bytes agent, Caller caller, Supplier<T> work) {
        CompletableFuture<@Nullable Void> mine = new CompletableFuture<>();
        CompletableFuture<@Nullable Void> before = tails.put(agent, mine);
        try {
            if (before != null && !before.isDone()) {
                Caller bounded = caller.limited(caller.token(), time.nanos() + LONGEST_WAIT.toNanos());
                awaiter.await(before, bounded.deadlineNanos(), caller.token());
            }
            return work.get();
        } finally {
            CompletableFuture<@Nullable Void> first = before == null ? CompletableFuture.completedFuture(null) : before;
            CompletableFuture<@Nullable Void> unused = first.whenComplete((ignored, error) -> {
                tails.remove(agent, mine);
                mine.complete(null);
            });
        }
    }
}

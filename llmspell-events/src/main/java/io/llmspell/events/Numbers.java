package io.llmspell.events;

import io.llmspell.core.error.InternalException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.redact.LogText;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sequence of a bus.
 *
 * <p>With a store, numbers come from blocks that were reserved there before, so that no number is given twice, not even
 * by a later process. The next block is reserved in the background when half of the present one is used; a publisher
 * waits only when a quarter is left. What is left then is for publishers that have asked already, and for staged
 * events, which draw their numbers in the commit, where nobody may wait: they are counted when they are staged.
 *
 * <p><b>Threads:</b> safe.
 */
final class Numbers {
    static final long BLOCK = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Numbers.class);
    private static final long AHEAD = BLOCK / 2;
    private static final long LEAST = BLOCK / 4;

    private final @Nullable NumberStore store;
    private final Executor executor;
    private final AtomicLong next = new AtomicLong(1);
    private final AtomicLong staged = new AtomicLong();
    private final AtomicReference<@Nullable CompletableFuture<Boolean>> reserving = new AtomicReference<>();

    /** The first number of this process; written before the first draw. */
    private volatile long first = 1;

    /** Behind the last number that may be drawn. */
    private volatile long limit;

    Numbers(@Nullable NumberStore store, Executor executor) {
        this.store = store;
        this.executor = executor;
        this.limit = store == null ? Long.MAX_VALUE : 0;
    }

    /** Reserves the first block in the background. What goes wrong is told to the first publisher. */
    void begin() {
        if (store != null) {
            CompletionStage<Boolean> unused = reserve(store, Numbers::beside);
        }
    }

    /** A thread for one task: the threads of the bus are not made for it. */
    private static void beside(Runnable task) {
        Thread thread = new Thread(task, "llmspell-event-numbers");
        thread.setDaemon(true);
        thread.start();
    }

    /** What a publisher must wait for before it may draw a number, or null. */
    @Nullable CompletionStage<Boolean> wanting() {
        long left = limit - next.get() - staged.get();
        if (left >= AHEAD || store == null) {
            return null;
        }
        CompletionStage<Boolean> reservation = reserve(store, executor);
        return left >= LEAST ? null : reservation;
    }

    long draw() {
        return next.getAndIncrement();
    }

    /** How many numbers this process has drawn. */
    long drawn() {
        return next.get() - first;
    }

    /** One more event, or one less, will draw its number without asking. */
    void staged(int more) {
        staged.addAndGet(more);
    }

    private CompletionStage<Boolean> reserve(NumberStore blocks, Executor runner) {
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        CompletableFuture<Boolean> running = reserving.compareAndExchange(null, mine);
        if (running != null) {
            return running;
        }
        try {
            runner.execute(() -> extend(blocks, mine));
        } catch (java.util.concurrent.RejectedExecutionException closed) {
            reserving.set(null);
            mine.completeExceptionally(Emitting.closed());
        }
        return mine;
    }

    private void extend(NumberStore blocks, CompletableFuture<Boolean> done) {
        LlmSpellException problem = null;
        try {
            if (limit == 0) {
                first = blocks.open();
                next.set(first);
                limit = first;
            }
            limit = blocks.reserve(limit, BLOCK);
        } catch (RuntimeException e) {
            problem = InternalException.coded("the reservation of event numbers", e);
            if (limit != 0) { // at the first try a publisher waits and is told, or asks again
                LOG.warn(
                        "no event numbers could be reserved, publishers will be refused soon: {}",
                        LogText.masked(problem.getMessage()));
            }
        }
        reserving.set(null);
        if (problem == null) {
            done.complete(true);
        } else {
            done.completeExceptionally(problem);
        }
    }
}

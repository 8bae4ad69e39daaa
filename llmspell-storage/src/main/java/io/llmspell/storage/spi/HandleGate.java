package io.llmspell.storage.spi;

import io.llmspell.core.storage.StorageException;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets calls into a store and closes it only when they have left, so that no call meets a freed native handle.
 *
 * <p>One word holds the number of leases and, in its top bit, whether the gate is closed. A call counts itself first and
 * looks at the bit of the same atomic step, so after {@link #close} has seen zero leases no call can be inside.
 *
 * <p><b>Threads:</b> safe; a lease costs two atomic additions. Leases nest only inside one call, never across calls of
 * the user, so closing waits for calls and not for people.
 */
public final class HandleGate implements CommitQueue.Admission {
    private static final long CLOSED = Long.MIN_VALUE;

    private final AtomicLong word = new AtomicLong();
    private volatile @Nullable Thread closer;

    /** Makes an open gate. */
    public HandleGate() {}

    /**
     * Takes a lease; {@link #exit} must follow in a {@code finally}.
     *
     * @throws StorageException {@code store_closed} if the gate is closed
     */
    public void enter() {
        if (!tryEnter()) {
            throw StorageException.closed();
        }
    }

    /**
     * Takes a lease if the gate is open.
     *
     * @return false if it is closed; no lease is held then
     */
    public boolean tryEnter() {
        if (word.getAndIncrement() >= 0) {
            return true;
        }
        exit();
        return false;
    }

    /** Gives a lease back. */
    public void exit() {
        if (word.decrementAndGet() == CLOSED) {
            LockSupport.unpark(closer);
        }
    }

    @Override
    public void run(Runnable task) {
        enter();
        try {
            task.run();
        } finally {
            exit();
        }
    }

    /**
     * Whether the gate is closed.
     *
     * @return true once closing has begun
     */
    public boolean isClosed() {
        return word.get() < 0;
    }

    /**
     * How many leases are held just now.
     *
     * @return the number
     */
    public long leases() {
        return word.get() & Long.MAX_VALUE;
    }

    /**
     * Refuses new leases; the first caller must then {@link #awaitEmpty wait}.
     *
     * @return true for the first caller only
     */
    public boolean shut() {
        return word.getAndUpdate(old -> old | CLOSED) >= 0;
    }

    /**
     * Waits until all leases were given back; for the thread that shut the gate.
     *
     * @param time measures the wait
     * @param longest how long to wait
     * @return false if leases are still held; their handles must not be freed then
     */
    public boolean awaitEmpty(TimeSource time, Duration longest) {
        closer = Thread.currentThread();
        long end = time.nanos() + longest.toNanos();
        boolean interrupted = Thread.interrupted();
        boolean empty = word.get() == CLOSED;
        while (!empty && end - time.nanos() > 0) {
            LockSupport.parkNanos(this, end - time.nanos());
            interrupted |= Thread.interrupted();
            empty = word.get() == CLOSED;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return empty;
    }
}

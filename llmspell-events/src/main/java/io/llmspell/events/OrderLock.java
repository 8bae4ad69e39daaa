package io.llmspell.events;

import java.util.concurrent.locks.AbstractQueuedSynchronizer;

/**
 * The one lock of a bus. It does not remember who holds it, because the write of a reference is a third of what an
 * uncontended {@code ReentrantLock} costs, and it is taken for every event; so nobody may take it twice.
 *
 * <p><b>Threads:</b> safe.
 */
final class OrderLock {
    private final Sync sync = new Sync();

    void lock() {
        sync.acquire(1);
    }

    void unlock() {
        sync.release(1);
    }

    private static final class Sync extends AbstractQueuedSynchronizer {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean tryAcquire(int one) {
            return compareAndSetState(0, 1);
        }

        @Override
        protected boolean tryRelease(int one) {
            setState(0);
            return true;
        }
    }
}

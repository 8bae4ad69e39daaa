package io.llmspell.bridge.globals;

import java.time.Duration;

/** Lets at most some events through in each second; counts what it leaves out. */
final class EventThrottle {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final int most;
    private final Object lock = new Object();
    private long begin;
    private int passed;
    private long leftOut;

    EventThrottle(int most, long now) {
        this.most = most;
        this.begin = now;
    }

    boolean passes(long now) {
        synchronized (lock) {
            if (now - begin >= SECOND) {
                begin = now;
                passed = 0;
            }
            if (most > 0 && passed >= most) {
                leftOut++;
                return false;
            }
            passed++;
            return true;
        }
    }

    long leftOut() {
        synchronized (lock) {
            return leftOut;
        }
    }
}

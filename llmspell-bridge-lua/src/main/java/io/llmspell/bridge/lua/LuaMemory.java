package io.llmspell.bridge.lua;

import java.lang.management.ManagementFactory;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The memory limit: allocation is a credit, and when it is spent a walk of what is alive renews it.
 *
 * <p>A script may so allocate without end as long as little of it stays alive. What is alive and not
 * yet measured is at most the limit and an eighth.
 *
 * <p>Threads: owner only. The owner may change between two runs.
 */
final class LuaMemory {
    private static final int MIN_SHARE = 8;

    private final long limit;
    private final LongUnaryOperator walk;
    // Made with the first look: it takes 6 ms, and a short script ends before.
    private com.sun.management.@Nullable ThreadMXBean threads;

    private @Nullable Thread owner;
    private long lastReading;
    private long credit;

    /**
     * @param limit bytes that may be alive; 0 for no limit
     * @param walk measures the live bytes, giving up when they exceed its argument
     */
    LuaMemory(long limit, LongUnaryOperator walk) {
        this.limit = limit;
        this.walk = walk;
        this.credit = limit;
    }

    /** Whether the script may go on and allocate {@code bytes} in one piece. */
    boolean hasRoomFor(long bytes) {
        if (limit == 0) {
            return true;
        }
        com.sun.management.ThreadMXBean source = source();
        settle(source.getCurrentThreadAllocatedBytes());
        return credit >= bytes || renew(bytes, source);
    }

    private com.sun.management.ThreadMXBean source() {
        com.sun.management.ThreadMXBean present = threads;
        if (present == null) {
            present = ManagementFactory.getPlatformMXBean(com.sun.management.ThreadMXBean.class);
            threads = present;
        }
        return present;
    }

    void reset() {
        credit = limit;
        owner = null;
    }

    private void settle(long reading) {
        Thread current = Thread.currentThread();
        if (owner == current) {
            credit -= reading - lastReading;
        }
        owner = current;
        lastReading = reading;
    }

    private boolean renew(long bytes, com.sun.management.ThreadMXBean source) {
        if (bytes > limit) {
            return false;
        }
        long live = walk.applyAsLong(limit);
        lastReading = source.getCurrentThreadAllocatedBytes();
        if (live + bytes > limit) {
            return false;
        }
        credit = Math.max(limit - live, limit / MIN_SHARE);
        return true;
    }
}

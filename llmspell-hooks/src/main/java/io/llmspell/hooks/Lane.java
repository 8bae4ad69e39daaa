package io.llmspell.hooks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The watches of one thread, a stack: a hook that runs an operation with hooks has another one above it.
 *
 * <p>It hangs on the thread and refers to nothing of the runtime but the guards of the hooks that ran there last,
 * one for each depth, so that a runtime that has gone is not kept. <b>Threads:</b> pushed and popped by its thread; the
 * watchdog looks at it and, under the monitor, interrupts.
 */
final class Lane {
    private static final int FIRST = 2;

    /** Spreads thread ids, which are consecutive, over stripes. */
    private static final int SPREAD = 0x9E3779B9;

    private final Thread thread = Thread.currentThread();
    private final int stripe = stripe(thread);

    /** Grows only; the watches stay what they are. */
    private volatile Watch[] watches;

    private int depth;

    /** Whether the watchdog looks at it; for its thread alone. */
    private boolean armedBefore;

    /** For the watchdog alone: what the first watch's count of armings was at the last look. */
    private long seen;

    Lane() {
        this.watches = new Watch[FIRST];
        for (int i = 0; i < FIRST; i++) {
            watches[i] = new Watch(this);
        }
    }

    /** A number for each thread, of which all bits are spread evenly: what threads write in stripes is chosen by it. */
    static int stripe(Thread thread) {
        int hash = (int) thread.getId() * SPREAD;
        return hash >>> 16 ^ hash;
    }

    /** {@link #stripe(Thread)} of this lane's thread. */
    int stripe() {
        return stripe;
    }

    /** Whether it is the lane of the thread that asks. */
    boolean here() {
        return thread == Thread.currentThread();
    }

    /** Whether a watch is about to be armed here for the first time; true once. */
    boolean firstArmed() {
        boolean first = !armedBefore;
        armedBefore = true;
        return first;
    }

    Watch push() {
        Watch[] present = watches;
        int at = depth++;
        if (at == present.length) {
            present = Arrays.copyOf(present, at * 2);
            for (int i = at; i < present.length; i++) {
                present[i] = new Watch(this);
            }
            watches = present;
        }
        return present[at];
    }

    void pop() {
        depth--;
    }

    /** How many hooks run on this thread, one within the other; for the thread. */
    int depth() {
        return depth;
    }

    /** The names of the hooks that run on this thread, the outermost first; for the thread. */
    List<String> running() {
        List<String> names = new ArrayList<>(depth);
        for (int i = 0; i < depth; i++) {
            names.add(watches[i].hook());
        }
        return names;
    }

    boolean alive() {
        return thread.isAlive();
    }

    /** Whether the thread has armed a watch since the last call; for the watchdog. */
    boolean active() {
        long armings = watches[0].armings();
        boolean changed = armings != seen;
        seen = armings;
        return changed;
    }

    /** Whether the thread waits for something, so that a free processor would not help it. */
    boolean waits() {
        return switch (thread.getState()) {
            case BLOCKED, WAITING, TIMED_WAITING -> true;
            default -> false;
        };
    }

    /** Looks at all watches, the innermost last; for the watchdog. */
    long check(Watchdog.Look look) {
        long next = Long.MAX_VALUE;
        for (Watch watch : watches) {
            next = Math.min(next, watch.check(look));
        }
        return next;
    }

    /**
     * Interrupts the thread on behalf of a watch, under the monitor.
     *
     * @return whether the watch must clear the interrupt: not if it was there before and no watch had sent it
     */
    boolean interrupt(Watch on) {
        boolean foreign = thread.isInterrupted() && !anySent();
        thread.interrupt();
        return !foreign;
    }

    private boolean anySent() {
        for (Watch watch : watches) {
            if (watch.sent()) {
                return true;
            }
        }
        return false;
    }

    /** Whether a watch further out has sent an interrupt that still counts, under the monitor. */
    boolean outerSent(Watch inner) {
        for (Watch watch : watches) {
            if (watch == inner) {
                return false;
            }
            if (watch.sent()) {
                return true;
            }
        }
        return false;
    }
}

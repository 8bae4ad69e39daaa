package io.llmspell.bridge.lua;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one sandbox, enforced from inside the interpreter loop.
 *
 * <p>The interpreter takes one unit of {@code credit} per instruction, native functions take more for
 * work that grows with their arguments; when the credit is gone the stop flag, the deadlines, the
 * instruction count and the memory are looked at and new credit is given. A stop is sticky: every
 * further instruction, in whichever coroutine, throws again until {@link #reset()}.
 *
 * <p>Threads: {@link #stop(LuaStopReason)} from any thread; all else on the sandbox's owner.
 */
final class LuaGuard {
    /** Instructions between two looks; a look costs about as much as ten instructions. */
    static final int INTERVAL = 256;

    private static final int NONE = -1;
    private static final int MAX_CHARGE = 1 << 28;

    private final long limit;
    private final LongSupplier nanos;
    private final LuaMemory memory;

    private int credit;
    private int granted;
    private long instructions;
    private final AtomicReference<@Nullable LuaStop> stop = new AtomicReference<>();
    private long[] deadlines = new long[4];
    private int depth;
    private int expired = NONE;
    private final LuaStop deadlineStop = new LuaStop(LuaStopReason.CALL_DEADLINE);
    private final LuaStop memoryStop = new LuaStop(LuaStopReason.MEMORY);

    LuaGuard(long instructionLimit, LongSupplier nanos, LuaMemory memory) {
        this.limit = instructionLimit == 0 ? Long.MAX_VALUE : instructionLimit;
        this.nanos = nanos;
        this.memory = memory;
    }

    /** Counts one instruction. */
    void tick() {
        if (--credit < 0) {
            look();
        }
    }

    /** Counts native work of about {@code units} instructions. */
    void charge(int units) {
        if ((credit -= Math.min(units, MAX_CHARGE)) < 0) {
            look();
        }
    }

    /** Counts the copying or scanning of {@code bytes}. */
    void chargeBytes(int bytes) {
        if (bytes > 256) {
            charge(bytes >> 6);
        }
    }

    /** Refuses an allocation of {@code bytes} that the memory limit does not have room for. */
    void reserve(long bytes) {
        if (!memory.hasRoomFor(bytes)) {
            throw halt(memoryStop);
        }
        chargeBytes((int) Math.min(bytes, Integer.MAX_VALUE));
    }

    /** Stops the script at its next look; safe from any thread. The first reason stays. */
    void stop(LuaStopReason reason) {
        stop.compareAndSet(null, new LuaStop(reason));
    }

    /** Records that the heap is exhausted and returns what to throw. */
    LuaStop outOfMemory() {
        return halt(memoryStop);
    }

    /** The reason the script is stopped for, or null. */
    @Nullable LuaStopReason stopped() {
        LuaStop now = stop.get();
        return now == null ? null : now.reason();
    }

    /** Interpreted instructions, native work included, since the last {@link #reset()}. */
    long instructions() {
        return instructions + granted - credit;
    }

    /**
     * Begins a call that must end by {@code deadlineNanos} of the clock.
     *
     * @return the level to hand to {@link #expiredAt(int)} and {@link #exit(int)}
     */
    int enter(long deadlineNanos) {
        if (depth == deadlines.length) {
            deadlines = Arrays.copyOf(deadlines, depth * 2);
        }
        deadlines[depth] = deadlineNanos;
        // The next instruction looks at the clock: a deadline already over stops the call at once.
        granted -= credit;
        credit = 0;
        return depth++;
    }

    /** Whether the deadline of {@code level} is what stopped the call. */
    boolean expiredAt(int level) {
        return expired == level;
    }

    /** Ends the call of {@code level} and of all levels inside it; what is outside may go on. */
    void exit(int level) {
        depth = level;
        if (expired >= level) {
            expired = NONE;
        }
    }

    /** Throws again what a script has swallowed; the owner calls it after each normal return. */
    void checkAfterReturn() {
        LuaStop now = stop.get();
        if (now != null) {
            throw now;
        }
        if (expired != NONE) {
            throw deadlineStop;
        }
    }

    /** Counts anew, for a call that comes after the run; what stopped the script stays. */
    void recount() {
        instructions = 0;
        granted = 0;
        credit = 0;
    }

    /** Forgets stop, deadlines and counts, for the next run. */
    void reset() {
        instructions = 0;
        granted = 0;
        credit = 0;
        stop.set(null);
        depth = 0;
        expired = NONE;
        memory.reset();
    }

    private void look() {
        instructions += granted - (long) credit;
        granted = 0;
        credit = 0;
        checkAfterReturn();
        if (instructions > limit) {
            throw halt(new LuaStop(LuaStopReason.INSTRUCTIONS));
        }
        if (depth > 0) {
            checkDeadlines();
        }
        // Not in the first turn: a short script then needs no measuring, and large pieces ask by themselves.
        if (instructions > INTERVAL && !memory.hasRoomFor(0)) {
            throw halt(memoryStop);
        }
        granted = (int) Math.min(INTERVAL, limit - instructions);
        credit = granted;
    }

    private void checkDeadlines() {
        long now = nanos.getAsLong();
        for (int level = 0; level < depth; level++) {
            if (now - deadlines[level] >= 0) {
                expired = level;
                throw deadlineStop;
            }
        }
    }

    private LuaStop halt(LuaStop why) {
        credit = 0;
        granted = 0;
        stop.compareAndSet(null, why);
        LuaStop first = stop.get();
        return first == null ? why : first;
    }
}

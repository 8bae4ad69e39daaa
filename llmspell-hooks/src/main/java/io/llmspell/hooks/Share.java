package io.llmspell.hooks;

import io.llmspell.core.hook.FailurePolicy;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What share hooks take in the time of one component's operations.
 *
 * <p>The hot methods add to plain numbers in a cell that few threads share, without a lock: two threads that meet in a
 * cell may lose an addition, which a share can bear and a counter could not. Each window has cells of its own.
 * <b>Threads:</b> safe.
 */
final class Share {
    private static final int CELLS = cells(Runtime.getRuntime().availableProcessors());

    /** So many operations of a cell in a window are timed, each; of more, one in {@link #SAMPLE} at random. */
    private static final long EXACT = 256;

    private static final int SAMPLE = 16;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final int SAMPLE_SHIFT = Long.SIZE - 4;

    private static final VarHandle NUMBERS = MethodHandles.arrayElementVarHandle(long[].class);

    private final String component;
    private final HookSettings settings;
    private final Shares.Listener listener;
    private final long windowNanos;
    private final AtomicReferenceArray<@Nullable Cell> cells = new AtomicReferenceArray<>(CELLS);

    private volatile long windowEnd;
    private volatile boolean warning;
    private volatile double lastPercent = -1;

    /** Of the present window, guarded by this: what was handed to the meters, as time of the hook and of operations. */
    private final IdentityHashMap<HookGuard, long[]> collected = new IdentityHashMap<>();

    Share(String component, HookSettings settings, Shares.Listener listener, long now) {
        this.component = component;
        this.settings = settings;
        this.listener = listener;
        this.windowNanos = settings.overheadWindow().toNanos();
        this.windowEnd = now + windowNanos;
    }

    private static int cells(int processors) {
        return Integer.highestOneBit(Math.max(2, 2 * processors) - 1) << 1;
    }

    String component() {
        return component;
    }

    /**
     * Adds the time of one hook, so that the costliest can be named.
     *
     * @param guard the hook
     * @param nanos how long it took
     */
    void hook(HookGuard guard, long nanos) {
        cell().hook(guard, nanos, 0);
    }

    /**
     * Adds an operation that really ran.
     *
     * @param hookNanos the time of all its hooks, without delays and without operations nested in them
     * @param operationNanos its own time, without its hooks
     * @param now the present nanoseconds
     */
    void operation(long hookNanos, long operationNanos, long now) {
        cell().operation(hookNanos, operationNanos, now);
    }

    /**
     * Adds time of hooks of an operation that has been added already: of those after it or around it.
     *
     * @param hookNanos how long they took
     */
    void more(long hookNanos) {
        cell().more(hookNanos);
    }

    /** Where this thread adds; a caller that adds several times keeps it. */
    Cell cell() {
        return cell(Lane.stripe(Thread.currentThread()));
    }

    /** Where the thread adds whose {@link Lane#stripe} it is. */
    Cell cell(int stripe) {
        int at = stripe & (CELLS - 1);
        Cell cell = cells.getAcquire(at);
        return cell == null ? newCell(at) : cell;
    }

    private Cell newCell(int at) {
        Cell made = new Cell(this);
        Cell other = cells.compareAndExchange(at, null, made);
        return other == null ? made : other;
    }

    private void endWindow(long now) {
        Sum sum;
        synchronized (this) {
            if (now - windowEnd < 0) {
                return;
            }
            windowEnd = now + windowNanos;
            sum = sum();
            handOver(sum, now);
            collected.clear();
            for (int i = 0; i < CELLS; i++) {
                cells.set(i, null);
            }
        }
        judge(sum, now);
    }

    private void judge(Sum sum, long now) {
        double percent = sum.percent();
        lastPercent = percent;
        boolean over = percent > 100 * settings.overheadTarget()
                && sum.operations >= settings.overheadMinOperations()
                && sum.hookNanos / sum.operations
                        >= settings.overheadMinHookTime().toNanos();
        warning = over;
        if (over) {
            HookGuard costliest = sum.costliestObserver();
            Breaker breaker = costliest == null ? null : costliest.breaker();
            if (breaker != null) {
                breaker.open(now, BreakerReason.OVERHEAD);
            }
            listener.exceeded(component, percent, costliest);
        }
    }

    private Sum sum() {
        Sum sum = new Sum();
        for (int i = 0; i < CELLS; i++) {
            Cell cell = cells.get(i);
            if (cell != null) {
                sum.add(cell);
            }
        }
        return sum;
    }

    /** Hands to the meters what they do not have yet. */
    synchronized void collect(long now) {
        handOver(sum(), now);
    }

    private void handOver(Sum sum, long now) {
        sum.hooks.forEach((guard, nanos) -> {
            long[] had = collected.computeIfAbsent(guard, unused -> new long[2]);
            guard.shared(Math.max(0, nanos - had[0]), Math.max(0, sum.operationNanos - had[1]), now);
            had[0] = nanos;
            had[1] = sum.operationNanos;
        });
    }

    double percent() {
        double last = lastPercent;
        return last >= 0 ? last : sum().percent();
    }

    boolean warning() {
        return warning;
    }

    /** Numbers of the threads that meet here. */
    static final class Cell {
        private static final int OPERATIONS = 0;
        private static final int HOOK_NANOS = 1;
        private static final int OPERATION_NANOS = 2;

        private final Share share;
        private final long[] totals = new long[3];
        private volatile Known known = Known.NONE;

        private Cell(Share share) {
            this.share = share;
        }

        /**
         * Says whether the next operation is to be timed. A reading of the clock costs as much as a hook, and where
         * operations are so many that it counts, a sample of them tells their time as well.
         *
         * @return how many operations it stands for; 0 if it is not to be timed
         */
        int weight() {
            long count = read(totals, OPERATIONS);
            if (count < EXACT) {
                return 1;
            }
            // Multiples of the golden ratio are spread evenly and follow no rhythm of the operations.
            return (count * GOLDEN) >>> SAMPLE_SHIFT == 0 ? SAMPLE : 0;
        }

        /**
         * Adds an operation.
         *
         * @param hookNanos the time of its hooks
         * @param operationNanos its own time, times its weight; 0 if it was not timed
         * @param now the latest reading of the clock
         */
        void operation(long hookNanos, long operationNanos, long now) {
            plus(totals, OPERATIONS, 1);
            plus(totals, HOOK_NANOS, hookNanos);
            plus(totals, OPERATION_NANOS, operationNanos);
            if (now - share.windowEnd >= 0) {
                share.endWindow(now);
            }
        }

        void more(long hookNanos) {
            plus(totals, HOOK_NANOS, hookNanos);
        }

        /**
         * Adds the time of one hook.
         *
         * @param guard the hook
         * @param nanos how long it took
         * @param place where it stands in its stage; hooks are learned in that order, so that it is found at once; any number will do
         */
        void hook(HookGuard guard, long nanos, int place) {
            if (!known.add(guard, nanos, place)) {
                learn(guard, nanos);
            }
        }

        private synchronized void learn(HookGuard guard, long nanos) {
            Known present = known;
            if (present.add(guard, nanos, 0)) {
                return; // another thread was first
            }
            int count = present.guards.length;
            HookGuard[] guards = Arrays.copyOf(present.guards, count + 1);
            long[] times = Arrays.copyOf(present.nanos, count + 1);
            guards[count] = guard;
            times[count] = nanos;
            known = new Known(guards, times);
        }

        private static void plus(long[] numbers, int at, long more) {
            NUMBERS.setOpaque(numbers, at, (long) NUMBERS.getOpaque(numbers, at) + more);
        }

        static long read(long[] numbers, int at) {
            return (long) NUMBERS.getOpaque(numbers, at);
        }
    }

    /** The hooks that a cell has met. */
    private static final class Known {
        private static final Known NONE = new Known(new HookGuard[0], new long[0]);

        private final HookGuard[] guards;
        private final long[] nanos;

        Known(HookGuard[] guards, long[] nanos) {
            this.guards = guards;
            this.nanos = nanos;
        }

        boolean add(HookGuard guard, long more, int place) {
            if (place >= 0 && place < guards.length && guards[place] == guard) {
                Cell.plus(nanos, place, more);
                return true;
            }
            for (int i = 0; i < guards.length; i++) {
                if (guards[i] == guard) {
                    Cell.plus(nanos, i, more);
                    return true;
                }
            }
            return false;
        }
    }

    /** The numbers of all cells. */
    private static final class Sum {
        private final IdentityHashMap<HookGuard, Long> hooks = new IdentityHashMap<>();
        private long operations;
        private long hookNanos;
        private long operationNanos;

        void add(Cell cell) {
            operations += Cell.read(cell.totals, Cell.OPERATIONS);
            hookNanos += Cell.read(cell.totals, Cell.HOOK_NANOS);
            operationNanos += Cell.read(cell.totals, Cell.OPERATION_NANOS);
            Known known = cell.known;
            for (int i = 0; i < known.guards.length; i++) {
                hooks.merge(known.guards[i], Cell.read(known.nanos, i), Long::sum);
            }
        }

        /** Without operations there is no share; hooks of operations that took no time take all of it. */
        double percent() {
            if (operations == 0 || hookNanos == 0) {
                return 0;
            }
            return 100.0 * hookNanos / Math.max(1, operationNanos);
        }

        @Nullable HookGuard costliestObserver() {
            HookGuard costliest = null;
            long most = 0;
            for (Map.Entry<HookGuard, Long> each : hooks.entrySet()) {
                HookGuard guard = each.getKey();
                boolean observer = guard.policy() == FailurePolicy.FAIL_OPEN && guard.breaker() != null;
                if (observer && each.getValue() > most) {
                    costliest = guard;
                    most = each.getValue();
                }
            }
            return costliest;
        }
    }
}

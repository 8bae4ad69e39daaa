package io.llmspell.hooks;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.time.TimeSource;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Enforces the deadlines of all hooks of one runtime, and notices when the machine stood still.
 *
 * <p>A timer looks at all watches every 5 ms, and when the next deadline passes, and stops half a second after the
 * last hook; arming starts it again. Hooks on their caller's thread are interrupted ({@link Watch}); of the others the
 * future is given up ({@link Pending}). What the timer comes late by counts as a pause, in which no hook could run:
 * deadlines move on by it and no hook's time contains it. A timer that is always a little late tells of a processor that
 * is wanted by many, not of a machine that stood still: a hook that waits meanwhile, and a future, are excused for that
 * by no more than their deadline once again.
 *
 * <p><b>Threads:</b> safe. The timer runs on the time source's thread, which runs no foreign code for it.
 */
final class Watchdog {
    static final long LEAST_GRACE_NANOS = Duration.ofMillis(10).toNanos();

    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final long PERIOD_NANOS = Duration.ofMillis(5).toNanos();
    private static final long SHORTEST_NANOS = Duration.ofNanos(500_000).toNanos();
    /** A timer so late tells that the whole machine stood still. */
    private static final long STILL_NANOS = Duration.ofMillis(100).toNanos();

    private static final long QUIET_NANOS = Duration.ofMillis(500).toNanos();

    /** Places for lanes that are found at once; a power of two. */
    private static final int NEAREST = 64;

    /** A look may take this part of the time. */
    private static final int SHARE = 20;

    /**
     * What the timer does. Before it rests it says so and looks once more a period later: what was armed by a thread that
     * did not yet see it say so is found then.
     */
    private enum Stage {
        /** No look is scheduled. */
        RESTING,
        /** The next look is scheduled, and more. */
        TICKING,
        /** One last look is scheduled. */
        LAST_LOOK
    }

    private static final VarHandle STAGE;

    static {
        try {
            STAGE = MethodHandles.lookup().findVarHandle(Watchdog.class, "stage", Stage.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final TimeSource time;
    private final Executor executor;

    @SuppressWarnings("ThreadLocalUsage") // one for each watchdog, and the lanes do not refer to it
    private final ThreadLocal<@Nullable Lane> own = new ThreadLocal<>();

    /**
     * Lanes by the stripes of their threads, the first for each place while its thread lives: nearer than the thread's own
     * map, which takes eight references to read.
     */
    private final AtomicReferenceArray<@Nullable Lane> nearest = new AtomicReferenceArray<>(NEAREST);

    private final Queue<WeakReference<Lane>> lanes = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable Pending> registered = new AtomicReference<>();
    /** Through {@link #STAGE} where it is compared; each hook reads it. */
    private volatile Stage stage = Stage.RESTING;

    /** What the machine stood still, in all. */
    private volatile long paused;

    /** The part of {@code paused} in which the processor was wanted by others. */
    private volatile long lagged;

    /** When the timer is due; far away while it rests. */
    private volatile long due;

    // For the timer alone; ticks do not overlap.
    private final List<Pending> waiting = new ArrayList<>();
    private long lastActive;

    /**
     * Makes a watchdog that rests.
     *
     * @param time the time
     * @param executor runs what is to be done when a future is late; may run foreign code
     */
    Watchdog(TimeSource time, Executor executor) {
        this.time = time;
        this.executor = executor;
    }

    /**
     * The lane of the present thread.
     *
     * @return its watches; no other thread may arm them
     */
    Lane lane() {
        Thread thread = Thread.currentThread();
        Lane near = nearest.getAcquire(Lane.stripe(thread) & NEAREST - 1);
        if (near != null && near.here()) {
            return near;
        }
        Lane lane = own.get();
        return lane == null ? enter(Lane.stripe(thread)) : lane;
    }

    private Lane enter(int stripe) {
        Lane lane = new Lane();
        own.set(lane);
        nearest.compareAndSet(stripe & NEAREST - 1, null, lane);
        return lane;
    }

    /**
     * Begins to watch a hook that is about to run on this thread; the same thread calls {@link Watch#disarm} after it.
     *
     * @param guard the hook
     * @param now the present nanoseconds, when its time begins
     * @return the watch
     */
    Watch arm(HookGuard guard, long now) {
        return arm(lane(), guard, now);
    }

    /**
     * Begins to watch a hook that is about to run on this thread.
     *
     * @param lane the thread's lane
     * @param guard the hook
     * @param now the present nanoseconds, when its time begins
     * @return the watch
     */
    Watch arm(Lane lane, HookGuard guard, long now) {
        if (lane.firstArmed()) { // not sooner: ended threads are forgotten by the timer, which a hook starts that is
            // watched
            lanes.add(new WeakReference<>(lane));
        }
        Watch watch = lane.push();
        watch.arm(guard, now, paused);
        if (stage != Stage.TICKING) {
            start(now);
        }
        return watch;
    }

    /**
     * Begins to watch a future.
     *
     * @param future what is waited for; nothing happens once it is done
     * @param deadlineNanos when it is late
     * @param late what to do then, once, on a thread that may run foreign code
     * @return ends watching
     */
    Handle watch(CompletableFuture<?> future, long deadlineNanos, Runnable late) {
        return watch(future, deadlineNanos, false, late);
    }

    /**
     * Begins to watch a future.
     *
     * @param future what is waited for; nothing happens once it is done
     * @param deadlineNanos when it is late
     * @param here whether the timer's own thread does what is to be done, which does not wait for a free thread then; it
     *     must be quick and run nothing foreign
     * @param late what to do then, once
     * @return ends watching
     */
    Handle watch(CompletableFuture<?> future, long deadlineNanos, boolean here, Runnable late) {
        Pending pending =
                new Pending(future, deadlineNanos, new Look(time.nanos(), paused, lagged, lagged), here, late);
        Pending head;
        do {
            head = registered.get();
            pending.next = head;
        } while (!registered.compareAndSet(head, pending));
        if (stage != Stage.TICKING) {
            start(pending.registeredNanos());
        }
        return pending;
    }

    /**
     * How long the machine has stood still, as far as the timer has seen.
     *
     * @return nanoseconds since the watchdog was made
     */
    long pausedNanos() {
        return paused;
    }

    /**
     * How long something took, without pauses.
     *
     * @param began when it began, in nanoseconds
     * @param pausedBefore {@link #pausedNanos} then
     * @param now when it ended, in nanoseconds
     * @return nanoseconds without the pauses, zero or more
     */
    long elapsed(long began, long pausedBefore, long now) {
        long took = now - began;
        if (took < PERIOD_NANOS) {
            return took;
        }
        // A pause that is just over may not have reached the timer yet.
        return Math.max(0, took - (paused - pausedBefore) - lateness(now));
    }

    /**
     * How long the last hook took that a watch watched; valid from {@link Watch#disarm} until the thread arms again.
     *
     * @param watch the watch
     * @param now when the hook ended, in nanoseconds
     * @return nanoseconds without the pauses, zero or more
     */
    long took(Watch watch, long now) {
        return elapsed(watch.began(), watch.pausedBefore(), now);
    }

    private long lateness(long now) {
        long late = stage == Stage.RESTING ? 0 : now - due;
        return late >= PERIOD_NANOS ? late : 0;
    }

    private void start(long now) {
        if (STAGE.compareAndSet(this, Stage.LAST_LOOK, Stage.TICKING)) {
            return;
        }
        if (STAGE.compareAndSet(this, Stage.RESTING, Stage.TICKING)) {
            due = now + PERIOD_NANOS;
            Handle unused = time.schedule(Duration.ofNanos(PERIOD_NANOS), this::tick);
        }
    }

    private void tick() {
        long now = time.nanos();
        long late = now - due;
        long laggedBefore = lagged; // both are written here alone
        if (late >= PERIOD_NANOS) {
            long before = paused;
            if (late < STILL_NANOS) {
                lagged = laggedBefore + late;
            }
            paused = before + late;
        }
        long next = PERIOD_NANOS;
        try {
            next = Math.min(next, look(new Look(now, paused, lagged, laggedBefore)));
        } catch (RuntimeException | Error fault) {
            LOG.warn("the watchdog failed", fault);
        }
        goOn(now, next);
    }

    /**
     * What one look goes by, in nanoseconds.
     *
     * @param now the present
     * @param paused {@link Watchdog#paused}
     * @param lagged {@link Watchdog#lagged}
     * @param laggedBefore the same at the look before
     */
    record Look(long now, long paused, long lagged, long laggedBefore) {}

    private long look(Look look) {
        forgetEnded();
        boolean active = false;
        long next = Long.MAX_VALUE;
        for (Iterator<WeakReference<Lane>> each = lanes.iterator(); each.hasNext(); ) {
            Lane lane = each.next().get();
            if (lane == null || !lane.alive()) {
                each.remove();
                continue;
            }
            active |= lane.active();
            long left = lane.check(look);
            active |= left != Long.MAX_VALUE;
            next = Math.min(next, left);
        }
        next = Math.min(next, lookAtPending(look));
        if (active || !waiting.isEmpty()) {
            lastActive = look.now;
        }
        return next;
    }

    /** How many threads are looked at. */
    int watchedThreads() {
        return lanes.size();
    }

    private void forgetEnded() {
        for (int i = 0; i < NEAREST; i++) {
            Lane lane = nearest.getAcquire(i);
            if (lane != null && !lane.alive()) {
                nearest.set(i, null);
            }
        }
    }

    private long lookAtPending(Look look) {
        for (Pending each = registered.getAndSet(null); each != null; each = each.next) {
            waiting.add(each);
            lastActive = look.now;
        }
        long next = Long.MAX_VALUE;
        int kept = 0;
        for (int i = 0; i < waiting.size(); i++) {
            Pending each = waiting.get(i);
            if (each.over()) {
                continue;
            }
            long left = each.left(look);
            if (left <= 0) {
                each.fire(executor);
            } else {
                next = Math.min(next, left);
                waiting.set(kept++, each);
            }
        }
        waiting.subList(kept, waiting.size()).clear();
        return next;
    }

    private void goOn(long now, long wanted) {
        if (now - lastActive < QUIET_NANOS) {
            stage = Stage.TICKING;
        } else if (STAGE.compareAndSet(this, Stage.LAST_LOOK, Stage.RESTING)) {
            return;
        } else {
            stage = Stage.LAST_LOOK;
        }
        long cost = (time.nanos() - now) * SHARE;
        long delay = Math.max(Math.max(SHORTEST_NANOS, cost), Math.min(PERIOD_NANOS, wanted));
        due = time.nanos() + delay;
        Handle unused = time.schedule(Duration.ofNanos(delay), this::tick);
    }
}

package io.llmspell.hooks;

import io.llmspell.core.hook.BreakerState;
import io.llmspell.core.hook.HookMetrics;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times the executions of one hook over the last retention period.
 *
 * <p>Striped: a recording takes the try-lock of one stripe, chosen by the thread, and writes plain fields and a
 * single-writer histogram under it. A stripe that is taken makes the thread move on to another one, and makes the meter
 * grow, up to twice the processors; only when all are taken does a recording wait, for the monitor of the last one.
 * Reading adds the stripes up.
 *
 * <p>The period is covered by two generations of half its length: what is reported is between half a period and a whole
 * one old. <b>Threads:</b> safe.
 */
final class HookMeter {
    private static final VarHandle TAKEN;
    private static final int MOST_STRIPES = stripes(Runtime.getRuntime().availableProcessors());

    private static final long READER_WAIT_NANOS = 20_000;

    static {
        try {
            TAKEN = MethodHandles.lookup().findVarHandle(Stripe.class, "taken", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long generationNanos;
    private final long origin;
    private final boolean percentiles;
    private final Object growth = new Object();
    private volatile Stripe[] stripes;

    /** Of the last failure. */
    private volatile @Nullable LastError lastError;

    private record LastError(String text, long at) {}

    /**
     * Makes a meter.
     *
     * @param retention the period that it tells about
     * @param percentiles whether it keeps histograms
     * @param now the present nanoseconds
     */
    HookMeter(Duration retention, boolean percentiles, long now) {
        this.generationNanos = Math.max(1, retention.toNanos() / 2);
        this.origin = now;
        this.percentiles = percentiles;
        this.stripes = new Stripe[] {new Stripe(this)};
    }

    private static int stripes(int processors) {
        int wanted = Math.max(2, 2 * processors);
        return Integer.highestOneBit(wanted - 1) << 1;
    }

    /**
     * Counts an execution that gave a result.
     *
     * @param tookNanos how long it took
     * @param skipped whether it said that it does not apply
     * @param now the present nanoseconds
     */
    void gave(long tookNanos, boolean skipped, long now) {
        gave(tookNanos, skipped, now, start());
    }

    /**
     * Counts an execution that gave a result.
     *
     * @param tookNanos how long it took
     * @param skipped whether it said that it does not apply
     * @param now the present nanoseconds
     * @param start {@link Lane#stripe} of this thread
     */
    void gave(long tookNanos, boolean skipped, long now, int start) {
        Stripe stripe = take(start);
        try {
            Tally tally = stripe.present(now);
            tally.executed(tookNanos, percentiles);
            if (skipped) {
                tally.skipped++;
            }
        } finally {
            stripe.release();
        }
    }

    /**
     * Counts an execution that failed.
     *
     * @param tookNanos how long it took
     * @param error what is wrong
     * @param now the present nanoseconds
     */
    void failed(long tookNanos, String error, long now) {
        lastError = new LastError(error, now);
        Stripe stripe = take();
        try {
            Tally tally = stripe.present(now);
            tally.executed(tookNanos, percentiles);
            tally.failures++;
        } finally {
            stripe.release();
        }
    }

    /**
     * Counts that the hook could not start.
     *
     * @param now the present nanoseconds
     */
    void notStarted(long now) {
        Stripe stripe = take();
        try {
            stripe.present(now).notStarted++;
        } finally {
            stripe.release();
        }
    }

    /**
     * Adds to the share of the hook in the time of operations.
     *
     * @param hookNanos time of the hook
     * @param operationNanos time of the operations that it ran in
     * @param now the present nanoseconds
     */
    void shared(long hookNanos, long operationNanos, long now) {
        Stripe stripe = take();
        try {
            Tally tally = stripe.present(now);
            tally.hookNanos += hookNanos;
            tally.operationNanos += operationNanos;
        } finally {
            stripe.release();
        }
    }

    private Stripe take() {
        return take(start());
    }

    private Stripe take(int start) {
        Stripe[] present = stripes;
        Stripe stripe = present[start & (present.length - 1)];
        return stripe.tryTake() ? stripe : takeAnother(start);
    }

    private static int start() {
        return Lane.stripe(Thread.currentThread());
    }

    private Stripe takeAnother(int start) {
        Stripe[] present = grown();
        for (int i = 0; i < present.length; i++) {
            Stripe stripe = present[start + i & (present.length - 1)];
            if (stripe.tryTake()) {
                return stripe;
            }
        }
        return present[0].takeWaiting();
    }

    private Stripe[] grown() {
        Stripe[] present = stripes;
        if (present.length == MOST_STRIPES) {
            return present;
        }
        synchronized (growth) {
            present = stripes;
            if (present.length < MOST_STRIPES) {
                Stripe[] more = new Stripe[present.length * 2];
                for (int i = 0; i < more.length; i++) {
                    more[i] = i < present.length ? present[i] : new Stripe(this);
                }
                stripes = more;
                present = more;
            }
        }
        return present;
    }

    /** Adds what this meter knows to a sum. */
    private void addTo(Sum sum, long now) {
        for (Stripe stripe : stripes) {
            Stripe taken = stripe.takeWaiting();
            try {
                taken.present(now);
                sum.add(taken.present);
                sum.add(taken.past);
            } finally {
                taken.release();
            }
        }
        LastError error = lastError;
        if (error != null
                && now - error.at < 2 * generationNanos
                && (sum.error == null || error.at - sum.errorAt >= 0)) {
            sum.error = error.text;
            sum.errorAt = error.at;
        }
    }

    /**
     * The figures of this meter.
     *
     * @param now the present nanoseconds
     * @param breaker the state of the hook's breaker
     * @return the figures
     */
    HookMetrics snapshot(long now, BreakerState breaker) {
        Sum sum = new Sum();
        addTo(sum, now);
        return sum.metrics(breaker);
    }

    /**
     * The figures of several meters together.
     *
     * @param meters the meters
     * @param now the present nanoseconds
     * @param breaker the worst state of their breakers
     * @return the figures
     */
    static HookMetrics sum(Iterable<HookMeter> meters, long now, BreakerState breaker) {
        Sum sum = new Sum();
        for (HookMeter meter : meters) {
            meter.addTo(sum, now);
        }
        return sum.metrics(breaker);
    }

    /** A part of the figures that one thread at a time writes. */
    private static final class Stripe {
        private final HookMeter meter;
        private Tally present = new Tally();
        private Tally past = new Tally();
        private long generation;
        private long generationEnd;

        /** 1 while a thread is in it; through {@link #TAKEN}. */
        @SuppressWarnings("unused")
        private volatile int taken;

        Stripe(HookMeter meter) {
            this.meter = meter;
            this.generationEnd = meter.origin + meter.generationNanos;
        }

        boolean tryTake() {
            return TAKEN.compareAndSet(this, 0, 1);
        }

        /** Waits in the order of the monitor; its holder waits for at most one recording, parked. */
        Stripe takeWaiting() {
            boolean interrupted = false;
            if (!tryTake()) {
                synchronized (this) {
                    while (!tryTake()) {
                        LockSupport.parkNanos(this, READER_WAIT_NANOS);
                        interrupted |= Thread.interrupted(); // an interrupted thread would not park
                    }
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return this;
        }

        void release() {
            TAKEN.setRelease(this, 0);
        }

        /** The figures of the present generation; what is too old is forgotten. */
        Tally present(long now) {
            if (now - generationEnd >= 0) {
                turn(now);
            }
            return present;
        }

        private void turn(long now) {
            long turned = (now - meter.origin) / meter.generationNanos;
            if (turned <= generation) {
                return; // a clock read earlier on another processor
            }
            Tally oldest = past;
            past = present;
            present = oldest;
            present.clear();
            if (turned > generation + 1) {
                past.clear();
            }
            generation = turned;
            generationEnd = meter.origin + (turned + 1) * meter.generationNanos;
        }
    }

    /** The figures of one generation of one stripe. */
    private static final class Tally {
        private long count;
        private long failures;
        private long skipped;
        private long notStarted;
        private long total;
        private long min = Long.MAX_VALUE;
        private long max;
        private long hookNanos;
        private long operationNanos;
        private @Nullable Times times;

        void executed(long tookNanos, boolean percentiles) {
            long nanos = Math.max(0, tookNanos);
            count++;
            total += nanos;
            if (nanos < min) {
                min = nanos;
            }
            if (nanos > max) {
                max = nanos;
            }
            if (percentiles) {
                Times histogram = times;
                if (histogram == null) {
                    histogram = new Times();
                    times = histogram;
                }
                histogram.record(nanos);
            }
        }

        void clear() {
            count = 0;
            failures = 0;
            skipped = 0;
            notStarted = 0;
            total = 0;
            min = Long.MAX_VALUE;
            max = 0;
            hookNanos = 0;
            operationNanos = 0;
            if (times != null) {
                times.clear();
            }
        }
    }

    /** Adds up. */
    private static final class Sum {
        private final Histogram all = new Histogram(Times.DIGITS);
        private final Tally tally = new Tally();
        private @Nullable String error;
        private long errorAt;

        void add(Tally other) {
            tally.count += other.count;
            tally.failures += other.failures;
            tally.skipped += other.skipped;
            tally.notStarted += other.notStarted;
            tally.total += other.total;
            tally.min = Math.min(tally.min, other.min);
            tally.max = Math.max(tally.max, other.max);
            tally.hookNanos += other.hookNanos;
            tally.operationNanos += other.operationNanos;
            if (other.times != null) {
                other.times.addTo(all);
            }
        }

        HookMetrics metrics(BreakerState breaker) {
            return new HookMetrics(
                    tally.count,
                    tally.failures,
                    tally.skipped,
                    tally.notStarted,
                    Duration.ofNanos(tally.total),
                    Duration.ofNanos(tally.count == 0 ? 0 : tally.min),
                    Duration.ofNanos(tally.max),
                    Duration.ofNanos(tally.count == 0 ? 0 : tally.total / tally.count),
                    percentile(50),
                    percentile(95),
                    percentile(99),
                    error,
                    breaker,
                    tally.operationNanos == 0 ? 0 : 100.0 * tally.hookNanos / tally.operationNanos);
        }

        /** The histogram rounds up; no percentile is above the longest execution. */
        private Duration percentile(double percent) {
            if (all.getTotalCount() == 0) {
                return Duration.ZERO;
            }
            return Duration.ofNanos(Math.max(tally.min, Math.min(tally.max, all.getValueAtPercentile(percent))));
        }
    }
}

package io.llmspell.hooks;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Hammers arming and disarming on one thread against a watchdog that fires as soon as it can on another. */
final class FenceRig {
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(20);

    private FenceRig() {}

    /** What is hammered. */
    interface Subject {
        /** Begins a hook that is late at once; on the hook's thread. */
        void arm();

        /** Ends it, and says whether it was late. */
        boolean disarm();

        /** Looks, on the watchdog's thread. */
        void look();
    }

    /**
     * How it went.
     *
     * @param inTime hooks that ended before the watchdog fired
     * @param late hooks that the watchdog fired at
     * @param leaked how often an interrupt was seen outside a hook
     */
    record Outcome(int inTime, int late, int leaked) {}

    /** Runs until each of the three ends was seen often enough, or one interrupt has leaked. */
    static Outcome hammer(Subject subject, int wanted) throws InterruptedException {
        AtomicBoolean ended = new AtomicBoolean();
        Thread dog = new Thread(() -> {
            while (!ended.get()) {
                subject.look();
            }
        });
        dog.start();
        int inTime = 0;
        int late = 0;
        int leaked = 0;
        long end = System.nanoTime() + MOST_NANOS;
        try {
            while ((inTime < wanted || late < wanted) && leaked == 0 && System.nanoTime() - end < 0) {
                subject.arm();
                hook();
                if (subject.disarm()) {
                    late++;
                } else {
                    inTime++;
                }
                leaked += operation();
            }
        } finally {
            ended.set(true);
            dog.join();
            leaked += Thread.interrupted() ? 1 : 0;
        }
        return new Outcome(inTime, late, leaked);
    }

    private static void hook() {
        int length = ThreadLocalRandom.current().nextInt(64);
        if (length == 0) {
            LockSupport.parkNanos(20_000);
        }
        spin(length);
    }

    /** An interrupt that comes a little too late shows here. */
    private static int operation() {
        spin(ThreadLocalRandom.current().nextInt(16));
        return Thread.interrupted() ? 1 : 0;
    }

    private static void spin(int turns) {
        for (int i = 0; i < turns; i++) {
            Thread.onSpinWait();
        }
    }
}

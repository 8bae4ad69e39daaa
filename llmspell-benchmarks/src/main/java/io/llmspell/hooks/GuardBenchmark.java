package io.llmspell.hooks;

import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.time.SystemTimeSource;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What each part of the guard of one hook costs, without reading the clock: the deadline, the meter, the breaker, the
 * share, one and two threads. The baseline is an empty method.
 *
 * <p>The time that the parts are told advances by a microsecond per call. At the end of each iteration the meter must
 * have counted.
 *
 * <p>Command: {@code llmspell-benchmarks/llmspell-bench GuardBenchmark}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class GuardBenchmark {
    private final HookSettings settings =
            HookSettings.builder().deadline(Duration.ofHours(1)).build();
    private final HookGuard guard = HookGuard.of(
            settings, HookPoint.BEFORE_TOOL_EXECUTION, HookOptions.named("bench"), Breaker.Listener.NONE, 0);
    private final Breaker breaker = new Breaker(BreakerSettings.DEFAULT, true, Breaker.Listener.NONE);
    private final HookMeter meter = new HookMeter(settings.retentionPeriod(), true, 0);
    private final SystemTimeSource time = new SystemTimeSource();
    private final Watchdog dog = new Watchdog(time, Runnable::run);
    private final Share share = new Shares(settings, (component, percent, hook) -> {}).of("bench", 0);

    /** Makes the benchmark. */
    public GuardBenchmark() {}

    /** The clock of one thread. */
    @State(Scope.Thread)
    public static class Clock {
        private static final long STEP = 1_000;
        private long now;

        /** Makes a clock. */
        public Clock() {}

        long next() {
            now += STEP;
            return now;
        }
    }

    /** Ends the timer. */
    @TearDown(Level.Trial)
    public void close() {
        time.close();
    }

    /**
     * Only the clock of the benchmark.
     *
     * @param clock the clock
     * @return the time
     */
    @Benchmark
    @Threads(1)
    public long empty(Clock clock) {
        return clock.next();
    }

    /**
     * The breaker of a call that succeeds.
     *
     * @param clock the clock
     * @return the ticket
     */
    @Benchmark
    @Threads(1)
    public int breaker(Clock clock) {
        long now = clock.next();
        int ticket = breaker.tryAcquire(now);
        breaker.ended(ticket, now, now & 0xFFFF, false);
        return ticket;
    }

    /**
     * One recording.
     *
     * @param clock the clock
     */
    @Benchmark
    @Threads(1)
    public void meter1(Clock clock) {
        long now = clock.next();
        meter.gave(now & 0xFFFF, false, now);
    }

    /**
     * One recording, two threads.
     *
     * @param clock the clock
     */
    @Benchmark
    @Threads(2)
    public void meter2(Clock clock) {
        long now = clock.next();
        meter.gave(now & 0xFFFF, false, now);
    }

    /**
     * Arming and disarming a deadline.
     *
     * @param clock the clock
     * @return whether it passed
     */
    @Benchmark
    @Threads(1)
    public boolean deadline1(Clock clock) {
        return dog.arm(guard, clock.next()).disarm();
    }

    /**
     * Arming and disarming a deadline, two threads.
     *
     * @param clock the clock
     * @return whether it passed
     */
    @Benchmark
    @Threads(2)
    public boolean deadline2(Clock clock) {
        return dog.arm(guard, clock.next()).disarm();
    }

    /**
     * The share of one hook in one operation.
     *
     * @param clock the clock
     */
    @Benchmark
    @Threads(1)
    public void share1(Clock clock) {
        long now = clock.next();
        share.hook(guard, 10);
        share.operation(10, 1000, now);
    }

    /**
     * The share of one hook in one operation, two threads.
     *
     * @param clock the clock
     */
    @Benchmark
    @Threads(2)
    public void share2(Clock clock) {
        long now = clock.next();
        share.hook(guard, 10);
        share.operation(10, 1000, now);
    }
}

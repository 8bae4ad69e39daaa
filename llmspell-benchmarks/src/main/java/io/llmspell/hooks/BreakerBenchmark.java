package io.llmspell.hooks;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.llmspell.core.hook.BreakerState;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
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
 * What one call through a closed circuit breaker costs, with its duration, one and two threads.
 *
 * <p>Each method reads the clock twice and books a call that succeeds and is not slow. Ours is the breaker alone
 * ({@link #breaker1}) and with counts, times and percentiles ({@link #breakerAndMeter1}); the peers are Resilience4j with
 * a window of 100 calls and of 10 seconds; the baseline is reading the clock twice. At the end of each iteration all
 * breakers must be closed.
 *
 * <p>Command: {@code llmspell-benchmarks/llmspell-bench BreakerBenchmark}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class BreakerBenchmark {
    private static final BreakerSettings PATIENT = new BreakerSettings(
            3,
            Duration.ofSeconds(30),
            1000,
            Duration.ofSeconds(10),
            2,
            Duration.ofSeconds(15),
            2,
            Duration.ofMinutes(5));

    private final Breaker breaker = new Breaker(PATIENT, true, Breaker.Listener.NONE);
    private final HookGuard guard = HookGuard.of(
            HookSettings.builder().breaker(PATIENT).build(),
            HookPoint.BEFORE_TOOL_EXECUTION,
            HookOptions.named("bench"),
            Breaker.Listener.NONE,
            System.nanoTime());
    private final CircuitBreaker counting = peer(SlidingWindowType.COUNT_BASED, 100);
    private final CircuitBreaker timing = peer(SlidingWindowType.TIME_BASED, 10);

    /** Makes the benchmark. */
    public BreakerBenchmark() {}

    private static CircuitBreaker peer(SlidingWindowType type, int size) {
        return CircuitBreaker.of(
                type.name(),
                CircuitBreakerConfig.custom()
                        .slidingWindowType(type)
                        .slidingWindowSize(size)
                        .slowCallDurationThreshold(Duration.ofSeconds(10))
                        .build());
    }

    /** Checks that calls went through and were counted. */
    @TearDown(Level.Iteration)
    public void check() {
        boolean closed = breaker.state(System.nanoTime()) == BreakerState.CLOSED
                && guard.state(System.nanoTime()) == BreakerState.CLOSED
                && counting.getState() == CircuitBreaker.State.CLOSED
                && timing.getState() == CircuitBreaker.State.CLOSED;
        if (!closed) {
            throw new IllegalStateException("a breaker is not closed");
        }
    }

    /**
     * Two readings of the clock.
     *
     * @return their difference
     */
    @Benchmark
    @Threads(1)
    public long clocks1() {
        long began = System.nanoTime();
        return System.nanoTime() - began;
    }

    /**
     * Our breaker.
     *
     * @return the ticket
     */
    @Benchmark
    @Threads(1)
    public int breaker1() {
        return ours();
    }

    /**
     * Our breaker, two threads.
     *
     * @return the ticket
     */
    @Benchmark
    @Threads(2)
    public int breaker2() {
        return ours();
    }

    private int ours() {
        long began = System.nanoTime();
        int ticket = breaker.tryAcquire(began);
        long now = System.nanoTime();
        breaker.ended(ticket, now, now - began, false);
        return ticket;
    }

    /**
     * Our breaker and meter.
     *
     * @return the ticket
     */
    @Benchmark
    @Threads(1)
    public int breakerAndMeter1() {
        return guarded();
    }

    /**
     * Our breaker and meter, two threads.
     *
     * @return the ticket
     */
    @Benchmark
    @Threads(2)
    public int breakerAndMeter2() {
        return guarded();
    }

    private int guarded() {
        long began = System.nanoTime();
        int ticket = guard.start(began);
        long now = System.nanoTime();
        guard.gave(ticket, now - began, HookResultKind.CONTINUE, now);
        return ticket;
    }

    /**
     * Resilience4j, window of calls.
     *
     * @return whether the call may start
     */
    @Benchmark
    @Threads(1)
    public boolean countWindow1() {
        return theirs(counting);
    }

    /**
     * Resilience4j, window of calls, two threads.
     *
     * @return whether the call may start
     */
    @Benchmark
    @Threads(2)
    public boolean countWindow2() {
        return theirs(counting);
    }

    /**
     * Resilience4j, window of time.
     *
     * @return whether the call may start
     */
    @Benchmark
    @Threads(1)
    public boolean timeWindow1() {
        return theirs(timing);
    }

    /**
     * Resilience4j, window of time, two threads.
     *
     * @return whether the call may start
     */
    @Benchmark
    @Threads(2)
    public boolean timeWindow2() {
        return theirs(timing);
    }

    private static boolean theirs(CircuitBreaker peer) {
        boolean may = peer.tryAcquirePermission();
        long began = System.nanoTime();
        peer.onSuccess(System.nanoTime() - began, TimeUnit.NANOSECONDS);
        return may;
    }
}

package io.llmspell.hooks.builtin;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.local.LocalBucketBuilder;
import io.github.bucket4j.local.SynchronizationStrategy;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a decision of the rate limiter costs, granted or refused, with one and two threads.
 *
 * <p>Ours counts what it decides and tells what is left and how long to wait; it is measured alone ({@link #ours1}) and
 * with the look-up of the bucket of a component ({@link #oursWithKey1}). The peers tell the same without counting:
 * Bucket4j synchronised, which is the bar, and Bucket4j without locks. At the end of each iteration the decisions must
 * have been those that the parameter says.
 *
 * <p>Command: {@code llmspell-benchmarks/llmspell-bench RateLimitBenchmark}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class RateLimitBenchmark {
    private static final long PLENTY = 1_000_000_000;

    /** Whether there is always a token or never one. */
    @Param({"granted", "refused"})
    public String decision = "granted";

    private final SystemTimeSource time = new SystemTimeSource();
    private final Component[] components = {
        Component.named(ComponentType.TOOL, "a"),
        Component.named(ComponentType.TOOL, "b"),
        Component.named(ComponentType.TOOL, "c"),
        Component.named(ComponentType.TOOL, "d")
    };
    private TokenBuckets buckets = buckets();
    private TokenBucket ours = buckets.bucket("one");
    private Bucket synchronised = peer(SynchronizationStrategy.SYNCHRONIZED);
    private Bucket lockFree = peer(SynchronizationStrategy.LOCK_FREE);
    private int next;

    /** Makes the benchmark. */
    public RateLimitBenchmark() {}

    /** Makes the buckets that the parameter asks for. */
    @Setup(Level.Trial)
    public void fill() {
        buckets = buckets();
        ours = buckets.bucket("one");
        synchronised = peer(SynchronizationStrategy.SYNCHRONIZED);
        lockFree = peer(SynchronizationStrategy.LOCK_FREE);
        if (!plenty()) {
            ours.take();
            synchronised.tryConsume(1);
            lockFree.tryConsume(1);
            for (Component component : components) {
                buckets.bucket(component).take();
            }
        }
    }

    private boolean plenty() {
        return decision.equals("granted");
    }

    private long capacity() {
        return plenty() ? PLENTY : 1;
    }

    private Duration interval() {
        return plenty() ? Duration.ofSeconds(1) : Duration.ofDays(300);
    }

    private TokenBuckets buckets() {
        return new TokenBuckets(
                RateLimitConfig.builder()
                        .capacity(capacity())
                        .burst(0)
                        .refill(capacity(), interval())
                        .build(),
                time);
    }

    private Bucket peer(SynchronizationStrategy strategy) {
        return new LocalBucketBuilder()
                .addLimit(stage -> stage.capacity(capacity()).refillGreedy(capacity(), interval()))
                .withNanosecondPrecision()
                .withSynchronizationStrategy(strategy)
                .build();
    }

    private ConsumptionProbe expected(ConsumptionProbe probe) {
        if (probe.isConsumed() != plenty()) {
            throw new AssertionError("a call was not " + decision);
        }
        return probe;
    }

    /**
     * Ours, the bucket in hand.
     *
     * @return the decision
     */
    @Benchmark
    public ConsumptionProbe ours1() {
        return expected(ours.take());
    }

    /**
     * Ours, the bucket in hand, two threads.
     *
     * @return the decision
     */
    @Benchmark
    @Threads(2)
    public ConsumptionProbe ours2() {
        return expected(ours.take());
    }

    /**
     * Ours, the bucket looked up by one of four components.
     *
     * @return the decision
     */
    @Benchmark
    public ConsumptionProbe oursWithKey1() {
        next = (next + 1) & 3;
        return expected(buckets.bucket(components[next]).take());
    }

    /**
     * Bucket4j synchronised.
     *
     * @return the decision
     */
    @Benchmark
    public ConsumptionProbe bucket4jSynchronised1() {
        return expected(synchronised.tryConsumeAndReturnRemaining(1));
    }

    /**
     * Bucket4j synchronised, two threads.
     *
     * @return the decision
     */
    @Benchmark
    @Threads(2)
    public ConsumptionProbe bucket4jSynchronised2() {
        return expected(synchronised.tryConsumeAndReturnRemaining(1));
    }

    /**
     * Bucket4j without locks.
     *
     * @return the decision
     */
    @Benchmark
    public ConsumptionProbe bucket4jLockFree1() {
        return expected(lockFree.tryConsumeAndReturnRemaining(1));
    }

    /** Fails the run if ours did not count what it decided. */
    @TearDown(Level.Iteration)
    public void check() {
        TokenBucket.State state = ours.state();
        if (plenty() ? state.limited() > 0 : state.allowed() > 1) {
            throw new AssertionError("decisions are counted wrongly: " + state);
        }
    }

    /** Ends the clock. */
    @TearDown(Level.Trial)
    public void close() {
        time.close();
    }
}

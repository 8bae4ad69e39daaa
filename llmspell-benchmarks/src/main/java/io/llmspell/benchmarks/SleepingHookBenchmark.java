package io.llmspell.benchmarks;

import io.llmspell.core.gate.Passage;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.hooks.Hooks;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a hook costs its callers that sleeps 500 ms where it may take 50, on a point that is called ten thousand times.
 *
 * <p>One measured operation is the ten thousand calls; the further columns are percentiles of single calls in
 * nanoseconds and how often the hook ran; JMH prints the sums of the five iterations there. The baseline is the same without the hook. Each iteration starts with a hook
 * whose breaker is closed and that was never seen. The stubborn hook sleeps on when it is interrupted.
 *
 * <p>Command: {@code llmspell-benchmarks/llmspell-bench SleepingHookBenchmark}.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 12)
@Measurement(iterations = 5)
@Fork(1)
@State(Scope.Thread)
public class SleepingHookBenchmark {
    private static final int CALLS = 10_000;
    private static final int SLEEP_MILLIS = 500;

    /** What the hook does. */
    @Param({"none", "sleeps", "sleeps-on", "sleeps-isolated"})
    public String hook = "none";

    private final Component component = Component.named(ComponentType.TOOL, "bench");
    private final Caller caller = Caller.host(new CorrelationId("bench"));
    private final CountDownLatch never = new CountDownLatch(1);
    private final AtomicLong ran = new AtomicLong();
    private final long[] nanos = new long[CALLS];
    private @Nullable Hooks house;
    private @Nullable Passage<Long, Long> passage;

    /** Makes the benchmark. */
    public SleepingHookBenchmark() {}

    /** The further columns. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Callers {
        /** The time of a call that half of the calls keep. */
        public long median;
        /** The time of a call that 99 of 100 calls keep. */
        public long p99;
        /** The slowest call. */
        public long slowest;
        /** How often the hook ran. */
        public long executions;

        /** Makes the columns. */
        public Callers() {}
    }

    /** Makes a gate, and the hook. */
    @Setup(Level.Iteration)
    public void open() {
        Hooks fresh = Hooks.builder().build();
        house = fresh;
        passage = fresh.gate().passage(NumberTool.operation((input, inner) -> input));
        ran.set(0);
        if (!hook.equals("none")) {
            var options = HookOptions.builder(hook).timeout(Duration.ofMillis(50));
            Hook slow = hook.equals("sleeps-on") ? this::sleepOn : context -> sleep(SLEEP_MILLIS);
            fresh.registry()
                    .register(
                            HookPoint.BEFORE_TOOL_EXECUTION,
                            hook.endsWith("isolated") ? options.isolated().build() : options.build(),
                            slow);
        }
    }

    private HookResult sleep(long millis) throws InterruptedException {
        ran.incrementAndGet();
        boolean counted = never.await(millis, TimeUnit.MILLISECONDS);
        return counted ? HookResult.cancel("cannot happen") : HookResult.proceed();
    }

    private HookResult sleepOn(Object context) {
        ran.incrementAndGet();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SLEEP_MILLIS);
        boolean interrupted = false;
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            try {
                interrupted |= never.await(left, TimeUnit.NANOSECONDS);
            } catch (InterruptedException ignored) {
                interrupted = true; // this hook does not listen
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return HookResult.proceed();
    }

    /**
     * Ten thousand calls.
     *
     * @param callers the further columns
     * @return the outputs
     */
    @Benchmark
    public long tenThousandCalls(Callers callers) {
        Passage<Long, Long> gate = Objects.requireNonNull(passage);
        long sum = 0;
        for (int i = 0; i < CALLS; i++) {
            long began = System.nanoTime();
            sum += gate.call(component, 1_000L + i, caller);
            nanos[i] = System.nanoTime() - began;
        }
        Arrays.sort(nanos);
        callers.median = nanos[CALLS / 2];
        callers.p99 = nanos[CALLS * 99 / 100];
        callers.slowest = nanos[CALLS - 1];
        callers.executions = ran.get();
        return sum;
    }

    /** Checks that the hook ran, and closes the gate. */
    @TearDown(Level.Iteration)
    public void close() {
        if (hook.equals("none") == (ran.get() > 0)) {
            throw new AssertionError("the hook " + hook + " ran " + ran.get() + " times");
        }
        Objects.requireNonNull(house).close();
    }
}

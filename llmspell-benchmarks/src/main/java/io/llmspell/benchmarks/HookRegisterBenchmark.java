package io.llmspell.benchmarks;

import io.llmspell.core.gate.Passage;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.hooks.Hooks;
import java.util.ArrayList;
import java.util.List;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * What registering and unregistering one hook costs beside many others.
 *
 * <p>The others stand at forty other points, or all at the point where the new one goes. A second row makes the first
 * call after the registration as well, which sees the new hook; the others are switched off there, so that the row
 * shows what finding them costs and not what running them costs. The baseline is the row with 10 others. At the end of
 * each iteration the registry must hold the others and nothing else.
 *
 * <p>Command: {@code llmspell-benchmarks/llmspell-bench HookRegisterBenchmark}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class HookRegisterBenchmark {
    private static final int POINTS = 40;

    /** How many hooks there are. */
    @Param({"10", "10000"})
    public int others;

    /** Whether they stand at the point of the new one. */
    @Param({"false", "true"})
    public boolean samePoint;

    private final Hooks house = Hooks.builder().build();
    private final Passage<Long, Long> passage = house.gate().passage(NumberTool.operation((input, inner) -> input));
    private final Component component = Component.named(ComponentType.TOOL, "bench");
    private final Caller caller = Caller.host(new CorrelationId("bench"));
    private long ran;
    private long called;
    private long next;

    /** Makes the benchmark. */
    public HookRegisterBenchmark() {}

    /** Registers the others. */
    @Setup(Level.Trial)
    public void register() {
        List<HookPoint> points = new ArrayList<>();
        for (int i = 0; i < POINTS; i++) {
            points.add(HookPoint.custom("bench-" + i));
        }
        Hook idle = context -> HookResult.proceed();
        for (int i = 0; i < others; i++) {
            HookPoint point = samePoint ? HookPoint.BEFORE_TOOL_EXECUTION : points.get(i % POINTS);
            house.registry().register(point, "other-" + i, idle).enabled(false);
        }
    }

    private HookHandle one() {
        next++;
        return house.registry().register(HookPoint.BEFORE_TOOL_EXECUTION, "new-" + next, context -> {
            ran++;
            return HookResult.proceed();
        });
    }

    /** Registers a hook and unregisters it. */
    @Benchmark
    public void registerAndUnregister() {
        one().close();
    }

    /**
     * Registers a hook, makes a call that it sees, unregisters it and makes a call that it does not see.
     *
     * @return the outputs
     */
    @Benchmark
    public long withTheNextCalls() {
        called++;
        HookHandle handle = one();
        long first = passage.call(component, next, caller);
        handle.close();
        return first + passage.call(component, next, caller);
    }

    /** Fails the run if a hook is left or did not see its call. */
    @TearDown(Level.Iteration)
    public void check() {
        int left = house.registry().list(HookFilter.all()).size();
        if (left != others || ran != called) {
            throw new AssertionError(left + " hooks are left; new ones ran " + ran + " times in " + called + " calls");
        }
    }

    /** Closes the hooks. */
    @TearDown(Level.Trial)
    public void close() {
        house.close();
    }
}

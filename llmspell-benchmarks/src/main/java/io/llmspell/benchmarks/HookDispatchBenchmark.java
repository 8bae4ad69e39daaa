package io.llmspell.benchmarks;

import io.llmspell.core.gate.Body;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.hooks.Hooks;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
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
 * What the gate costs: a call without hooks, with one and with ten that do nothing.
 *
 * <p>Baselines in the same run: reading an array and calling the body ({@link #arrayReadAndBody}), and two readings of
 * the clock around a virtual call of the hooks ({@link #clocksHooksAndBody}). The operation has nine points, as a tool
 * call has; the hooks stand at the fifth. Inputs vary. At the end of each iteration the executions that the hooks
 * counted are compared with the calls.
 *
 * <p>Command: {@code llmspell-benchmarks/llmspell-bench HookDispatchBenchmark}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class HookDispatchBenchmark {
    private static final int INPUTS = 1024;
    private static final Long NONE = 0L;

    /** How many hooks run at the point. */
    @Param({"0", "1", "10"})
    public int hooks;

    private final Long[] inputs = new Long[INPUTS];
    private final Component component = Component.named(ComponentType.TOOL, "bench");
    private final Caller caller = Caller.host(new CorrelationId("bench"));
    private final Body<Long, Long> body = (input, inner) -> work(input);
    private final Hooks house = Hooks.builder().build();
    private @Nullable Passage<Long, Long> passage;
    private CountingHook[] counting = new CountingHook[0];
    private volatile CountingHook[] plain = new CountingHook[0];
    private final AtomicReference<@Nullable HookContext> spent = new AtomicReference<>();
    private int next;
    private long calls;

    /** Makes the benchmark. */
    public HookDispatchBenchmark() {}

    /** Registers the hooks. */
    @Setup(Level.Trial)
    public void register() {
        for (int i = 0; i < INPUTS; i++) {
            inputs[i] = 1_000L + i;
        }
        passage = house.gate().passage(NumberTool.operation(body));
        counting = new CountingHook[hooks];
        plain = new CountingHook[hooks];
        house.registry().register(HookPoint.SYSTEM_STARTUP, "keeper", context -> {
            spent.set(context); // only passed on to the baseline's hooks, which do not look at it
            return HookResult.proceed();
        });
        house.gate()
                .passage(Operation.of(OperationKind.SYSTEM, new NumberTool())
                        .before(HookPoint.SYSTEM_STARTUP)
                        .run((input, inner) -> input))
                .call(component, 1L, caller);
        for (int i = 0; i < hooks; i++) {
            counting[i] = new CountingHook();
            plain[i] = counting[i];
            house.registry().register(HookPoint.BEFORE_TOOL_EXECUTION, "hook-" + i, counting[i]);
        }
    }

    private static Long work(Long input) {
        return input.equals(0L) ? NONE : input;
    }

    private Long body(Long input) {
        try {
            return body.run(input, caller);
        } catch (Exception failure) {
            return NONE;
        }
    }

    private Long input() {
        calls++;
        next = (next + 1) & (INPUTS - 1);
        return inputs[next];
    }

    /**
     * The call through the gate.
     *
     * @return the output
     */
    @Benchmark
    public Long gate() {
        return Objects.requireNonNull(passage).call(component, input(), caller);
    }

    /**
     * Reads an array of hooks, calls each as directly as can be, and the body: with no hook the least that a point can
     * cost.
     *
     * @return the output
     */
    @Benchmark
    public Long arrayReadAndBody() {
        Long input = input();
        for (CountingHook hook : plain) {
            hook.count++;
        }
        return body(input);
    }

    /**
     * Two readings of the clock around the bare calls of the hooks, and the body.
     *
     * @return the output
     */
    @Benchmark
    public Long clocksHooksAndBody() {
        Long input = input();
        HookContext context = spent.get();
        long began = System.nanoTime();
        for (CountingHook hook : plain) {
            if (hook.execute(context) != HookResult.proceed()) {
                return NONE;
            }
        }
        return System.nanoTime() < began ? NONE : body(input);
    }

    /** Fails the run if the hooks did not see every call. */
    @TearDown(Level.Iteration)
    public void check() {
        for (CountingHook hook : counting) {
            if (hook.count != calls) {
                throw new AssertionError("a hook ran " + hook.count + " times in " + calls + " calls");
            }
            hook.count = 0;
        }
        calls = 0;
    }

    /** Closes the hooks. */
    @TearDown(Level.Trial)
    public void close() {
        house.close();
    }

    /** Does nothing but count. */
    private static final class CountingHook implements Hook {
        private long count;

        @Override
        public HookResult execute(@Nullable HookContext context) {
            count++;
            return HookResult.proceed();
        }
    }
}

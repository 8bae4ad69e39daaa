package io.llmspell.benchmarks;

import io.llmspell.core.gate.Passage;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.ReactiveHook;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.hooks.Hooks;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
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
import reactor.core.publisher.Mono;

/**
 * What a reactive hook costs, beside a synchronous one and beside its bare chain.
 *
 * <p>{@code completed} gives a value that is there, {@code chain} one that a subscription makes. Baselines in the same
 * run: a synchronous hook ({@code hook=synchronous}), and two readings of the clock around the bare chain
 * ({@link #clocksAndChain}).
 *
 * <p>Command: {@code llmspell-benchmarks/llmspell-bench ReactiveHookBenchmark}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class ReactiveHookBenchmark {
    /** Which hook runs. */
    @Param({"synchronous", "completed", "chain"})
    public String hook = "synchronous";

    private final Component component = Component.named(ComponentType.TOOL, "bench");
    private final Caller caller = Caller.host(new CorrelationId("bench"));
    private final Hooks house = Hooks.builder().build();
    private final Mono<HookResult> chain =
            Mono.fromSupplier(HookResult::proceed).map(result -> result).filter(result -> result != null);
    private @Nullable Passage<Long, Long> passage;
    private long input;

    /** Makes the benchmark. */
    public ReactiveHookBenchmark() {}

    /** Registers the hook. */
    @Setup(Level.Trial)
    public void register() {
        HookOptions options = HookOptions.named("bench");
        Hook synchronous = context -> HookResult.proceed();
        Mono<HookResult> known = Mono.just(HookResult.proceed());
        ReactiveHook reactive = hook.equals("completed") ? context -> known : context -> chain;
        if (hook.equals("synchronous")) {
            house.registry().register(HookPoint.BEFORE_TOOL_EXECUTION, options, synchronous);
        } else {
            house.registry().registerReactive(HookPoint.BEFORE_TOOL_EXECUTION, options, reactive);
        }
        passage = house.gate().passage(NumberTool.operation((given, inner) -> given));
    }

    /**
     * The call through the gate.
     *
     * @return the output
     */
    @Benchmark
    public Long gate() {
        return Objects.requireNonNull(passage).call(component, ++input, caller);
    }

    /**
     * Two readings of the clock around the bare chain.
     *
     * @return what it took, so that nothing is left out
     */
    @Benchmark
    public long clocksAndChain() {
        long began = System.nanoTime();
        HookResult result = chain.block();
        return System.nanoTime() - began + (result == HookResult.proceed() ? 0 : 1);
    }

    /** Closes the hooks. */
    @TearDown(Level.Trial)
    public void close() {
        house.close();
    }
}

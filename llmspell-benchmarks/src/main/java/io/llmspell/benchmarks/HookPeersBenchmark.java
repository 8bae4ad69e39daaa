package io.llmspell.benchmarks;

import com.google.adk.plugins.BasePlugin;
import com.google.adk.plugins.PluginManager;
import com.google.adk.tools.BaseTool;
import com.google.adk.tools.ToolContext;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.hooks.HookSettings;
import io.llmspell.hooks.Hooks;
import io.micrometer.observation.ObservationRegistry;
import io.reactivex.rxjava3.core.Maybe;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.bsc.langgraph4j.RunnableConfig;
import org.bsc.langgraph4j.action.AsyncNodeActionWithConfig;
import org.bsc.langgraph4j.internal.hook.NodeHooks;
import org.bsc.langgraph4j.state.AgentState;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.DefaultAroundAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.Advisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * What one hook that does nothing costs at our gate, and what the same costs in the libraries that a user would take
 * instead.
 *
 * <p>Ours runs with deadline, breaker, meter, share and isolation, which no peer has in one piece; deadline and share
 * are so wide that a busy machine does not switch the hook off:
 *
 * <ul>
 *   <li>{@link #springAiAdvisor}: a chain of one advisor and the advisor that answers, made for each call as the chat
 *       client makes it, without an observation registry; the hook is isolated from nothing and not timed.
 *   <li>{@link #adkPlugin}: the plugin manager asks one plugin before the tool; the plugin lets the call through. Errors
 *       are logged, nothing is timed.
 *   <li>{@link #langGraph4jWrap}: the node hooks of a graph with one that wraps the call; nothing is timed or isolated.
 *   <li>{@link #resilience4jBreaker}: the bare call in a circuit breaker with a count window: it is timed and broken,
 *       not isolated, without a deadline, and there is no hook that could decide.
 * </ul>
 *
 * <p>The baseline is two readings of the clock around a virtual call ({@link #clocksAndCall}). Inputs vary. At the end
 * of each iteration the executions that the hooks counted are compared with the calls.
 *
 * <p>Command: {@code llmspell-benchmarks/llmspell-bench HookPeersBenchmark -prof gc}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class HookPeersBenchmark {
    private static final int INPUTS = 1024;

    private final Long[] inputs = new Long[INPUTS];
    private long calls;
    private long seen;
    private int next;

    private final Component component = Component.named(ComponentType.TOOL, "bench");
    private final Caller caller = Caller.host(new CorrelationId("bench"));
    private final Hooks house = Hooks.builder()
            .settings(HookSettings.builder()
                    .deadline(Duration.ofMinutes(1))
                    .overheadMinHookTime(Duration.ofSeconds(1))
                    .build())
            .build();
    private final Passage<Long, Long> passage = house.gate().passage(NumberTool.operation((input, inner) -> input));

    private final List<Advisor> advisors = List.of(new CountingAdvisor(), new AnsweringAdvisor());
    private final ChatClientRequest[] requests = new ChatClientRequest[INPUTS];

    private final PluginManager plugins = new PluginManager(List.of(new CountingPlugin()));
    private final BaseTool tool = new BaseTool("bench", "does nothing") {};

    private final NodeHooks<AgentState> nodeHooks = new NodeHooks<>();
    private final AgentState[] states = new AgentState[INPUTS];
    private final RunnableConfig config = RunnableConfig.builder().build();
    private final AsyncNodeActionWithConfig<AgentState> node =
            (state, unused) -> CompletableFuture.completedFuture(state.data());

    private final CircuitBreaker breaker = CircuitBreaker.ofDefaults("bench");

    /** Makes the benchmark. */
    public HookPeersBenchmark() {}

    /** Registers the hooks. */
    @Setup(Level.Trial)
    public void register() {
        for (int i = 0; i < INPUTS; i++) {
            inputs[i] = 1_000L + i;
            requests[i] = new ChatClientRequest(new Prompt("number " + i), Map.of("n", inputs[i]));
            states[i] = new AgentState(Map.of("n", inputs[i]));
        }
        house.registry().register(HookPoint.BEFORE_TOOL_EXECUTION, "hook", context -> {
            seen++;
            return HookResult.proceed();
        });
        nodeHooks.wrapCalls.add((id, state, unused, action) -> {
            seen++;
            return action.apply(state, unused);
        });
    }

    private int index() {
        calls++;
        next = (next + 1) & (INPUTS - 1);
        return next;
    }

    private Long count(Long input) {
        seen++;
        return input;
    }

    /**
     * Two readings of the clock around a call.
     *
     * @return their difference, with the call's answer
     */
    @Benchmark
    public long clocksAndCall() {
        long began = System.nanoTime();
        long answer = count(inputs[index()]);
        return System.nanoTime() - began + answer;
    }

    /**
     * One hook at our gate.
     *
     * @return the output
     */
    @Benchmark
    public Long gate() {
        return passage.call(component, inputs[index()], caller);
    }

    /**
     * One advisor of Spring AI.
     *
     * @return the response
     */
    @Benchmark
    public ChatClientResponse springAiAdvisor() {
        return DefaultAroundAdvisorChain.builder(ObservationRegistry.NOOP)
                .pushAll(advisors)
                .build()
                .nextCall(requests[index()]);
    }

    /**
     * One plugin of Google's Agent Development Kit.
     *
     * @return what the plugin decided
     */
    @Benchmark
    @SuppressWarnings("NullAway") // neither manager nor plugin looks at the context of the tool
    public @Nullable Map<String, Object> adkPlugin() {
        return plugins.beforeToolCallback(tool, states[index()].data(), null).blockingGet();
    }

    /**
     * One wrapping hook of LangGraph4j.
     *
     * @return the node's output
     */
    @Benchmark
    public Map<String, Object> langGraph4jWrap() {
        return nodeHooks.wrapCalls.apply("node", states[index()], config, node).join();
    }

    /**
     * The call in a circuit breaker of Resilience4j.
     *
     * @return the output
     */
    @Benchmark
    public Long resilience4jBreaker() {
        Long input = inputs[index()];
        return breaker.executeSupplier(() -> count(input));
    }

    /** Fails the run if the hook did not see every call. */
    @TearDown(Level.Iteration)
    public void check() {
        if (seen != calls) {
            throw new AssertionError("the hook ran " + seen + " times in " + calls + " calls");
        }
        seen = 0;
        calls = 0;
    }

    /** Closes the hooks. */
    @TearDown(Level.Trial)
    public void close() {
        house.close();
    }

    /** Counts and lets the call through. */
    private final class CountingAdvisor implements CallAdvisor {
        @Override
        public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
            seen++;
            return chain.nextCall(request);
        }

        @Override
        public String getName() {
            return "counting";
        }

        @Override
        public int getOrder() {
            return 0;
        }
    }

    /** Stands where the chat client puts the advisor that calls the model. */
    private static final class AnsweringAdvisor implements CallAdvisor {
        private static final ChatClientResponse ANSWER = new ChatClientResponse(null, Map.of());

        @Override
        public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
            return ANSWER;
        }

        @Override
        public String getName() {
            return "answering";
        }

        @Override
        public int getOrder() {
            return LOWEST_PRECEDENCE;
        }
    }

    /** Counts and lets the call through. */
    private final class CountingPlugin extends BasePlugin {
        CountingPlugin() {
            super("counting");
        }

        @Override
        public Maybe<Map<String, Object>> beforeToolCallback(
                BaseTool called, Map<String, Object> arguments, ToolContext context) {
            seen++;
            return Maybe.empty();
        }
    }
}

package io.llmspell.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.agent.Agent;
import io.llmspell.core.agent.AgentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.json.JsonObject;
import io.llmspell.hooks.builtin.Backoff;
import io.llmspell.hooks.builtin.BuiltinHooks;
import io.llmspell.hooks.builtin.BuiltinServices;
import io.llmspell.hooks.builtin.CachingConfig;
import io.llmspell.hooks.builtin.CostTrackingConfig;
import io.llmspell.hooks.builtin.Pricing;
import io.llmspell.hooks.builtin.RateLimitConfig;
import io.llmspell.hooks.builtin.RetryConfig;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Caching, rate limit, retry and cost tracking at the points that agents, models and tools really pass. */
class BuiltinHooksTest {
    private final ScriptedProvider provider =
            new ScriptedProvider(request -> Mono.just(ScriptedProvider.said("hello")));
    private final AgentsFixture fixture = new AgentsFixture(provider);
    private final BuiltinHooks builtins =
            BuiltinHooks.of(fixture.hooks, BuiltinServices.builder(fixture.time).build());

    @Test
    void costTracking_pricesTheCallsOfAnAgent_andStopsTheOneThatCouldBreakTheBudget() {
        builtins.enable(CostTrackingConfig.builder()
                .price("test/*", Pricing.token("1", "2")) // a call uses 10 and 5 tokens: 0.02
                .defaultMaxTokens(100)
                .alert("1", CostTrackingConfig.Level.CRITICAL, true)
                .build());
        Agent agent = fixture.create("test/any");

        fixture.ask(agent, "hi");
        fixture.ask(agent, "hi");

        JsonObject figures = builtins.statistics("cost_tracking");
        assertThat(figures).containsEntry("total", new BigDecimal("0.040000")).containsEntry("calls", 2L);
        assertThat(((Map<?, ?>) figures.get("by_component")).keySet()).hasToString("[writer]");
        assertThat(((Map<?, ?>) figures.get("by_model")).keySet()).hasToString("[test/any]");
        assertThatThrownBy(() -> fixture.ask(agent, "x".repeat(2_000)))
                .hasMessageContaining("the budget of 1 USD in 1h leaves no room for a call of test/any");
        assertThat(provider.asked).hasSize(2);
    }

    @Test
    void costTracking_writesWhatCallsCost_intoTheResponseAndTheRecord() {
        builtins.enable(CostTrackingConfig.builder()
                .price("test/*", Pricing.token("1", "2"))
                .build());
        Agent agent = fixture.create("test/any");

        JsonObject answer = fixture.ask(agent, "hi");
        fixture.ask(agent, "hi");

        assertThat(answer.get("cost")).isEqualTo(new BigDecimal("0.020000"));
        assertThat(agent.memory().snapshot().map("usage")).containsEntry("cost", new BigDecimal("0.040000"));
        assertThat(fixture.bus.published().stream()
                        .filter(each -> each.draft().type().equals("agent.run.completed"))
                        .map(each -> ((JsonObject) each.draft().payload()).get("cost")))
                .containsExactly(new BigDecimal("0.020000"), new BigDecimal("0.020000"));
    }

    @Test
    void noCostTracking_responseHasNoCost_andTheRecordAddsNothing() {
        Agent agent = fixture.create("test/any");

        assertThat(fixture.ask(agent, "hi")).doesNotContainKey("cost");
        assertThat(agent.memory().snapshot().map("usage").get("cost")).hasToString("0");
    }

    @Test
    void costThatIsNoAmount_isNotBooked() {
        fixture.hooks.registry().register(new HookPoint("agent_model_response"), "forger", context -> {
            context.putMetadata("cost_total", "1e999999999");
            return HookResult.proceed();
        });
        Agent agent = fixture.create("test/any");

        assertThat(fixture.ask(agent, "hi")).doesNotContainKey("cost");
    }

    @Test
    void costTracking_ofAnUnpricedModelUnderABudget_isRefusedBeforeTheModelIsAsked() {
        builtins.enable(CostTrackingConfig.builder()
                .price("other/*", Pricing.request("1"))
                .build());

        assertThatThrownBy(() -> fixture.ask(fixture.create("test/any"), "hi"))
                .hasMessageContaining("no price for model \"test/any\"");
        assertThat(provider.asked).isEmpty();
    }

    @Test
    void caching_ofAgentRuns_answersTheSameInputWithoutTheModel() {
        builtins.enable(CachingConfig.builder().minExecutionTime(Duration.ZERO).build());
        Agent agent = fixture.create("test/any");

        JsonObject first = fixture.ask(agent, "hi");
        JsonObject second = fixture.ask(agent, "hi");

        assertThat(second.get("text")).isEqualTo(first.get("text"));
        assertThat(provider.asked).hasSize(1);
    }

    @Test
    void rateLimit_ofAgentRuns_holds() {
        builtins.enable(RateLimitConfig.builder()
                .capacity(1)
                .burst(0)
                .refill(1, Duration.ofDays(1))
                .build());
        Agent agent = fixture.create("test/any");
        fixture.ask(agent, "hi");

        assertThatThrownBy(() -> fixture.ask(agent, "hi")).hasMessageContaining("rate_limited: agent:writer may run 1");
    }

    @Test
    void retry_runsAnAgentAgainWhoseProviderFailed() {
        AtomicInteger asked = new AtomicInteger();
        AgentsFixture flaky = new AgentsFixture(new ScriptedProvider(request -> asked.incrementAndGet() == 1
                ? Mono.error(new AgentException(ErrorCode.PROVIDER_ERROR, "planted"))
                : Mono.just(ScriptedProvider.said("hello"))));
        BuiltinHooks hooks =
                BuiltinHooks.of(flaky.hooks, BuiltinServices.builder(flaky.time).build());
        hooks.enable(RetryConfig.builder()
                .backoff(new Backoff(Backoff.Strategy.FIXED, Duration.ofMillis(1), 1, Duration.ofMillis(1)))
                .build());

        assertThat(flaky.ask(flaky.create("test/any"), "hi").get("text")).isEqualTo("hello");
        assertThat(hooks.statistics("retry"))
                .containsEntry("successes", 1L)
                .containsEntry("retry_reasons", JsonObject.of("internal_server_error", 1L));
    }
}

package io.llmspell.hooks.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ConfigException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CostTrackingHookTest {
    private static final Component PLANNER = Component.named(ComponentType.AGENT, "planner");
    private static final String GPT4 = "openai/gpt-4";

    private final BuiltinRig rig = new BuiltinRig();
    private final Passage<Outcome, Outcome> model = JsonCalls.models(rig.hooks, this::answer);
    private final List<Map<String, String>> seen = new ArrayList<>();
    private JsonObject usage = usage(1_000, 500);

    @AfterEach
    void close() {
        rig.close();
    }

    private @Nullable Object answer(@Nullable Object request) {
        rig.time.advance(Duration.ofMillis(1_500));
        return JsonObject.of("text", "hello", "token_usage", usage);
    }

    private static JsonObject usage(long input, long output) {
        return JsonObject.of("input_tokens", input, "output_tokens", output, "total_tokens", input + output);
    }

    private static JsonObject request(String model, @Nullable Long maxTokens) {
        return JsonObject.of(
                "messages",
                JsonArray.of(JsonObject.of("role", "user", "content", "x")),
                "tools",
                JsonArray.of(),
                "model",
                model,
                "max_tokens",
                maxTokens);
    }

    private static Caller agent(String id) {
        return Caller.of(new Principal.Agent(id), Language.JAVA, new CorrelationId("run-1"));
    }

    private @Nullable Object call(String name) {
        return call(name, 500L);
    }

    private @Nullable Object call(String name, @Nullable Long maxTokens) {
        return model.call(PLANNER, new Outcome(request(name, maxTokens)), agent("planner"))
                .json();
    }

    private LlmSpellException failure(String name, @Nullable Long maxTokens) {
        try {
            throw new AssertionError("the call gave " + call(name, maxTokens));
        } catch (LlmSpellException failure) {
            return failure;
        }
    }

    /** The prices of the guide. */
    private static CostTrackingConfigBuilder prices() {
        return CostTrackingConfig.builder()
                .price(GPT4, Pricing.token("0.03", "0.06"))
                .price("openai/gpt-3.5-turbo", Pricing.token("0.0005", "0.0015"))
                .price("ollama/*", Pricing.token("0", "0"));
    }

    private void enable(CostTrackingConfigBuilder config) {
        rig.builtins.enable(config.build());
    }

    private JsonObject figures() {
        return rig.builtins.statistics("cost_tracking");
    }

    private void look() {
        rig.hooks
                .systemLast()
                .register(
                        CostTrackingConfig.RESPONSE,
                        HookOptions.builder("look").priority(HookOptions.LOWEST).build(),
                        context -> {
                            seen.add(Map.copyOf(context.metadata()));
                            return HookResult.proceed();
                        });
    }

    private static BigDecimal decimal(String text) {
        return new BigDecimal(text);
    }

    // ---- prices ----

    @Test
    void call_isPricedByItsTokens_andShownInTheMetadata() {
        enable(prices());
        look();

        call(GPT4);

        assertThat(seen)
                .singleElement()
                .satisfies(metadata -> assertThat(metadata)
                        .containsEntry("cost_input", "0.030000")
                        .containsEntry("cost_output", "0.030000")
                        .containsEntry("cost_total", "0.060000")
                        .containsEntry("cost_currency", "USD")
                        .containsEntry("cost_tracking_hook_version", "1.0.0")
                        .doesNotContainKey("cost_alert_level"));
        JsonObject sum =
                JsonObject.of("calls", 1L, "input_tokens", 1_000L, "output_tokens", 500L, "total", decimal("0.060000"));
        assertThat(figures())
                .containsEntry("by_provider", JsonObject.of("openai", sum))
                .containsEntry("by_model", JsonObject.of(GPT4, sum))
                .containsEntry("by_component", JsonObject.of("planner", sum))
                .containsEntry("by_user", JsonObject.of("agent:planner", sum))
                .containsEntry("alerts_triggered", 0L)
                .containsEntry("operations_blocked", 0L)
                .containsEntry("unpriced_calls", 0L);
    }

    @Test
    void pricing_ofEachKind_isExact() {
        assertThat(total(Map.of("input", 0.03, "output", 0.06, "cached", 0.01)))
                .isEqualByComparingTo("0.052"); // 600 fresh, 400 cached, 500 out
        assertThat(total(Map.of("type", "request", "price", 0.002))).isEqualByComparingTo("0.002");
        assertThat(total(Map.of("type", "time", "per_second", 0.0004))).isEqualByComparingTo("0.0006");
        assertThat(total(Map.of(
                        "type",
                        "tiered",
                        "tiers",
                        List.of(
                                Map.of("up_to", 800L, "input", 1, "output", 2),
                                Map.of("up_to", 1_200L, "input", 0.5, "output", 1),
                                Map.of("input", 0.1, "output", 0.2)))))
                .isEqualByComparingTo("1.16"); // 0.8 x 1 + 0.2 x 0.5 in, 0.2 x 1 + 0.3 x 0.2 out
    }

    /** What one call costs at a price. */
    private BigDecimal total(Map<String, ?> price) {
        usage = JsonObject.of("input_tokens", 1_000L, "output_tokens", 500L, "cached_tokens", 400L);
        rig.builtins.disable("cost_tracking");
        rig.enable("cost_tracking", "pricing", Map.of(GPT4, price), "alerts", List.of());
        call(GPT4);
        return spent();
    }

    private BigDecimal spent() {
        return (BigDecimal) figures().get("total");
    }

    @Test
    void tiers_countTheTokensOfTheWindow() {
        enable(CostTrackingConfig.builder()
                .price(
                        GPT4,
                        new Pricing.Tiered(List.of(
                                new Pricing.Tier(1_500L, BigDecimal.ONE, BigDecimal.ONE),
                                new Pricing.Tier(null, BigDecimal.ZERO, BigDecimal.ZERO)))));
        call(GPT4);
        call(GPT4);
        assertThat(spent()).isEqualByComparingTo("1.5");

        rig.time.advance(Duration.ofHours(1));
        call(GPT4);
        assertThat(spent()).isEqualByComparingTo("3");
    }

    @Test
    void customPricing_isAskedForTheMostBeforeAndForTheRealUseAfter() {
        List<Long> asked = new ArrayList<>();
        enable(CostTrackingConfig.builder().price("*", new Pricing.Custom(use -> {
            asked.add(use.outputTokens());
            return BigDecimal.valueOf(use.outputTokens());
        })));
        usage = usage(10, 7);

        call("any/model", 50L);

        assertThat(asked).containsExactly(50L, 7L);
        assertThat(spent()).isEqualByComparingTo("7");
    }

    @Test
    void price_isThatOfTheModel_elseOfTheProvider_elseOfAll() {
        enable(CostTrackingConfig.builder()
                .price("a/one", Pricing.request("1"))
                .price("a/*", Pricing.request("2"))
                .price("*", Pricing.request("4")));

        call("a/one");
        assertThat(spent()).isEqualByComparingTo("1");
        call("a/two");
        assertThat(spent()).isEqualByComparingTo("3");
        call("b/one");
        assertThat(spent()).isEqualByComparingTo("7");
    }

    @Test
    void currencies_areConvertedExactly() {
        enable(CostTrackingConfig.builder()
                .currency("EUR")
                .exchangeRate("USD", decimal("0.8"))
                .price(GPT4, Pricing.request("0.5"), "USD"));

        call(GPT4);

        assertThat(figures())
                .containsEntry("currency", "EUR")
                .containsEntry("total", decimal("0.400000"))
                .containsEntry("totals", JsonObject.of("EUR", decimal("0.400000"), "USD", decimal("0.500000")));
    }

    @Test
    void answerOfAHook_costsNothing_andGivesTheReservationBack() {
        enable(prices());
        rig.hooks
                .registry()
                .register(
                        CostTrackingConfig.REQUEST,
                        "answer",
                        context -> HookResult.replace(JsonObject.of("text", "mine", "token_usage", usage(9, 9))));

        call(GPT4);

        assertThat(spent()).isEqualByComparingTo("0");
        assertThat(((JsonObject) figures().get("window")).get("reserved")).isEqualTo(decimal("0.000000"));
    }

    @Test
    void usageThatAHookOfAUserChanges_isPricedAsTheProviderSaidIt() {
        enable(prices());
        rig.hooks
                .registry()
                .register(
                        CostTrackingConfig.RESPONSE,
                        "free",
                        context -> HookResult.replace(JsonObject.of("text", "free", "token_usage", usage(0, 0))));

        call(GPT4);

        assertThat(spent()).isEqualByComparingTo("0.06");
    }

    @Test
    void eachAttempt_isPaid() {
        enable(prices());
        rig.hooks
                .registry()
                .register(
                        CostTrackingConfig.RESPONSE,
                        "again",
                        context -> context.attempt() < 3 ? HookResult.retry(Duration.ZERO, 3) : HookResult.proceed());

        call(GPT4);

        assertThat(spent()).isEqualByComparingTo("0.18");
    }

    @Test
    void failedCall_givesItsReservationBack() {
        enable(prices());
        Passage<Outcome, Outcome> broken = JsonCalls.models(rig.hooks, request -> {
            throw new ArgumentException("planted");
        });

        assertThatThrownBy(() -> broken.call(PLANNER, new Outcome(request(GPT4, 1L)), agent("a")))
                .isInstanceOf(ArgumentException.class);

        assertThat(((JsonObject) figures().get("window")).get("reserved")).isEqualTo(decimal("0.000000"));
    }

    // ---- windows ----

    @Test
    void windows_areKeptAsLongAsTheHistory() {
        enable(prices().aggregationWindow(Duration.ofMinutes(10)).history(Duration.ofMinutes(20)));
        CostReports reports = rig.builtins.view(CostReports.class).orElseThrow();
        for (int i = 0; i < 5; i++) {
            call(GPT4);
            rig.time.advance(Duration.ofMinutes(10));
        }
        call(GPT4);

        JsonObject report = reports.report();
        assertThat((List<?>) report.get("history")).hasSize(2);
        assertThat(report).containsEntry("total", decimal("0.180000")).containsEntry("calls", 3L);
        assertThat((Map<?, ?>) report.get("window")).hasToString("""
                {calls=1, input_tokens=1000, output_tokens=500, began=2025-01-01T00:50:00Z, \
                ends=2025-01-01T01:00:00Z, total=0.060000, reserved=0.000000}""");
    }

    @Test
    void callAcrossTheEndOfAWindow_belongsToTheOneInWhichItBegan() {
        enable(prices().aggregationWindow(Duration.ofSeconds(1)).history(Duration.ofHours(1)));

        call(GPT4); // takes 1.5 s

        JsonObject report = figures();
        assertThat((List<?>) report.get("history"))
                .singleElement()
                .satisfies(window -> assertThat((Map<?, ?>) window).hasToString("""
                        {calls=1, input_tokens=1000, output_tokens=500, began=2025-01-01T00:00:00Z, \
                        ends=2025-01-01T00:00:01Z, total=0.060000, reserved=0.000000}"""));
    }

    // ---- alerts and budgets ----

    @Test
    void alerts_areRaisedOnceAWindow() {
        enable(prices().alert("0.1", CostTrackingConfig.Level.INFO, false)
                .alert("0.15", CostTrackingConfig.Level.WARNING, false));
        look();

        for (int i = 0; i < 4; i++) {
            call(GPT4);
        }
        rig.time.advance(Duration.ofHours(1));
        call(GPT4);
        call(GPT4);

        assertThat(rig.alerts).extracting(BuiltinRig.Alert::type).containsOnly("cost.alert");
        assertThat(rig.alerts)
                .extracting(alert ->
                        alert.payload().get("level") + " " + alert.payload().get("total"))
                .containsExactly("info 0.120000", "warning 0.180000", "info 0.120000");
        assertThat(rig.alerts.get(0).payload())
                .containsEntry("threshold", decimal("0.1"))
                .containsEntry("currency", "USD")
                .containsEntry("model", GPT4)
                .containsEntry("component", "planner");
        assertThat(figures()).containsEntry("alerts_triggered", 3L);
        assertThat(seen.get(1))
                .containsEntry("cost_alert_level", "info")
                .containsEntry("cost_alert_threshold", "0.1")
                .containsEntry("cost_alert_total", "0.120000")
                .containsEntry("cost_alert_message", "the costs of 1h have reached 0.1 USD: 0.120000");
    }

    @Test
    void budget_refusesTheCallThatCouldPassIt_andSaysSoOnce() {
        enable(prices().alert("0.2", CostTrackingConfig.Level.CRITICAL, true));
        usage = usage(30, 500);

        call(GPT4);
        call(GPT4);
        call(GPT4); // 0.0309 each
        call(GPT4);
        call(GPT4);
        LlmSpellException refused = failure(GPT4, 1_000L);
        failure(GPT4, 1_000L);

        assertThat(refused.code()).isEqualTo(ErrorCode.OPERATION_CANCELLED);
        assertThat(refused)
                .hasMessageContaining("the budget of 0.2 USD in 1h leaves no room for a call of " + GPT4)
                .hasMessageContaining("0.154500 are spent, 0.000000 reserved for running calls");
        assertThat(rig.alerts)
                .singleElement()
                .satisfies(alert -> assertThat(alert.payload())
                        .containsEntry("level", "critical")
                        .containsEntry("block", true));
        assertThat(figures()).containsEntry("operations_blocked", 2L).containsEntry("alerts_triggered", 1L);
        assertThat(call(GPT4, 100L)).isNotNull();
        rig.time.advance(Duration.ofHours(1));
        assertThat(call(GPT4, 1_000L)).isNotNull();
    }

    @Test
    void requestWithoutMaxTokens_reservesTheDefault() {
        enable(prices().defaultMaxTokens(1_000).alert("0.07", CostTrackingConfig.Level.CRITICAL, true));
        assertThat(call(GPT4, null)).isNotNull();

        rig.time.advance(Duration.ofHours(1));
        enable(prices().defaultMaxTokens(2_000).alert("0.07", CostTrackingConfig.Level.CRITICAL, true));
        failure(GPT4, null);
    }

    @Test
    void hundredConcurrentRuns_cannotOverspend() throws Exception {
        BigDecimal limit = decimal("1");
        usage = usage(20, 500); // 0.0306 of a bound of 0.03099, so 32 calls fit at once
        CountDownLatch inside = new CountDownLatch(30);
        AtomicInteger ran = new AtomicInteger();
        Passage<Outcome, Outcome> slow = JsonCalls.models(rig.hooks, request -> {
            ran.incrementAndGet();
            inside.countDown();
            assertThat(await(inside)).isTrue();
            return JsonObject.of("text", "x", "token_usage", usage);
        });
        enable(prices().alert("1", CostTrackingConfig.Level.CRITICAL, true));
        ExecutorService threads = Executors.newFixedThreadPool(100);
        AtomicInteger refused = new AtomicInteger();
        for (int i = 0; i < 100; i++) {
            threads.execute(() -> {
                try {
                    slow.call(PLANNER, new Outcome(request(GPT4, 500L)), agent("a"));
                } catch (LlmSpellException failure) {
                    refused.incrementAndGet();
                }
            });
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();

        assertThat(spent()).isLessThanOrEqualTo(limit).isGreaterThan(decimal("0.9"));
        assertThat(ran.get() + refused.get()).isEqualTo(100);
        assertThat(spent()).isEqualByComparingTo(decimal("0.0306").multiply(BigDecimal.valueOf(ran.get())));
        assertThat(((JsonObject) figures().get("window")).get("reserved")).isEqualTo(decimal("0.000000"));
        assertThat(figures()).containsEntry("operations_blocked", (long) refused.get());
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void unpricedModel_isRefusedUnderABudget_elseCountedAndWarned() {
        enable(prices().alert("10", CostTrackingConfig.Level.INFO, false));
        call("openai/gpt-5");
        assertThat(figures()).containsEntry("unpriced_calls", 1L).containsEntry("operations_blocked", 0L);
        assertThat(rig.logger.lines).singleElement().asString().contains("WARN", "no price for model \"openai/gpt-5\"");

        enable(prices().alert("10", CostTrackingConfig.Level.INFO, true));
        assertThat(failure("openai/gpt-5", 5L))
                .hasMessageContaining("no price for model \"openai/gpt-5\"")
                .hasMessageContaining("did you mean \"openai/gpt-4\"?")
                .hasMessageContaining("add hooks.cost_tracking.pricing.\"openai/gpt-5\"");
        assertThat(figures()).containsEntry("unpriced_calls", 2L).containsEntry("operations_blocked", 1L);
    }

    @Test
    void newSettings_keepWhatWasSpent() {
        enable(prices().alert("0.1", CostTrackingConfig.Level.CRITICAL, true));
        call(GPT4);

        enable(prices().alert("0.07", CostTrackingConfig.Level.CRITICAL, true));

        failure(GPT4, 500L);
    }

    @Test
    void failurePolicy_isClosedOnlyUnderABudget() {
        enable(prices().alert("0.1", CostTrackingConfig.Level.INFO, false));
        assertThat(policies()).containsOnly(FailurePolicy.FAIL_OPEN);

        enable(prices().alert("0.1", CostTrackingConfig.Level.INFO, true));
        assertThat(policies()).containsOnly(FailurePolicy.FAIL_CLOSED);
    }

    private List<FailurePolicy> policies() {
        return rig
                .hooks
                .registry()
                .list(new HookFilter(null, null, null, "cost_tracking", HookOptions.HIGHEST, HookOptions.LOWEST, true))
                .stream()
                .map(HookInfo::options)
                .map(HookOptions::failurePolicy)
                .toList();
    }

    @Test
    void listenerOfAlertsThatFails_changesNothing() {
        try (BuiltinHooks builtins = BuiltinHooks.of(
                rig.hooks,
                BuiltinServices.builder(rig.time)
                        .alerts((type, payload, caller) -> {
                            throw new IllegalStateException("planted");
                        })
                        .build())) {
            builtins.enable(
                    prices().alert("0.01", CostTrackingConfig.Level.INFO, true).build());
            builtins.enable(
                    prices().alert("0.01", CostTrackingConfig.Level.INFO, false).build());

            assertThat(call(GPT4)).isNotNull();
            builtins.disable("cost_tracking");
        }
    }

    @Test
    void responsePointAlone_observes() {
        enable(prices().points(List.of(CostTrackingConfig.RESPONSE)).alerts(List.of()));

        call(GPT4);

        assertThat(spent()).isEqualByComparingTo("0.06");
    }

    // ---- settings ----

    @Test
    void defaults_haveTheAlertsOfTheGuideOnlyWithPrices() {
        assertThat(CostTrackingConfig.builder().build().alerts()).isEmpty();
        assertThat(prices().build().alerts())
                .extracting(alert -> alert.threshold() + " " + alert.level() + " " + alert.block())
                .containsExactly("10 INFO false", "50 WARNING false", "100 CRITICAL true");
    }

    @Test
    void options_thatCannotWork_areRefusedWithOneClearError() {
        refused("alerts", List.of(JsonObject.of("threshold", -5L)))
                .hasMessageContaining("hooks.cost_tracking.alerts[0].threshold: is -5");
        refused("alerts", List.of(JsonObject.of("threshold", 0L))).hasMessageContaining("more than 0");
        refused("alerts", List.of(JsonObject.of("level", "info"))).hasMessageContaining("threshold");
        refused("pricing", JsonObject.of("gpt-4", JsonObject.of("input", 1L, "output", 1L)))
                .hasMessageContaining("model in the price table is \"gpt-4\"")
                .hasMessageContaining("provider/model");
        refused("pricing", JsonObject.of(GPT4, JsonObject.of("input", 1L)))
                .hasMessageContaining("hooks.cost_tracking.pricing.openai/gpt-4.output");
        refused("pricing", JsonObject.of(GPT4, JsonObject.of("input", -1L, "output", 1L)))
                .hasMessageContaining("hooks.cost_tracking.pricing.openai/gpt-4.input: is -1");
        refused("pricing", JsonObject.of(GPT4, JsonObject.of("type", "custom")))
                .hasMessageContaining("CostTrackingConfig.builder()");
        refused("pricing", JsonObject.of(GPT4, JsonObject.of("type", "tiered")))
                .hasMessageContaining("at least one tier");
        refused("pricing", JsonObject.of(GPT4, JsonObject.of("input", 1L, "output", 1L, "currency", "EUR")))
                .hasMessageContaining("EUR");
        refused("exchange_rates", JsonObject.of("EUR", 0L)).hasMessageContaining("more than 0");
        refused("currency", "Dollar").hasMessageContaining("three capital letters");
        refused("aggregation_window", "1ms").hasMessageContaining("aggregation_window");
        refused("points", List.of("ToolError")).hasMessageContaining("agent_model_request");
        assertThat(rig.builtins.isEnabled("cost_tracking")).isFalse();
    }

    private org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refused(String name, Object value) {
        return assertThatThrownBy(() -> rig.enable("cost_tracking", name, value))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void budgetWithoutTheRequestPoint_isRefused() {
        assertThatThrownBy(() ->
                        prices().points(List.of(CostTrackingConfig.RESPONSE)).build())
                .hasMessageContaining("block = true");
    }

    @Test
    void values_areReadBackAsTheSameSettings() {
        CostTrackingConfig config = prices().currency("CHF")
                .exchangeRate("USD", decimal("0.91"))
                .price("a/b", new Pricing.Time(decimal("0.5"), Duration.ofSeconds(90)), "USD")
                .price("c/d", Pricing.request("2"))
                .price(
                        "e/f",
                        new Pricing.Tiered(List.of(
                                new Pricing.Tier(10L, BigDecimal.ONE, BigDecimal.TEN),
                                new Pricing.Tier(null, BigDecimal.ZERO, BigDecimal.ONE))))
                .trackPerUser(false)
                .alert("5", CostTrackingConfig.Level.WARNING, true)
                .build();

        CostTrackingConfig again = new CostTrackingBuiltin(
                        rig.hooks, BuiltinServices.builder(rig.time).build())
                .read(BuiltinRig.section("cost_tracking", new LinkedHashMap<>(config.values())), List.of());

        assertThat(again).isEqualTo(config);
    }
}

package io.llmspell.hooks.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.agent.AgentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.json.JsonObject;
import io.llmspell.hooks.Hooks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RetryHookTest {
    private static final JsonObject TEN_MS = JsonObject.of("type", "fixed", "base", "10ms");

    private final BuiltinRig rig = new BuiltinRig();
    private final List<LlmSpellException> plan = new ArrayList<>();
    private int runs;

    @AfterEach
    void close() {
        rig.close();
    }

    /** The body fails once for each of these errors, then works. */
    private void failing(LlmSpellException... errors) {
        plan.addAll(List.of(errors));
        rig.body = input -> {
            runs++;
            if (!plan.isEmpty()) {
                throw plan.remove(0);
            }
            return "done";
        };
    }

    private static LlmSpellException error(ErrorCode code, @Nullable Object... details) {
        return new AgentException(code, "planted", JsonObject.of(details), null);
    }

    private static LlmSpellException network() {
        return error(ErrorCode.TOOL_FAILED, "kind", "network");
    }

    private CompletableFuture<Outcome> start() {
        return rig.tool
                .callAsync(BuiltinRig.CALC, new Outcome("in"), BuiltinRig.caller())
                .toFuture();
    }

    /** Runs a call to its end and says after how many milliseconds each attempt began. */
    private List<Long> waits(int attempts) {
        List<Long> waits = new ArrayList<>();
        CompletableFuture<Outcome> call = start();
        for (int attempt = 1; attempt < attempts; attempt++) {
            long waited = 0;
            while (runs == attempt && !call.isDone() && waited < 100_000) {
                rig.time.advance(Duration.ofMillis(1));
                waited++;
            }
            waits.add(waited);
        }
        return waits;
    }

    private static String code(CompletableFuture<Outcome> call) {
        try {
            return String.valueOf(call.join().json());
        } catch (CompletionException failure) {
            return ((LlmSpellException) failure.getCause()).code().id();
        }
    }

    private JsonObject figures() {
        return rig.builtins.statistics("retry");
    }

    @Test
    void operation_thatFailsForAWhile_runsAgainUntilItWorks() {
        failing(network(), error(ErrorCode.TIMEOUT));
        rig.enable("retry", "backoff", TEN_MS);
        List<Map<String, String>> seen = new ArrayList<>();
        rig.look(BuiltinRig.AFTER, context -> seen.add(Map.copyOf(context.metadata())));

        assertThat(waits(3)).containsExactly(10L, 10L);

        assertThat(runs).isEqualTo(3);
        assertThat(seen)
                .singleElement()
                .satisfies(metadata -> assertThat(metadata)
                        .containsEntry("retry_attempt", "3")
                        .containsEntry("retry_delay_ms", "10")
                        .containsEntry("retry_reason", "timeout")
                        .containsEntry("retry_hook_version", "1.0.0"));
        assertThat(figures())
                .containsEntry("attempts", 2L)
                .containsEntry("successes", 1L)
                .containsEntry("exhausted", 0L)
                .containsEntry("retry_reasons", JsonObject.of("connection_error", 1L, "timeout", 1L));
    }

    @Test
    void operation_thatFailsForGood_ends() {
        failing(network(), network(), network(), network());
        rig.enable("retry", "backoff", TEN_MS);

        CompletableFuture<Outcome> call = start();
        rig.time.advance(Duration.ofMillis(10));
        rig.time.advance(Duration.ofMillis(10));

        assertThat(code(call)).isEqualTo("tool_failed");
        assertThat(runs).isEqualTo(3);
        assertThat(figures())
                .containsEntry("attempts", 2L)
                .containsEntry("successes", 0L)
                .containsEntry("exhausted", 1L);
    }

    @Test
    void backoff_growsAsTheStrategySays() {
        rig.enable("retry", "max_attempts", 5L);
        failing(network(), network(), network(), network());
        assertThat(waits(5)).containsExactly(100L, 200L, 400L, 800L);

        assertThat(waitsOf("fixed")).containsExactly(100L, 100L, 100L, 100L);
        assertThat(waitsOf("linear")).containsExactly(100L, 200L, 300L, 400L);
        assertThat(waitsOf("fibonacci")).containsExactly(100L, 100L, 200L, 300L);
    }

    private List<Long> waitsOf(String strategy) {
        runs = 0;
        rig.time.advance(Duration.ofSeconds(30)); // the gate allows ten retries in ten seconds
        rig.enable("retry", "max_attempts", 5L, "backoff", strategy);
        failing(network(), network(), network(), network());
        return waits(5);
    }

    @Test
    void kinds_decideWhatRunsAgain() {
        rig.enable("retry", "backoff", TEN_MS);
        assertThat(runsOf(error(ErrorCode.VALIDATION_FAILED))).isEqualTo(1);
        assertThat(runsOf(error(ErrorCode.TOOL_FAILED, "kind", "not_found"))).isEqualTo(1);
        assertThat(runsOf(error(ErrorCode.PROVIDER_ERROR))).isEqualTo(2);
        assertThat(runsOf(error(ErrorCode.STORE_UNAVAILABLE))).isEqualTo(2);
        assertThat(runsOf(error(ErrorCode.PROVIDER_ERROR, "status", 503))).isEqualTo(2);
        assertThat(runsOf(error(ErrorCode.RATE_LIMITED))).isEqualTo(2);

        rig.enable(
                "retry",
                "backoff",
                TEN_MS,
                "retryable",
                List.of("timeout", "not_found", "connection_error"),
                "non_retryable",
                List.of("connection_error"),
                "retry_on_timeout",
                false,
                "retry_on_rate_limit",
                false);
        assertThat(runsOf(error(ErrorCode.TOOL_FAILED, "kind", "not_found"))).isEqualTo(2);
        assertThat(runsOf(error(ErrorCode.TIMEOUT))).isEqualTo(1);
        assertThat(runsOf(network())).isEqualTo(1);
        assertThat(runsOf(error(ErrorCode.RATE_LIMITED))).isEqualTo(1);
    }

    private int runsOf(LlmSpellException failure) {
        runs = 0;
        plan.clear();
        failing(failure);
        CompletableFuture<Outcome> call = start();
        rig.time.advance(Duration.ofMillis(10));
        code(call);
        return runs;
    }

    @Test
    void wrappedError_isOfTheKindOfItsCause() {
        rig.enable("retry", "backoff", TEN_MS);
        failing(new AgentException(ErrorCode.AGENT_FAILED, "planted", Map.of(), network()));

        assertThat(waits(2)).containsExactly(10L);
        assertThat((Map<?, ?>) figures().get("retry_reasons")).hasToString("{connection_error=1}");
    }

    @Test
    void retryAfter_isObeyed() {
        rig.enable("retry", "backoff", TEN_MS);
        failing(error(ErrorCode.RATE_LIMITED, "retry_after", "2"), error(ErrorCode.RATE_LIMITED, "retry_after_ms", 5));

        assertThat(waits(3)).containsExactly(2_000L, 10L);
    }

    @Test
    void maxRetryDuration_endsTheTrying() {
        rig.enable("retry", "backoff", TEN_MS, "max_attempts", 100L, "max_retry_duration", "25ms");
        failing(network(), network(), network(), network());
        CompletableFuture<Outcome> call = start();
        rig.time.advance(Duration.ofMillis(10));
        rig.time.advance(Duration.ofMillis(10));

        assertThat(code(call)).isEqualTo("tool_failed");
        assertThat(runs).isEqualTo(3);
        assertThat(figures()).containsEntry("exhausted", 1L);
    }

    @Test
    void retry_thatTheGateRefuses_isExhausted() {
        rig.enable("retry", "backoff", JsonObject.of("type", "fixed", "base", "6s", "max", "60s"));
        failing(network());

        assertThat(code(start())).isEqualTo("tool_failed");
        assertThat(figures()).containsEntry("attempts", 1L).containsEntry("exhausted", 1L);
    }

    @Test
    void decisions_areNotTriedAgain() {
        rig.enable("retry", "backoff", TEN_MS, "retryable", List.of("operation_cancelled", "hook_failed", "cancelled"));
        rig.hooks
                .registry()
                .register(
                        BuiltinRig.BEFORE,
                        HookOptions.builder("guard")
                                .failurePolicy(FailurePolicy.FAIL_CLOSED)
                                .build(),
                        context -> HookResult.cancel("no"));

        assertThat(rig.failure("in").getSuppressed()).isEmpty();
        assertThat(figures()).containsEntry("attempts", 0L);
        assertThat(rig.logger.lines).isEmpty();
    }

    @Test
    void openBreakerOfTheComponent_isNotTriedAgain() {
        rig.enable("retry", "backoff", TEN_MS);

        assertThat(runsOf(error(ErrorCode.TOOL_FAILED, "kind", "network", "breaker", "open")))
                .isEqualTo(1);
        assertThat(runsOf(error(ErrorCode.HOOK_UNAVAILABLE))).isEqualTo(1);
    }

    @Test
    void fallbackInAFurtherAttempt_isNoSuccess() {
        rig.enable("retry", "backoff", TEN_MS);
        rig.hooks
                .registry()
                .register(
                        BuiltinRig.BEFORE,
                        "answer",
                        context -> context.attempt() > 1 ? HookResult.replace("instead") : HookResult.proceed());
        failing(network());
        CompletableFuture<Outcome> call = start();
        rig.time.advance(Duration.ofMillis(10));

        assertThat(code(call)).isEqualTo("instead");
        assertThat(figures()).containsEntry("successes", 0L);
    }

    @Test
    void jitter_comesFromTheGivenSource() {
        try (Hooks hooks = Hooks.builder().time(rig.time).build();
                BuiltinHooks builtins = BuiltinHooks.of(
                        hooks,
                        BuiltinServices.builder(rig.time).random(new Random(7)).build())) {
            builtins.enable(RetryConfig.builder().jitter(Jitter.FULL).build());
            double first = new Random(7).nextDouble();
            List<String> seen = new ArrayList<>();
            failing(network());
            CompletableFuture<Outcome> call = other(hooks, seen);
            rig.time.advance(Duration.ofMillis(100));

            assertThat(call).isCompleted();
            assertThat(seen).containsExactly(String.valueOf((long) (first * 100)));
        }
    }

    private CompletableFuture<Outcome> other(Hooks hooks, List<String> seen) {
        hooks.systemLast().register(BuiltinRig.AFTER, "look", context -> {
            seen.add(String.valueOf(context.metadata().get("retry_delay_ms")));
            return HookResult.proceed();
        });
        return JsonCalls.tools(hooks, rig.body)
                .callAsync(BuiltinRig.CALC, new Outcome("in"), BuiltinRig.caller())
                .toFuture();
    }

    @Test
    void options_thatCannotWork_areRefusedWithOneClearError() {
        assertThatThrownBy(() -> rig.enable("retry", "max_attempts", 0L)).hasMessageContaining("max_attempts");
        assertThatThrownBy(() -> rig.enable("retry", "backoff", "quadratic")).hasMessageContaining("fibonacci");
        assertThatThrownBy(() -> rig.enable("retry", "backoff", JsonObject.of("base", "2m")))
                .hasMessageContaining("hooks.retry.backoff")
                .hasMessageContaining("max");
        assertThatThrownBy(() -> rig.enable("retry", "backoff", JsonObject.of("bas", "2m")))
                .hasMessageContaining("hooks.retry.backoff.bas");
        assertThatThrownBy(() -> rig.enable("retry", "points", List.of("BeforeToolExecution")))
                .hasMessageContaining("error point");
        assertThatThrownBy(() -> rig.enable("retry", "jitter", "some")).hasMessageContaining("decorrelated");
    }

    @Test
    void values_areReadBackAsTheSameSettings() {
        RetryConfig config = RetryConfig.builder()
                .points(List.of(HookPoint.AGENT_ERROR))
                .maxAttempts(9)
                .backoff(new Backoff(Backoff.Strategy.LINEAR, Duration.ofMillis(5), 1.5, Duration.ofSeconds(3)))
                .jitter(Jitter.EQUAL)
                .retryable(Set.of("io", "parse"))
                .nonRetryable(Set.of("timeout"))
                .retryOnTimeout(false)
                .retryOnRateLimit(false)
                .maxRetryDuration(Duration.ofMinutes(2))
                .build();

        RetryConfig again = new RetryBuiltin(
                        rig.hooks, BuiltinServices.builder(rig.time).build())
                .read(BuiltinRig.section("retry", new LinkedHashMap<>(config.values())), config.points());

        assertThat(again).isEqualTo(config);
    }
}

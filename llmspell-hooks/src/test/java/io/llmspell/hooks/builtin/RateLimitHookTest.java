package io.llmspell.hooks.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.OperationTargets;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class RateLimitHookTest {
    private final BuiltinRig rig = new BuiltinRig();
    private final AtomicInteger runs = new AtomicInteger();

    @AfterEach
    void close() {
        rig.close();
    }

    /** Two calls at once, one more every second; further options in pairs. */
    private void limit(@Nullable Object... options) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("capacity", 2L);
        all.put("allow_burst", false);
        all.put("refill_rate", 1L);
        for (int i = 0; i < options.length; i += 2) {
            all.put(String.valueOf(options[i]), options[i + 1]);
        }
        rig.builtins.enable("rate_limit", BuiltinRig.section("rate_limit", all));
    }

    private JsonObject figures() {
        return rig.builtins.statistics("rate_limit");
    }

    private static Caller agent(String id) {
        return Caller.of(new Principal.Agent(id), Language.JAVA, new CorrelationId("run-1"));
    }

    /** The output, or the code of the error. */
    private @Nullable Object outcome(Component component, Caller caller) {
        try {
            return rig.tool.call(component, new Outcome("in"), caller).json();
        } catch (LlmSpellException failure) {
            return failure.code().id();
        }
    }

    private CompletableFuture<Outcome> start(Object input) {
        return rig.tool
                .callAsync(BuiltinRig.CALC, new Outcome(input), BuiltinRig.caller())
                .toFuture();
    }

    @Test
    void call_beyondTheLimit_isRefusedUntilATokenIsBack() {
        limit();

        rig.call("in");
        rig.call("in");
        LlmSpellException refused = rig.failure("in");
        rig.time.advance(Duration.ofMillis(999));
        rig.failure("in");
        rig.time.advance(Duration.ofMillis(1));
        rig.call("in");

        assertThat(refused.code()).isEqualTo(ErrorCode.OPERATION_CANCELLED);
        assertThat(refused)
                .hasMessageContaining("rate_limited: tool:calc may run 2 times, with 1 more every 1s; retry after 1 s");
        assertThat(figures())
                .containsEntry("total", 5L)
                .containsEntry("allowed", 3L)
                .containsEntry("rate_limited", 2L)
                .containsEntry("delayed", 0L)
                .containsEntry(
                        "by_key",
                        JsonObject.of(
                                "tool:calc",
                                JsonObject.of("allowed", 3L, "rate_limited", 2L, "delayed", 0L, "remaining", 0L)));
    }

    @Test
    void bucket_startsWithCapacityAndBurst() {
        rig.enable("rate_limit", "capacity", 3L, "burst_capacity", 2L, "refill_rate", 1L);

        for (int i = 0; i < 5; i++) {
            rig.call(i);
        }

        assertThat(rig.failure("in")).hasMessageContaining("a burst of 2");
    }

    @Test
    void strategies_shareTheLimitAmongWhatTheySay() {
        Component other = Component.named(ComponentType.TOOL, "other");
        List<Object> seen = new ArrayList<>();
        for (String strategy : List.of("per_component", "global", "per_user")) {
            limit("strategy", strategy, "capacity", 1L);
            seen.add(outcome(BuiltinRig.CALC, agent("a")));
            seen.add(outcome(other, agent("a")));
            seen.add(outcome(BuiltinRig.CALC, agent("b")));
        }

        assertThat(seen)
                .containsExactly(
                        "in",
                        "in",
                        "operation_cancelled",
                        "in",
                        "operation_cancelled",
                        "operation_cancelled",
                        "in",
                        "operation_cancelled",
                        "in");
    }

    @Test
    void keyPattern_isFilledIn() {
        limit("strategy", "per_key", "key_pattern", "{user}/{component}@{hook_point}");

        rig.call("in", agent("a"));

        assertThat(((Map<?, ?>) figures().get("by_key")).keySet()).hasToString("[agent:a/calc@BeforeToolExecution]");
    }

    @Test
    void keyFunction_decidesInJava() {
        rig.builtins.enable(RateLimitConfig.builder()
                .key(context -> String.valueOf(context.data()))
                .capacity(1)
                .burst(0)
                .build());

        rig.call("a");
        rig.call("b");

        assertThat(rig.failure("a")).hasMessageContaining("rate_limited: a may run");
    }

    @Test
    void customLimits_holdForTheirKeys() {
        Component other = Component.named(ComponentType.TOOL, "other");
        limit("custom_limits", JsonObject.of("other", JsonObject.of("capacity", 1L)));

        assertThat(outcome(other, BuiltinRig.caller())).isEqualTo("in");
        assertThat(outcome(other, BuiltinRig.caller())).isEqualTo("operation_cancelled");
        rig.call("in");
        rig.call("in");
    }

    @Test
    void headers_sayWhereTheLimitStands() {
        limit("burst_capacity", 2L, "allow_burst", true);
        List<Map<String, String>> seen = new ArrayList<>();
        rig.look(BuiltinRig.BEFORE, context -> seen.add(Map.copyOf(context.metadata())));
        rig.look(BuiltinRig.ERROR, context -> seen.add(Map.copyOf(context.metadata())));

        for (int i = 0; i < 4; i++) {
            rig.call(i);
        }
        rig.failure("in");

        assertThat(seen.get(0))
                .containsEntry("X-RateLimit-Limit", "2")
                .containsEntry("X-RateLimit-Burst", "2")
                .containsEntry("X-RateLimit-Remaining", "3")
                .containsEntry("X-RateLimit-Reset", "1")
                .containsEntry("rate_limit_hook_version", "1.0.0")
                .doesNotContainKeys("X-RateLimit-Retry-After", "X-RateLimit-Warning");
        assertThat(seen.get(3))
                .containsEntry("X-RateLimit-Remaining", "0")
                .containsEntry("X-RateLimit-Warning", "4 of 4 used for tool:calc");
        assertThat(seen.get(4))
                .containsEntry("X-RateLimit-Remaining", "0")
                .containsEntry("X-RateLimit-Retry-After", "1")
                .containsEntry("X-RateLimit-Reset", "4");
        assertThat(figures()).containsEntry("warnings", 1L);
    }

    @Test
    void headers_canBeRenamedAndSwitchedOff() {
        List<Set<String>> seen = new ArrayList<>();
        rig.look(
                BuiltinRig.BEFORE,
                context -> seen.add(Set.copyOf(context.metadata().keySet())));
        limit("header_prefix", "rl-");
        rig.call("in");
        limit("add_headers", false);
        rig.call("in");

        assertThat(seen.get(0)).contains("rl-Limit", "rl-Remaining");
        assertThat(seen.get(1)).containsExactly("rate_limit_hook_version");
    }

    @Test
    void fullMetadata_doesNotSwitchTheGuardOff() {
        limit("capacity", 1L);
        rig.hooks.registry().register(BuiltinRig.VALIDATION, "filler", context -> {
            for (int i = 0; context.metadata().size() < 64; i++) {
                context.putMetadata("filler" + i, "x");
            }
            return HookResult.proceed();
        });

        rig.call("in");

        assertThat(rig.failure("in")).hasMessageContaining("rate_limited");
    }

    // ---- delay ----

    @Test
    void delay_waitsExactlyForTheToken_andWaitersDoNotRace() {
        limit("action", "delay");
        rig.call("in");
        rig.call("in");

        CompletableFuture<Outcome> first = start("first");
        CompletableFuture<Outcome> second = start("second");
        rig.time.advance(Duration.ofMillis(999));
        assertThat(first).isNotDone();
        rig.time.advance(Duration.ofMillis(1));
        assertThat(first).isCompleted();
        assertThat(second).isNotDone();
        rig.time.advance(Duration.ofSeconds(1));
        assertThat(second).isCompleted();

        assertThat(figures())
                .containsEntry("total", 4L)
                .containsEntry("allowed", 4L)
                .containsEntry("rate_limited", 2L)
                .containsEntry("delayed", 2L);
    }

    @Test
    void delay_longerThanAllowed_isRefusedWithTheWait() {
        limit("action", "delay", "max_delay", "1500ms");
        rig.call("in");
        rig.call("in");
        CompletableFuture<Outcome> waits = start("in");

        assertThat(rig.failure("in")).hasMessageContaining("retry after 2 s");
        assertThat(waits).isNotDone();
    }

    @Test
    void delay_marksTheMetadata() {
        limit("action", "delay", "capacity", 1L);
        List<String> seen = new ArrayList<>();
        rig.look(
                BuiltinRig.BEFORE,
                context -> seen.add(String.valueOf(context.metadata().get("rate_limit_delay_ms"))));
        rig.call("in");
        CompletableFuture<Outcome> waits = start("in");
        rig.time.advance(Duration.ofSeconds(1));

        assertThat(waits).isCompleted();
        assertThat(seen).containsExactly("null", "1000");
    }

    @Test
    void delay_thatTheGateRefuses_givesTheTokenBack() {
        limit("action", "delay", "max_delay", "60s", "refill_interval", "10s"); // the gate waits for 5 s at most
        rig.call("in");
        rig.call("in");

        assertThat(rig.failure("in").code()).isEqualTo(ErrorCode.RETRY_EXHAUSTED);
        assertThat(rig.failure("in").code()).isEqualTo(ErrorCode.RETRY_EXHAUSTED);
        rig.time.advance(Duration.ofSeconds(10));

        assertThat(rig.call("in")).isEqualTo("in");
    }

    // ---- redirect, cached ----

    @Test
    void redirect_letsThePeerDoTheWork() {
        rig.hooks.targets(new OperationTargets() {
            @Override
            public Mono<Outcome> start(OperationKind kind, String target, @Nullable Object input, Caller caller) {
                return Mono.just(new Outcome(target + "(" + input + ")"));
            }

            @Override
            public Set<OperationKind> kinds() {
                return Set.of(OperationKind.TOOL_CALL);
            }
        });
        limit("action", "redirect", "redirect_to", "slow_calc", "capacity", 1L);

        assertThat(rig.call("in")).isEqualTo("in");
        assertThat(rig.call("in")).isEqualTo("slow_calc(in)");
    }

    @Test
    void returnCached_givesTheLastOutputOfTheSameRequest_elseRefuses() {
        rig.body = input -> input + " " + runs.incrementAndGet();
        limit("action", "return_cached");
        List<String> seen = new ArrayList<>();
        rig.look(
                BuiltinRig.AFTER,
                context -> seen.add(String.valueOf(context.metadata().get("use_cached_result"))));

        assertThat(rig.call("in")).isEqualTo("in 1");
        assertThat(rig.call("in")).isEqualTo("in 2");
        assertThat(rig.call("in")).isEqualTo("in 2");
        assertThat(rig.failure("other")).hasMessageContaining("rate_limited");
        assertThat(outcome(BuiltinRig.CALC, agent("another"))).isEqualTo("operation_cancelled");
        assertThat(seen).containsExactly("null", "null", "true");
    }

    @Test
    void returnCached_keepsGuardsInForceAndForgetsFailures() {
        limit("action", "return_cached", "capacity", 1L);
        rig.failing();
        rig.failure("in");

        assertThat(rig.failure("in")).hasMessageContaining("rate_limited");

        rig.time.advance(Duration.ofSeconds(1));
        rig.body = input -> "good";
        rig.call("in");
        rig.hooks
                .registry()
                .register(
                        BuiltinRig.BEFORE,
                        HookOptions.builder("guard")
                                .failurePolicy(FailurePolicy.FAIL_CLOSED)
                                .build(),
                        context -> HookResult.cancel("guarded"));
        assertThat(rig.failure("in")).hasMessageContaining("guarded");
    }

    // ---- the guard ----

    @Test
    void changedSubject_takesOneTokenOnly() {
        limit();
        rig.hooks
                .registry()
                .register(BuiltinRig.BEFORE, "change", context -> HookResult.modified(context.data() + "!"));

        assertThat(rig.call("in")).isEqualTo("in!");
        assertThat(rig.call("in")).isEqualTo("in!");

        rig.failure("in");
    }

    @Test
    void furtherAttempt_takesAFurtherToken() {
        limit();
        rig.hooks
                .registry()
                .register(
                        BuiltinRig.AFTER,
                        "again",
                        context -> context.attempt() < 2 ? HookResult.retry(Duration.ZERO, 3) : HookResult.proceed());

        rig.call("in");

        assertThat(figures()).containsEntry("allowed", 2L);
    }

    @Test
    void keyFunction_thatFails_refusesTheOperation() {
        rig.builtins.enable(RateLimitConfig.builder()
                .key(context -> {
                    throw new IllegalStateException("planted");
                })
                .build());

        assertThat(rig.failure("in").code()).isEqualTo(ErrorCode.HOOK_FAILED);
    }

    @Test
    void changeOfOtherSettings_keepsTheBuckets() {
        limit();
        rig.call("in");
        rig.call("in");

        limit("warning_threshold", 0.5);

        rig.failure("in");
    }

    @Test
    void buckets_areBoundedInNumberAndForgottenWhenIdle() {
        limit("strategy", "per_user", "max_buckets", 3L, "bucket_ttl", "10s", "capacity", 1L);
        for (int i = 0; i < 50; i++) {
            rig.call("in", agent("a" + i));
        }
        assertThat((Map<?, ?>) figures().get("by_key")).hasSizeLessThanOrEqualTo(3);

        rig.time.advance(Duration.ofSeconds(11));
        rig.call("in", agent("fresh"));
        assertThat((Map<?, ?>) figures().get("by_key")).hasSize(1);
    }

    @Test
    void order_isInFrontOfHooksOfUsers() {
        limit();
        rig.hooks
                .registry()
                .register(
                        BuiltinRig.BEFORE,
                        HookOptions.builder("mine")
                                .priority(HookOptions.HIGHEST)
                                .build(),
                        context -> HookResult.proceed());

        String order = rig.hooks.registry().explain(BuiltinRig.BEFORE);

        assertThat(order.indexOf("rate_limit")).isBetween(0, order.indexOf("mine"));
    }

    @Test
    void options_thatCannotWork_areRefusedWithOneClearError() {
        assertThatThrownBy(() -> limit("action", "redirect")).hasMessageContaining("redirect_to");
        assertThatThrownBy(() -> limit("strategy", "per_key")).hasMessageContaining("key_pattern");
        assertThatThrownBy(() -> limit("strategy", "per_key", "key_pattern", "{usr}"))
                .hasMessageContaining("{user}");
        assertThatThrownBy(() -> limit("strategy", "custom")).hasMessageContaining("RateLimitConfig.builder()");
        assertThatThrownBy(() -> limit("warning_threshold", 1.1)).hasMessageContaining("warning_threshold");
        assertThatThrownBy(() -> limit("capacity", 0L)).hasMessageContaining("capacity");
        assertThatThrownBy(() -> limit("refill_rate", 10L, "refill_interval", "5ns"))
                .hasMessageContaining("refill");
        assertThatThrownBy(() -> limit("burst", 5L)).hasMessageContaining("no such option");
        assertThat(rig.builtins.isEnabled("rate_limit")).isFalse();
    }

    @Test
    void values_areReadBackAsTheSameSettings() {
        RateLimitConfig config = RateLimitConfig.builder()
                .points(List.of(HookPoint.TOOL_VALIDATION))
                .perKey("{user}")
                .capacity(5)
                .burst(0)
                .refill(3, Duration.ofMillis(1_500))
                .customLimit("host", new RateLimitConfig.Limit(9, 1, 2, Duration.ofSeconds(3)))
                .action(RateLimitConfig.Action.DELAY)
                .build();

        RateLimitConfig again = new RateLimitBuiltin(
                        rig.hooks, BuiltinServices.builder(rig.time).build())
                .read(BuiltinRig.section("rate_limit", new LinkedHashMap<>(config.values())), config.points());

        assertThat(again).isEqualTo(config);
    }
}

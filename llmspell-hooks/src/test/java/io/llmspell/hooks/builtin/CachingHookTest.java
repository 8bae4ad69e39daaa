package io.llmspell.hooks.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
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
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CachingHookTest {
    private final BuiltinRig rig = new BuiltinRig();
    private final AtomicInteger runs = new AtomicInteger();

    @BeforeEach
    void bodyTakesTwentyMillis() {
        rig.body = input -> {
            rig.time.advance(Duration.ofMillis(20));
            return "run " + runs.incrementAndGet();
        };
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private JsonObject figures() {
        return rig.builtins.statistics("caching");
    }

    private static Caller agent(String id) {
        return Caller.of(new Principal.Agent(id), Language.JAVA, new CorrelationId("run-1"));
    }

    @Test
    void call_theSameInputAgain_doesNotRunTheBody() {
        rig.enable("caching");

        assertThat(rig.call("in")).isEqualTo("run 1");
        assertThat(rig.call("in")).isEqualTo("run 1");
        assertThat(rig.call("other")).isEqualTo("run 2");

        assertThat(runs).hasValue(2);
        assertThat(figures())
                .containsEntry("attempts", 3L)
                .containsEntry("hits", 1L)
                .containsEntry("misses", 2L)
                .containsEntry("puts", 2L)
                .containsEntry("entries", 2L)
                .containsEntry("evictions", 0L)
                .containsEntry("errors", 0L)
                .containsEntry("time_saved_ms", 20L)
                .containsEntry("hit_ratio", 1.0 / 3);
    }

    @Test
    void key_otherOrderOfMembersAndFormOfNumbers_isTheSame() {
        rig.enable("caching");

        rig.call(JsonObject.of("a", 1L, "b", List.of(new BigDecimal("2.50"), 3.0)));
        rig.call(JsonObject.of("b", List.of(2.5, 3L), "a", new BigDecimal("1.000")));

        assertThat(runs).hasValue(1);
    }

    @Test
    void key_anotherPrincipal_isAnotherOne() {
        rig.enable("caching", "use_full_context", false);

        rig.call("in", agent("a"));
        rig.call("in", agent("b"));
        rig.call("in", agent("a"));

        assertThat(runs).hasValue(2);
    }

    @Test
    void key_anotherComponent_isTheSameOnlyWithoutFullContext() {
        Component other = Component.named(ComponentType.TOOL, "other");
        rig.enable("caching");
        rig.call("in");
        rig.tool.call(other, new Outcome("in"), BuiltinRig.caller());
        assertThat(runs).hasValue(2);

        rig.enable("caching", "use_full_context", false);
        rig.call("in");
        rig.tool.call(other, new Outcome("in"), BuiltinRig.caller());
        assertThat(runs).hasValue(3);
    }

    @Test
    void output_ofAQuickOperation_isNotKept() {
        rig.enable("caching", "min_execution_time", "21ms");

        rig.call("in");
        rig.call("in");

        assertThat(runs).hasValue(2);
    }

    @Test
    void output_afterItsTime_isMadeAnew() {
        rig.enable("caching", "default_ttl", "10s");

        rig.call("in");
        rig.time.advance(Duration.ofMillis(9_999));
        rig.call("in");
        assertThat(runs).hasValue(1);
        rig.time.advance(Duration.ofMillis(1));
        rig.call("in");

        assertThat(runs).hasValue(2);
    }

    @Test
    void hit_withExtension_keepsTheOutputFreshLonger() {
        rig.enable("caching", "default_ttl", "10s", "extend_ttl_on_hit", true, "ttl_extension", "5s");

        rig.call("in");
        rig.time.advance(Duration.ofSeconds(9));
        rig.call("in");
        rig.time.advance(Duration.ofSeconds(5));
        rig.call("in");

        assertThat(runs).hasValue(1);
    }

    @Test
    void entries_beyondTheirNumber_areEvicted() {
        rig.enable("caching", "max_entries", 2L);

        for (int i = 0; i < 10; i++) {
            rig.call(i);
        }

        assertThat(figures()).containsEntry("entries", 2L).containsEntry("evictions", 8L);
    }

    @Test
    void metadata_saysHitAndTimes() {
        rig.enable("caching");
        String began = rig.time.now().toString();
        StringBuilder seen = new StringBuilder();
        rig.look(BuiltinRig.AFTER, context -> seen.append(context.metadata()));

        rig.call("in");
        assertThat(seen).contains("cache_hit=false", "cache_checked_at=" + began, "caching_hook_version=1.0.0");
        seen.setLength(0);
        rig.call("in");
        assertThat(seen).contains("cache_hit=true", "cached_at=2025-01-01T00:00:00.020Z");
    }

    @Test
    void hooksAfterTheOperation_changeAnAnswerFromTheCacheOnce() {
        rig.enable("caching");
        rig.hooks.registry().register(BuiltinRig.AFTER, "mark", context -> HookResult.modified(context.data() + "!"));

        assertThat(rig.call("in")).isEqualTo("run 1!");
        assertThat(rig.call("in")).isEqualTo("run 1!");
        assertThat(runs).hasValue(1);
    }

    @Test
    void output_thatAGuardWithheld_isNotKept() {
        rig.enable("caching");
        AtomicInteger asked = new AtomicInteger();
        rig.hooks
                .registry()
                .register(
                        BuiltinRig.AFTER,
                        guard("withhold"),
                        context -> asked.getAndIncrement() == 0 ? HookResult.cancel("no") : HookResult.proceed());

        rig.failure("in");
        assertThat(figures()).containsEntry("puts", 0L);
        assertThat(rig.call("in")).isEqualTo("run 2");
    }

    @Test
    void guards_areAskedAboutAHitToo() {
        rig.enable("caching");
        rig.call("in");
        rig.hooks.registry().register(BuiltinRig.BEFORE, guard("no"), context -> HookResult.cancel("not any more"));

        assertThat(rig.failure("in").code()).isEqualTo(ErrorCode.OPERATION_CANCELLED);
    }

    @Test
    void answerOfAnotherHook_isNotKept() {
        rig.enable("caching", "min_execution_time", "0");
        rig.hooks.registry().register(BuiltinRig.BEFORE, "answer", context -> HookResult.replace("mine"));

        rig.call("in");

        assertThat(figures()).containsEntry("puts", 0L);
    }

    @Test
    void fallbackOnError_isNotKept() {
        rig.enable("caching", "min_execution_time", "0");
        rig.failing();
        rig.hooks.registry().register(BuiltinRig.ERROR, "fallback", context -> HookResult.replace("instead"));

        assertThat(rig.call("in")).isEqualTo("instead");

        assertThat(figures()).containsEntry("puts", 0L);
    }

    @Test
    void outputThatAHookRejectedByRetry_isNeitherKeptNorGivenAgain() {
        rig.enable("caching");
        rig.hooks
                .registry()
                .register(
                        BuiltinRig.AFTER,
                        "better",
                        context -> context.data().equals("run 1")
                                ? HookResult.retry(Duration.ZERO, 3)
                                : HookResult.proceed());

        assertThat(rig.call("in")).isEqualTo("run 2");
        assertThat(figures()).containsEntry("puts", 1L);
        assertThat(rig.call("in")).isEqualTo("run 2");
        assertThat(runs).hasValue(2);
    }

    @Test
    void keptOutputThatAHookRejectsByRetry_isMadeAnew() {
        rig.enable("caching");
        rig.call("in");
        rig.hooks
                .registry()
                .register(
                        BuiltinRig.AFTER,
                        "fresh",
                        context -> context.operation().replaced()
                                ? HookResult.retry(Duration.ZERO, 3)
                                : HookResult.proceed());

        assertThat(rig.call("in")).isEqualTo("run 2");
    }

    @Test
    void outputThatSaysNoSuccess_isKeptByTheStrategyAllOnly() {
        rig.body = input -> {
            rig.time.advance(Duration.ofMillis(20));
            runs.incrementAndGet();
            return JsonObject.of("success", false);
        };
        rig.enable("caching");
        rig.call("in");
        rig.call("in");
        assertThat(runs).hasValue(2);

        rig.enable("caching", "strategy", "all");
        rig.call("in");
        rig.call("in");
        assertThat(runs).hasValue(3);
    }

    @Test
    void kinds_keepOutputsOfTheseKindsOnly() {
        rig.enable("caching", "strategy", "kinds", "kinds", List.of("agent_run"));
        rig.call("in");
        rig.call("in");
        assertThat(runs).hasValue(2);

        rig.builtins.enable(
                CachingConfig.builder().kinds(Set.of(OperationKind.TOOL_CALL)).build());
        rig.call("in");
        rig.call("in");
        assertThat(runs).hasValue(3);
    }

    @Test
    void condition_decidesInJava_andItsFailureIsCounted() {
        rig.builtins.enable(CachingConfig.builder()
                .condition(operation -> {
                    if ("bad".equals(operation.input())) {
                        throw new IllegalStateException("planted");
                    }
                    return "keep".equals(operation.input());
                })
                .build());

        for (String input : List.of("keep", "keep", "drop", "drop", "bad")) {
            rig.call(input);
        }

        assertThat(runs).hasValue(4);
        assertThat(figures()).containsEntry("errors", 1L).containsEntry("puts", 1L);
    }

    @Test
    void errors_areKeptOnlyOnDemand() {
        rig.failing();
        rig.enable("caching", "min_execution_time", "0");
        rig.failure("in");
        assertThat(rig.failure("in").code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);

        rig.enable("caching", "min_execution_time", "0", "cache_errors", true);
        rig.failure("in");
        assertThat(rig.failure("in"))
                .hasMessageContaining("the same call failed before")
                .hasMessageContaining("invalid_argument");
        assertThat(figures()).containsEntry("hits", 1L).containsEntry("puts", 1L);
    }

    @Test
    void points_ofOtherOperations_areCachedToo() {
        rig.enable("caching", "points", List.of("ToolValidation"));

        rig.call("in");
        rig.call("in");

        assertThat(runs).hasValue(1);
        assertThat(rig.builtins.list())
                .filteredOn(info -> info.name().equals("caching"))
                .singleElement()
                .satisfies(info -> assertThat(info.points()).containsExactly(HookPoint.TOOL_VALIDATION));
    }

    @Test
    void disable_removesTheTapToo() {
        rig.enable("caching");
        assertThat(rig.hooks.registry().explain(BuiltinRig.AFTER)).contains("caching_tap");
        rig.enable("caching", "max_entries", 5L);
        assertThat(rig.hooks.registry().explain(BuiltinRig.AFTER)).contains("caching_tap");

        rig.builtins.disable("caching");

        assertThat(rig.hooks.registry().explain(BuiltinRig.AFTER)).doesNotContain("caching_tap");
        assertThat(rig.call("in")).isEqualTo("run 1");
    }

    @Test
    void options_thatCannotWork_areRefusedWithOneClearError() {
        assertThatThrownBy(() -> rig.enable("caching", "strategy", "custom"))
                .hasMessageContaining("hooks.caching.strategy")
                .hasMessageContaining("CachingConfig.builder()");
        assertThatThrownBy(() -> rig.enable("caching", "points", List.of("AfterToolExecution")))
                .hasMessageContaining("AfterToolExecution");
        assertThatThrownBy(() -> rig.enable("caching", "cacheable_points", List.of("BeforeStateWrite")))
                .hasMessageContaining("non_cacheable");
        assertThatThrownBy(() -> rig.enable("caching", "strategy", "kinds")).hasMessageContaining("kinds");
        assertThatThrownBy(() -> rig.enable("caching", "kinds", List.of("toolcall")))
                .hasMessageContaining("tool_call");
        assertThatThrownBy(() -> rig.enable("caching", "max_entries", 0L)).hasMessageContaining("max_entries");
        assertThatThrownBy(() -> rig.enable("caching", "defaultttl", "5s")).hasMessageContaining("default_ttl");
        assertThat(rig.builtins.isEnabled("caching")).isFalse();
    }

    @Test
    void values_areReadBackAsTheSameSettings() {
        CachingConfig config = CachingConfig.builder()
                .maxEntries(7)
                .defaultTtl(Duration.ofMinutes(90))
                .kinds(Set.of(OperationKind.MODEL_CALL))
                .extendTtlOnHit(Duration.ofMillis(1_500))
                .cacheErrors(true)
                .build();

        Map<String, Object> values = new java.util.LinkedHashMap<>(config.values());
        CachingConfig again = new CachingBuiltin(
                        rig.hooks, BuiltinServices.builder(rig.time).build())
                .read(BuiltinRig.section("caching", values), List.of());

        assertThat(again).isEqualTo(config);
    }

    private static HookOptions guard(String name) {
        return HookOptions.builder(name)
                .failurePolicy(FailurePolicy.FAIL_CLOSED)
                .build();
    }
}

package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.ForkOperation;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookRegistration;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.json.JsonObject;
import io.llmspell.hooks.builtin.BuiltinHooks;
import io.llmspell.hooks.builtin.BuiltinServices;
import io.llmspell.hooks.builtin.CostTrackingConfig;
import io.llmspell.hooks.builtin.JsonCalls;
import io.llmspell.hooks.builtin.Pricing;
import io.llmspell.hooks.coordination.ExecutionChain;
import io.llmspell.hooks.coordination.SelectiveHooks;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is given wrongly to registry, hooks' results and composites: input, code, text. */
@SuppressWarnings("NullAway") // nulls where none are allowed are what this is about
class BadHookInputTest {
    private static final Hook HOOK = context -> HookResult.proceed();
    private static final Duration AGES = Duration.ofSeconds(Long.MAX_VALUE);

    /** Something that must be refused. */
    private interface Use {
        Object of(Rig rig) throws Exception;
    }

    private static Arguments row(String what, Use use, String text) {
        return arguments(what, use, text);
    }

    private static <T> T none() {
        return null;
    }

    static Stream<Arguments> registrations() {
        Function<Rig, HookRegistry> registry = rig -> rig.hooks.registry();
        return Stream.of(
                row(
                        "unknown point",
                        rig -> HookPoint.parse("BeforeToolExecuton"),
                        "no hook point is named \"BeforeToolExecuton\", did you mean BeforeToolExecution"),
                row(
                        "unknown point, by constructor",
                        rig -> new HookPoint("before_tool_execution"),
                        "did you mean BeforeToolExecution"),
                row("unknown point, empty", rig -> HookPoint.parse(""), "[unknown_hook_point]"),
                row(
                        "unknown point, very long",
                        rig -> HookPoint.parse("x".repeat(100_000)),
                        "x...\" (points of your own are custom:NAME) [unknown_hook_point]"),
                row("no point", rig -> new HookPoint(none()), "hook point is \"null\", but must be "),
                row("no point to parse", rig -> HookPoint.parse(none()), "hook point is \"null\", but must be "),
                row(
                        "custom point with a blank",
                        rig -> HookPoint.custom("a b"),
                        "custom hook point is \"a b\", but must be 1 to 128 letters, digits and _ - . : [invalid_argument]"),
                row(
                        "no point at registering",
                        rig -> registry.apply(rig).register(none(), "h", HOOK),
                        "hook point is \"null\", but must be "),
                row(
                        "no hook",
                        rig -> registry.apply(rig).register(Rig.BEFORE, "h", none()),
                        "hook is \"null\", but must be "),
                row(
                        "no reactive hook",
                        rig -> registry.apply(rig).registerReactive(Rig.BEFORE, HookOptions.named("h"), none()),
                        "hook is \"null\", but must be "),
                row(
                        "no around-hook",
                        rig -> registry.apply(rig)
                                .registerAround(OperationKind.TOOL_CALL, HookOptions.named("h"), none()),
                        "hook is \"null\", but must be "),
                row(
                        "no kind",
                        rig -> registry.apply(rig).registerAround(none(), HookOptions.named("h"), (c, rest) -> rest),
                        "operation kind is \"null\", but must be "),
                row(
                        "no options",
                        rig -> registry.apply(rig).register(Rig.BEFORE, (HookOptions) none(), HOOK),
                        "hook options is \"null\", but must be "),
                row(
                        "no name",
                        rig -> registry.apply(rig).register(Rig.BEFORE, (String) none(), HOOK),
                        "hook name is \"null\", but must be 1 to 128 characters [invalid_argument]"),
                row(
                        "a blank name",
                        rig -> HookOptions.named("  "),
                        "hook name is \"  \", but must be 1 to 128 characters [invalid_argument]"),
                row("a name too long", rig -> HookOptions.named("n".repeat(129)), "[invalid_argument]"),
                row(
                        "a priority out of range",
                        rig -> HookOptions.builder("h").priority(1001).build(),
                        "hook priority is \"1001\", but must be between -1000 and 1000 [invalid_argument]"),
                row(
                        "a timeout of nothing",
                        rig -> HookOptions.builder("h").timeout(Duration.ZERO).build(),
                        "hook timeout is \"PT0S\", but must be more than 0, at most 1 hour [invalid_argument]"),
                row(
                        "a name that is taken",
                        rig -> {
                            registry.apply(rig).register(Rig.BEFORE, "h", HOOK);
                            return registry.apply(rig).register(Rig.BEFORE, "h", HOOK);
                        },
                        "a hook named \"h\" exists at BeforeToolExecution already; choose another name or unregister that"
                                + " one first [hook_exists]"),
                row(
                        "a name twice in a bulk",
                        rig -> registry.apply(rig)
                                .registerAll(List.of(
                                        new HookRegistration(Rig.FIRST, HookOptions.named("h"), HOOK),
                                        new HookRegistration(Rig.FIRST, HookOptions.named("h"), HOOK))),
                        "a hook named \"h\" exists at ToolValidation already"),
                row(
                        "nothing in a bulk",
                        rig -> registry.apply(rig)
                                .registerAll(Arrays.asList(
                                        new HookRegistration(Rig.FIRST, HookOptions.named("h"), HOOK), none())),
                        "hook registration is \"null\", but must be "),
                row(
                        "no hook in a bulk",
                        rig -> registry.apply(rig)
                                .registerAll(List.of(new HookRegistration(Rig.FIRST, HookOptions.named("h"), none()))),
                        "hook is \"null\", but must be "),
                row(
                        "the place of around-hooks",
                        rig -> registry.apply(rig).register(HookPoint.around(OperationKind.TOOL_CALL), "h", HOOK),
                        "around-hooks have registerAround [invalid_argument]"),
                row(
                        "a name that nobody has",
                        rig -> {
                            registry.apply(rig).register(Rig.BEFORE, "guard", HOOK);
                            return registry.apply(rig).metrics("gaurd");
                        },
                        "no hook is named \"gaurd\", did you mean guard? [hook_not_found]"),
                row(
                        "a point of the runtime fired by a user",
                        rig -> rig.hooks.fire(Rig.BEFORE, null, Rig.caller()),
                        "custom:NAME; the points of the runtime are fired by the runtime alone [invalid_argument]"),
                row("too deep a cap", rig -> Hooks.builder().maxDepth(65), "hooks.max_depth is \"65\", but must be "));
    }

    static Stream<Arguments> composites() {
        return Stream.of(
                row(
                        "no children",
                        rig -> Composition.of(CompositionMode.Sequential.DEFAULTS)
                                .build(rig.hooks),
                        "children of a sequential composite is \"0\", but must be 1 or more [invalid_argument]"),
                row(
                        "a threshold of 0",
                        rig -> voting(0),
                        "threshold of voting is \"0.0\", but must be more than 0, at"),
                row(
                        "a threshold above 1",
                        rig -> voting(1.01),
                        "threshold of voting is \"1.01\", but must be more than"),
                row("a threshold below 0", rig -> voting(-0.5), "threshold of voting is \"-0.5\", but must be more"),
                row("a threshold that is no number", rig -> voting(Double.NaN), "threshold of voting is \"NaN\", but"),
                row(
                        "a circle of steps",
                        rig -> ExecutionChain.named("c")
                                .step("a", Rig.PROBE, input -> null, "b")
                                .step("b", Rig.PROBE, input -> null, "c")
                                .step("c", Rig.PROBE, input -> null, "a")
                                .build(),
                        "a -> b -> c -> a"),
                row(
                        "a step that nobody declared",
                        rig -> ExecutionChain.named("c")
                                .step("load", Rig.PROBE, input -> null, "reed")
                                .step("read", Rig.PROBE, input -> null)
                                .build(),
                        "did you mean \"read\""),
                row(
                        "a circle of features",
                        rig -> SelectiveHooks.builder(rig.hooks.registry())
                                .feature("a", "b")
                                .feature("b", "a")
                                .build(new ManualTime(), none()),
                        "a -> b -> a"),
                row(
                        "a guard among observers",
                        rig -> Composition.of(CompositionMode.FirstMatch.DEFAULTS)
                                .child(Rig.closed("guard"), HOOK)
                                .build(rig.hooks)
                                .register(rig.hooks.registry(), Rig.BEFORE, HookOptions.named("both")),
                        "failure policy of composite \"both\" is \"fail_open\", but must be fail_closed, because its child"
                                + " \"guard\" must not fail [invalid_argument]"));
    }

    static Stream<Arguments> builtins() {
        return Stream.of(
                row(
                        "a negative budget",
                        rig -> CostTrackingConfig.builder().alert("-5", CostTrackingConfig.Level.INFO, true),
                        "budget is \"-5\", but must be more than 0 [invalid_argument]"),
                row(
                        "a budget of nothing",
                        rig -> CostTrackingConfig.builder().alert("0", CostTrackingConfig.Level.INFO, true),
                        "budget is \"0\", but must be more than 0 [invalid_argument]"),
                row(
                        "a negative budget in the configuration",
                        rig -> enabled(rig, "cost_tracking", Map.of("alerts", List.of(Map.of("threshold", -5L)))),
                        "hooks.cost_tracking.alerts[0].threshold: is -5, but must be a number from 0 to"),
                row(
                        "an unknown built-in hook",
                        rig -> enabled(rig, "cost", Map.of()),
                        "retry, cost_tracking, state_validation, state_audit, state_metrics [unknown_builtin]"),
                row(
                        "a price table without the model",
                        rig -> priced(rig, "openai/gpt-5"),
                        "no price for model \"openai/gpt-5\" (there are openai/gpt-4), did you mean \"openai/gpt-4\"?;"
                                + " add hooks.cost_tracking.pricing.\"openai/gpt-5\""));
    }

    private static Object enabled(Rig rig, String name, Map<String, Object> options) {
        BuiltinHooks builtins = BuiltinHooks.of(
                rig.hooks, BuiltinServices.builder(new ManualTime()).build());
        builtins.enable(name, ConfigSection.of("hooks." + name, new LinkedHashMap<>(options)));
        return builtins;
    }

    /** A call of a model under a budget whose prices know another model only. */
    private static Object priced(Rig rig, String model) {
        ManualTime time = new ManualTime();
        BuiltinHooks builtins =
                BuiltinHooks.of(rig.hooks, BuiltinServices.builder(time).build());
        builtins.enable(CostTrackingConfig.builder()
                .price("openai/gpt-4", Pricing.token("0.03", "0.06"))
                .alert("5", CostTrackingConfig.Level.CRITICAL, true)
                .build());
        Outcome request = new Outcome(JsonObject.of("model", model, "messages", List.of(), "max_tokens", 5L));
        return JsonCalls.models(rig.hooks, input -> input).call(Rig.PROBE, request, Rig.caller());
    }

    private static Object voting(double threshold) {
        return new CompositionMode.Voting(threshold, 1, false, CompositionMode.Voting.DEFAULTS.tieBreaker());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"registrations", "composites", "builtins"})
    void use_thatIsWrong_isRefusedWithACodeAndWhatWouldBeRight(String what, Use use, String text) {
        try (Rig rig = new Rig()) {
            LlmSpellException refused = catchThrowableOfType(LlmSpellException.class, () -> use.of(rig));

            assertThat(refused).as(what).isNotNull().hasMessageContaining(text);
        }
    }

    @Test
    void bulkThatIsRefused_leavesNothingBehind() {
        try (Rig rig = new Rig()) {
            rig.open(Rig.AFTER, "taken", HOOK);
            List<HookRegistration> some = List.of(
                    new HookRegistration(Rig.FIRST, HookOptions.named("new"), HOOK),
                    new HookRegistration(Rig.AFTER, HookOptions.named("taken"), HOOK));

            catchThrowableOfType(
                    LlmSpellException.class, () -> rig.hooks.registry().registerAll(some));

            assertThat(rig.hooks.registry().list(HookFilter.all())).hasSize(1);
        }
    }

    /** What a hook gives wrongly; a hook that must not fail refuses with the code, another one is passed over. */
    static Stream<Arguments> results() {
        return Stream.of(
                result("nothing", Rig.BEFORE, () -> none(), "invalid_hook_result"),
                result("modified after the error", Rig.ERROR, () -> HookResult.modified("x"), "result_not_allowed"),
                result("anything at a notice", Rig.LAST, () -> HookResult.cancel("x"), "result_not_allowed"),
                result("cyclic data", Rig.BEFORE, () -> HookResult.modified(cyclic()), "value_not_convertible"),
                result("data too deep", Rig.BEFORE, () -> HookResult.modified(deep(65)), "value_too_large"),
                result(
                        "data too large",
                        Rig.BEFORE,
                        () -> HookResult.modified("x".repeat(11 << 20)),
                        "value_too_large"),
                result("too many nodes", Rig.BEFORE, () -> HookResult.modified(wide()), "value_too_large"),
                result(
                        "data that is no JSON",
                        Rig.BEFORE,
                        () -> HookResult.modified(new Object()),
                        "value_not_convertible"),
                result("not a number", Rig.BEFORE, () -> HookResult.modified(Double.NaN), "value_not_convertible"),
                result("a lone surrogate", Rig.BEFORE, () -> HookResult.modified("\uD800"), "value_not_convertible"),
                result("cyclic answer", Rig.BEFORE, () -> HookResult.replace(cyclic()), "value_not_convertible"),
                result(
                        "answer too large",
                        Rig.AFTER,
                        () -> HookResult.replace("x".repeat(11 << 20)),
                        "value_too_large"),
                result("data that is no input", Rig.BEFORE, () -> HookResult.modified("invalid"), "invalid_argument"),
                result("a promise broken", Rig.BEFORE, () -> HookResult.modified("forbidden"), "invalid_argument"),
                result("redirect to itself", Rig.BEFORE, () -> HookResult.redirect("probe"), "redirect_loop"),
                result("redirect to nobody", Rig.BEFORE, () -> HookResult.redirect(none()), "invalid_argument"),
                result("redirect to nothing", Rig.BEFORE, () -> HookResult.redirect(" "), "invalid_argument"),
                result("cancel without reason", Rig.BEFORE, () -> HookResult.cancel(none()), "invalid_argument"),
                result("skip without reason", Rig.BEFORE, () -> HookResult.skipped(none()), "invalid_argument"),
                result("fork of nothing", Rig.BEFORE, () -> HookResult.fork(List.of()), "invalid_argument"),
                result("fork of null", Rig.BEFORE, () -> HookResult.fork(none()), "invalid_argument"),
                result(
                        "fork of what cannot start",
                        Rig.BEFORE,
                        () -> HookResult.fork(List.of(new ForkOperation("f", OperationKind.MIGRATION, "x", null))),
                        "result_not_allowed"),
                result(
                        "two forks of one id",
                        Rig.BEFORE,
                        () -> HookResult.fork(
                                Collections.nCopies(2, new ForkOperation("f", OperationKind.TOOL_CALL, "x", null))),
                        "invalid_argument"),
                result("retry never", Rig.BEFORE, () -> HookResult.retry(Duration.ZERO, 0), "invalid_argument"),
                result(
                        "retry before now",
                        Rig.BEFORE,
                        () -> HookResult.retry(Duration.ofMillis(-1), 2),
                        "invalid_argument"),
                result("retry without delay", Rig.BEFORE, () -> HookResult.retry(none(), 2), "invalid_argument"),
                result("cache for no time", Rig.BEFORE, () -> HookResult.cache("k", Duration.ZERO), "invalid_argument"),
                result("cache without time", Rig.BEFORE, () -> HookResult.cache("k", none()), "invalid_argument"),
                result(
                        "cache under no key",
                        Rig.BEFORE,
                        () -> HookResult.cache("", Duration.ofSeconds(1)),
                        "invalid_argument"));
    }

    private static Arguments result(
            String what, HookPoint point, java.util.concurrent.Callable<@Nullable HookResult> result, String code) {
        return arguments(what, point, (Hook) context -> result.call(), code);
    }

    private static Object cyclic() {
        List<Object> cycle = new ArrayList<>();
        cycle.add(List.of(cycle));
        return cycle;
    }

    private static Object deep(int depth) {
        Object value = "x";
        for (int i = 0; i < depth; i++) {
            value = List.of(value);
        }
        return value;
    }

    private static Object wide() {
        return Collections.nCopies(1_000_001, 1L);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("results")
    void result_thatCannotAct_failsTheHook(String what, HookPoint point, Hook hook, String code) {
        String input = point.equals(Rig.ERROR) ? "fail" : "in";
        String usual = point.equals(Rig.ERROR) ? "invalid_argument" : "out(in)";
        boolean refuses = !point.equals(Rig.LAST) && !point.equals(Rig.ERROR);
        for (boolean reactive : new boolean[] {false, true}) {
            try (Rig rig = new Rig()) {
                List<String> codes = new ArrayList<>();
                rig.hooks.executions(execution -> {
                    LlmSpellException failure = execution.failure();
                    codes.add(failure == null ? "-" : failure.code().id());
                });
                try (var open = rig.open(point, "open", hook)) {
                    assertThat(reactive ? rig.callAsync(input) : rig.call(input))
                            .as(what)
                            .isEqualTo(usual);
                    assertThat(open.metrics().failures()).as(what).isOne();
                }
                assertThat(codes).as(what).containsExactly(code);
                rig.guard(point, "closed", hook);
                String given = reactive ? rig.callAsync(input) : rig.call(input);
                assertThat(given).as(what).isNotEqualTo("internal");
                if (refuses) {
                    assertThat(given).as(what).isNotEqualTo("out(in)");
                    assertThat(rig.failure(input)).as(what).hasMessageContaining(code);
                    if (!what.equals("a promise broken")) { // that refuses by itself
                        assertThat(rig.failure(input)).as(what).hasMessageContaining("\"closed\"");
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ages")
    void times_beyondAllMeasure_breakNothing(Hook hook, String expected) {
        try (Rig rig = new Rig()) {
            rig.open(Rig.BEFORE, "h", hook);
            assertThat(rig.call("in")).isEqualTo(expected);
            assertThat(rig.callAsync("in")).isEqualTo(expected);
        }
    }

    static Stream<Arguments> ages() {
        return Stream.of(
                arguments((Hook) context -> HookResult.retry(AGES, 3), "retry_exhausted"),
                arguments((Hook) context -> HookResult.cache("k", AGES), "out(in)"));
    }
}

package io.llmspell.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.hooks.Composition;
import io.llmspell.hooks.CompositionMode;
import io.llmspell.hooks.Hooks;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class HooksGuideTest extends Guide {
    private final List<String> told = new CopyOnWriteArrayList<>();

    private JsonObject calculate(String input) {
        return spell.toolExecutor()
                .invoke("calculator", JsonObject.of("input", input), caller)
                .result();
    }

    @Test
    void firstHook() {
        // region
        hooks.register(
                HookPoint.BEFORE_TOOL_EXECUTION,
                HookOptions.builder("short-sums").priority(HookOptions.HIGH).build(),
                context -> context.component().name().equals("calculator")
                                && context.data() instanceof Map<?, ?> data
                                && String.valueOf(data.get("input")).length() > 100
                        ? HookResult.cancel("too long for a calculator")
                        : HookResult.proceed());
        // endregion

        assertThat(calculate("1 + 1").get("result")).isEqualTo(2L);
        assertThatThrownBy(() -> calculate("1" + " + 1".repeat(50)))
                .isInstanceOf(OperationCancelledException.class)
                .hasMessageContaining("too long for a calculator");
    }

    @Test
    void around() {
        // region
        hooks.registerAround(
                OperationKind.TOOL_CALL,
                HookOptions.named("fallback"),
                (context, rest) ->
                        rest.onErrorResume(error -> Mono.just(new Outcome(JsonObject.of("result", "unknown")))));
        // endregion

        assertThat(calculate("1 +").get("result")).isEqualTo("unknown");
    }

    @Test
    void composites() {
        Hook lengthGuard = context -> HookResult.proceed();
        Hook wordGuard = context -> HookResult.proceed();
        SystemTimeSource time = new SystemTimeSource();
        try (Hooks house =
                Hooks.builder().time(time).awaiter(Awaiter.blocking(time)).build()) {
            HookRegistry hooks = house.registry();
            // region
            Composition.of(CompositionMode.Voting.DEFAULTS)
                    .child("length", lengthGuard)
                    .child("words", wordGuard)
                    .build(house) // the Hooks that you built
                    .register(hooks, HookPoint.BEFORE_AGENT_EXECUTION, HookOptions.named("jury"));
            // endregion

            assertThat(hooks.list(HookFilter.all())).hasSize(1);
        }
    }

    /** Stands for the log of a program. */
    private final class Log {
        void info(String format, Object... values) {
            told.add(format);
        }
    }

    @Test
    void atTheEnd() {
        Log LOG = new Log();
        // region
        hooks.register(HookPoint.BEFORE_TOOL_EXECUTION, "measure", context -> {
            context.onEnd(view -> LOG.info("{} took {}", view.id(), view.elapsed()));
            return HookResult.proceed();
        });
        // endregion

        calculate("1 + 1");
        await().untilAsserted(() -> assertThat(told).containsExactly("{} took {}"));
    }
}

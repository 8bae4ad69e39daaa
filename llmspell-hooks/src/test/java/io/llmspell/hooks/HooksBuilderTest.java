package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Cancellation;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

class HooksBuilderTest {
    @Test
    void time_given_isTheClockOfOperations() {
        ManualTime time = new ManualTime();
        Instant began = time.now();
        try (Rig rig = new Rig(Hooks.builder().time(time).build())) {
            rig.guard(Rig.FIRST, "clock", context -> {
                time.advance(Duration.ofMillis(10));
                assertThat(context.operation().elapsed()).isEqualTo(Duration.ofMillis(10));
                assertThat(context.timestamp()).isEqualTo(began);
                return HookResult.proceed();
            });

            assertThat(rig.call("in")).isEqualTo("out(in)");
        }
    }

    @Test
    void ids_given_nameHooksAndOperations() {
        List<String> ids = new ArrayList<>();
        try (Rig rig = new Rig(Hooks.builder()
                .settings(Rig.PATIENT)
                .ids(() -> new UUID(0, ids.size() + 1L))
                .build())) {
            ids.add(rig.guard(Rig.FIRST, "id", context -> {
                        ids.add(context.operation().id());
                        return HookResult.proceed();
                    })
                    .info()
                    .id());
            rig.call("in");
        }
        assertThat(ids).containsExactly("00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002");
    }

    @Test
    void awaiter_given_waitsForReactiveHooks() {
        List<Long> waits = new ArrayList<>();
        Sinks.One<HookResult> answer = Sinks.one(); // pending until somebody waits for it
        Awaiter counting = new Awaiter() {
            @Override
            public <T extends @Nullable Object> T await(CompletionStage<T> stage, long deadline, Cancellation token) {
                waits.add(deadline);
                answer.tryEmitValue(HookResult.modified("new")).orThrow();
                return stage.toCompletableFuture().join();
            }
        };
        try (Rig rig =
                new Rig(Hooks.builder().awaiter(counting).settings(Rig.PATIENT).build())) {
            rig.reactive(Rig.FIRST, HookOptions.named("later"), context -> answer.asMono());

            assertThat(rig.call("in")).isEqualTo("out(new)");
        }
        assertThat(waits).containsExactly(Awaiter.NO_DEADLINE);
    }

    @Test
    void maxDepth_given_limitsHooksWithinHooks() {
        try (Rig rig = new Rig(Hooks.builder().settings(Rig.PATIENT).maxDepth(1).build())) {
            List<String> codes = new ArrayList<>();
            rig.open(Rig.FIRST, "again", context -> {
                try {
                    rig.passage.call(Rig.PROBE, new Rig.Text("in"), context.caller());
                } catch (io.llmspell.core.error.LimitException limit) {
                    codes.add(limit.code().id());
                }
                return HookResult.proceed();
            });
            rig.call("in");
            assertThat(codes).containsExactly("limit_exceeded");
            assertThat(rig.trace.stream().filter("body=in"::equals)).hasSize(2);
        }
    }

    @Test
    void maxDepth_ofAHookThatCallsOnBehalfOfAnother_holdsAllTheSame() {
        try (Rig rig = new Rig(Hooks.builder().settings(Rig.PATIENT).maxDepth(1).build())) {
            List<String> refusals = new ArrayList<>();
            Caller captured = Caller.host(new CorrelationId("host"));
            rig.open(Rig.FIRST, "again", context -> {
                try {
                    rig.passage.call(Rig.PROBE, new Rig.Text("in"), captured);
                } catch (io.llmspell.core.error.LimitException limit) {
                    refusals.add(limit.getMessage());
                }
                return HookResult.proceed();
            });

            rig.passage.call(Rig.PROBE, new Rig.Text("in"), captured);

            assertThat(refusals)
                    .singleElement()
                    .asString()
                    .contains(
                            "hooks.max_depth",
                            "\"again\" at ToolValidation > \"again\" at ToolValidation",
                            "limit_exceeded");
            assertThat(rig.trace.stream().filter("body=in"::equals)).hasSize(2);
        }
    }

    @Test
    void maxDepth_outOfRange_isRefused() {
        assertThatThrownBy(() -> Hooks.builder().maxDepth(0))
                .hasMessage("hooks.max_depth is \"0\", but must be 1 to 64 [invalid_argument]");
        assertThatThrownBy(() -> Hooks.builder().maxDepth(65)).hasMessageContaining("[invalid_argument]");
    }
}

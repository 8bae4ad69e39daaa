package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hooks on threads of their own, at the gate. */
@Timeout(30)
class IsolatedHookTest {
    private final CountDownLatch release = new CountDownLatch(1);
    private final Rig rig = new Rig(Hooks.builder()
            .settings(Rig.PATIENT.toBuilder().maxIsolatedThreads(2).build())
            .build());

    @AfterEach
    void close() {
        release.countDown();
        rig.close();
    }

    private HookHandle isolated(String name, FailurePolicy policy, @Nullable Duration timeout, Hook hook) {
        var options = HookOptions.builder(name).failurePolicy(policy).isolated();
        return rig.hooks
                .registry()
                .register(Rig.FIRST, (timeout == null ? options : options.timeout(timeout)).build(), hook);
    }

    private String call(boolean reactive, String input) {
        return reactive ? rig.callAsync(input) : rig.call(input);
    }

    /** The hook cannot be shown its subject: that is its failure, and its ticket comes back. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hook_whoseSubjectCannotBeShown_hasFailed(boolean reactive) {
        Passage<String, String> unreadable = rig.hooks
                .gate()
                .passage(Operation.of(OperationKind.TOOL_CALL, new Unreadable())
                        .before(Rig.FIRST)
                        .run((input, caller) -> input));
        HookHandle handle = isolated("observer", FailurePolicy.FAIL_OPEN, null, context -> HookResult.proceed());

        String output = reactive
                ? unreadable.callAsync(Rig.PROBE, "in", Rig.caller()).block()
                : unreadable.call(Rig.PROBE, "in", Rig.caller());

        assertThat(output).isEqualTo("in");
        assertThat(handle.metrics().failures()).isOne();
    }

    /** An operation whose owner cannot show it. */
    private static final class Unreadable implements View<String, String> {
        @Override
        public Object input(String input) {
            return input;
        }

        @Override
        public Object output(String output) {
            return output;
        }

        @Override
        public Object data(HookPoint point, String input, @Nullable String output) {
            throw new UnsupportedOperationException("planted");
        }

        @Override
        public String modified(HookPoint point, String input, @Nullable Object data) {
            return input;
        }

        @Override
        public String answer(HookPoint point, String input, @Nullable Object value) {
            return input;
        }
    }

    /** Waits, whatever interrupts it. */
    private void deaf() {
        while (true) {
            try {
                release.await();
                return;
            } catch (InterruptedException ignored) { // deaf on purpose
                continue;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hook_inTime_actsFromAThreadOfItsOwn_andItsNotesAreKept(boolean reactive) {
        AtomicReference<String> thread = new AtomicReference<>("");
        isolated("note", FailurePolicy.FAIL_OPEN, null, context -> {
            thread.set(Thread.currentThread().getName());
            context.putMetadata("note", String.valueOf(context.data()));
            context.onEnd(view -> rig.trace.add("end=" + view.output()));
            return HookResult.modified("new");
        });
        rig.open(Rig.BEFORE, "read", context -> {
            rig.trace.add("note=" + context.metadata().get("note"));
            return HookResult.proceed();
        });

        assertThat(call(reactive, "in")).isEqualTo("out(new)");
        assertThat(rig.written()).isEqualTo("check=new note=in body=new end=out(new)");
        assertThat(thread.get()).isEqualTo("llmspell-isolated-hook");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hook_late_isDropped_andCanLeaveNothingMore(boolean reactive) {
        AtomicReference<@Nullable HookContext> kept = new AtomicReference<>();
        CompletableFuture<String> afterwards = new CompletableFuture<>();
        ManualTime time = new ManualTime();
        HookOptions late = HookOptions.builder("late").isolated().build();
        try (Rig timed = new Rig(Hooks.builder().time(time).build())) {
            timed.hooks.registry().register(Rig.FIRST, late, context -> {
                context.putMetadata("note", "too late");
                kept.set(context);
                deaf();
                try {
                    context.putMetadata("more", "x");
                    afterwards.complete("kept");
                } catch (RuntimeException refused) {
                    afterwards.complete(String.valueOf(refused.getMessage()));
                }
                return HookResult.cancel("too late");
            });
            timed.open(Rig.BEFORE, "read", context -> {
                timed.trace.add("notes=" + context.metadata());
                return HookResult.proceed();
            });

            CompletableFuture<String> call = CompletableFuture.supplyAsync(
                    () -> reactive ? timed.callAsync("in") : timed.call("in"), task -> new Thread(task).start());
            await().until(() -> kept.get() != null);
            await().until(
                            () -> { // it may be running before somebody watches it
                                time.advance(Duration.ofMillis(200));
                                return call.isDone();
                            });
            assertThat(call.join()).isEqualTo("out(in)");
            assertThat(timed.written()).isEqualTo("check=in notes={} body=in");
            release.countDown();
        }
        assertThat(afterwards).succeedsWithin(Duration.ofSeconds(10)).asString().endsWith("[invalid_state]");
        HookContext context = kept.get();
        assertThat(context).isNotNull();
        assertThatThrownBy(() -> context.onEnd(view -> {})).hasMessageEndingWith("[invalid_state]");
    }

    @Test
    void context_keptByAHookThatAnswered_takesNothingMore() {
        AtomicReference<@Nullable HookContext> kept = new AtomicReference<>();
        isolated("keep", FailurePolicy.FAIL_OPEN, null, context -> {
            kept.set(context);
            return HookResult.proceed();
        });
        rig.call("in");

        HookContext context = kept.get();
        assertThat(context).isNotNull();
        assertThatThrownBy(() -> context.putMetadata("a", "b")).hasMessageEndingWith("[invalid_state]");
        assertThatThrownBy(() -> context.onEnd(view -> {})).hasMessageEndingWith("[invalid_state]");
        assertThat(context.data()).as("what it saw").isEqualTo("in");
    }

    @Test
    void threads_allStuck_guardsRefuseAndObserversArePassedOver_untilOneIsFree() {
        for (String name : new String[] {"a-stuck", "b-stuck"}) {
            isolated(name, FailurePolicy.FAIL_OPEN, Duration.ofMillis(30), context -> {
                deaf();
                return HookResult.proceed();
            });
        }
        assertThat(rig.call("in")).isEqualTo("out(in)");
        assertThat(((GateImpl) rig.hooks.gate()).isolated().running()).isEqualTo(2);
        HookHandle observer = isolated("observer", FailurePolicy.FAIL_OPEN, null, context -> HookResult.modified("x"));
        assertThat(rig.call("in")).isEqualTo("out(in)");
        assertThat(observer.metrics().notStarted()).isOne();
        assertThat(observer.metrics().failures()).isZero();
        HookHandle guard = isolated("z-guard", FailurePolicy.FAIL_CLOSED, null, context -> HookResult.proceed());
        assertThat(rig.failure("in"))
                .hasMessageContaining("all 2 threads for isolated hooks are busy, 2 of them stuck")
                .hasMessageEndingWith("[hook_unavailable]");
        assertThat(rig.callAsync("in")).isEqualTo("hook_unavailable");
        assertThat(guard.metrics().failures()).isZero();

        release.countDown();
        await().until(() -> rig.call("in").equals("out(x)"));
        assertThat(((GateImpl) rig.hooks.gate()).isolated().running()).isZero();
    }

    @Test
    void guard_onceTheHooksAreClosed_refuses() {
        isolated("guard", FailurePolicy.FAIL_CLOSED, null, context -> HookResult.proceed());
        assertThat(rig.call("in")).isEqualTo("out(in)");
        rig.hooks.close();
        assertThat(rig.call("in")).isEqualTo("hook_unavailable");
    }
}

package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.hook.BreakerState;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookOptionsBuilder;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.hook.HookResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** However weak a guard is at the moment, an input that it forbids is not accepted. */
final class GuardHoldsCheck {
    private static final Duration DEADLINE = Duration.ofMillis(50);
    private static final int CALLERS = 8;

    /** What can be wrong with a guard. */
    enum Weakness {
        /** It waits beyond its deadline. */
        SLOW,
        /** So it does on a thread of its own. */
        SLOW_ISOLATED,
        /** Its answer comes too late. */
        SLOW_REACTIVE,
        /** It waits on its caller's thread and ignores the interrupt. */
        DEAF,
        /** It throws. */
        BROKEN,
        /** It throws an error. */
        BROKEN_BADLY,
        /** It gives nothing. */
        NO_RESULT,
        /** It gives what the point cannot honour. */
        NO_FIT,
        /** Its breaker is open. */
        TRIPPED,
        /** It is isolated, and all threads for that are stuck. */
        NO_THREAD,
        /** What it runs in is gone: a script engine, a plug-in. */
        UNLOADED,
        /** It was unregistered after the operation had begun. */
        REMOVED
    }

    private final UnaryOperator<HookRegistry> plant;
    private final CountDownLatch release = new CountDownLatch(1);

    GuardHoldsCheck(UnaryOperator<HookRegistry> plant) {
        this.plant = plant;
    }

    private static HookResult verdict(@Nullable Object data) {
        return "evil".equals(data) ? HookResult.cancel("forbidden") : HookResult.proceed();
    }

    void nothingForbidden_isAccepted(Weakness weakness) {
        HookSettings settings =
                HookSettings.builder().deadline(DEADLINE).maxIsolatedThreads(2).build();
        try (Rig rig = new Rig(Hooks.builder().settings(settings).build())) {
            HookHandle guard = register(plant.apply(rig.hooks.registry()), weakness);
            prepare(rig, weakness);
            Semaphore began = new Semaphore(0);
            CountDownLatch door = new CountDownLatch(1);
            rig.hooks.registry().register(Rig.FIRST, patient("door"), context -> {
                began.release();
                hold(door);
                return HookResult.proceed();
            });
            rig.written();

            List<String> outcomes = attempt(rig, began, () -> {
                if (weakness == Weakness.REMOVED) {
                    guard.unregister();
                }
                door.countDown();
                if (weakness == Weakness.DEAF) {
                    await().until(() -> guard.metrics().breaker() == BreakerState.OPEN);
                    release.countDown();
                }
            });

            assertThat(rig.trace)
                    .as("%s: what was accepted, with outcomes %s", weakness, outcomes)
                    .doesNotContain("body=evil");
            assertThat(outcomes).as(weakness + ": outcomes").doesNotContain("out(evil)");
        } finally {
            release.countDown();
        }
    }

    private HookHandle register(HookRegistry registry, Weakness weakness) {
        HookOptionsBuilder options = HookOptions.builder("guard").failurePolicy(FailurePolicy.FAIL_CLOSED);
        return switch (weakness) {
            case SLOW ->
                registry.register(Rig.BEFORE, options.build(), context -> {
                    nap();
                    return verdict(context.data());
                });
            case SLOW_ISOLATED ->
                registry.register(Rig.BEFORE, options.isolated().build(), context -> {
                    nap();
                    return verdict(context.data());
                });
            case SLOW_REACTIVE ->
                registry.registerReactive(
                        Rig.BEFORE,
                        options.build(),
                        context -> Mono.delay(Duration.ofSeconds(30)).map(tick -> verdict("evil")));
            case NO_THREAD, REMOVED ->
                registry.register(
                        Rig.BEFORE,
                        weakness == Weakness.REMOVED
                                ? options.build()
                                : options.isolated().build(),
                        context -> verdict(context.data()));
            default -> registry.register(Rig.BEFORE, options.build(), weak(weakness));
        };
    }

    private Hook weak(Weakness weakness) {
        return context -> switch (weakness) {
            case DEAF -> {
                hold(release);
                yield verdict(context.data());
            }
            case BROKEN_BADLY -> throw new NoClassDefFoundError("Planted");
            case NO_RESULT -> nothing();
            case NO_FIT -> HookResult.redirect(Rig.PROBE.name());
            case UNLOADED ->
                throw new HookException(
                        ErrorCode.HOOK_UNAVAILABLE, "the engine is closed", Map.of("hook", "guard"), null);
            default -> throw new UnsupportedOperationException("planted");
        };
    }

    @SuppressWarnings({"NullAway", "DataFlowIssue"}) // a hook that breaks the contract
    private static HookResult nothing() {
        return null;
    }

    private void prepare(Rig rig, Weakness weakness) {
        if (weakness == Weakness.TRIPPED) {
            for (int i = 0; i < 3; i++) {
                rig.call("in");
            }
        } else if (weakness == Weakness.NO_THREAD) {
            for (String name : List.of("stuck-1", "stuck-2")) {
                rig.hooks
                        .registry()
                        .register(
                                Rig.FIRST, HookOptions.builder(name).isolated().build(), context -> {
                                    hold(release);
                                    return HookResult.proceed();
                                });
            }
            rig.call("in");
        }
    }

    private static HookOptions patient(String name) {
        return HookOptions.builder(name).timeout(Duration.ofMinutes(1)).build();
    }

    /** Many callers ask for what is forbidden; something happens when all have begun. */
    private static List<String> attempt(Rig rig, Semaphore began, Runnable meanwhile) {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<CompletableFuture<String>> calls = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                calls.add(CompletableFuture.supplyAsync(() -> rig.call("evil"), threads));
                calls.add(CompletableFuture.supplyAsync(() -> rig.callAsync("evil"), threads));
            }
            assertThat(began.tryAcquire(calls.size(), 20, TimeUnit.SECONDS)).isTrue();
            meanwhile.run();
            return calls.stream()
                    .map(call -> call.orTimeout(20, TimeUnit.SECONDS).join())
                    .toList();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Longer than any deadline here. */
    private static void nap() {
        try {
            Thread.sleep(30_000);
        } catch (InterruptedException cut) {
            throw new IllegalStateException(cut);
        }
    }

    private static void hold(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException ignored) { // deaf on purpose
                continue;
            }
        }
    }
}

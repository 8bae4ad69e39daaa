package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.llmspell.core.hook.BreakerState;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookOptionsBuilder;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.time.SystemTimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/** A hook without end holds nobody beyond its deadline, or nobody but its own caller. */
final class EndlessHookCheck {
    private static final Duration DEADLINE = Duration.ofMillis(400);

    /** The deadline and a fifth of it. */
    private static final Duration BAR = DEADLINE.plus(DEADLINE.dividedBy(5));

    /** A machine that stands still makes one try late, a fault makes all of them late. */
    private static final int TRIES = 50;

    private static final int MOST_THREADS = 8;

    /** Hooks that do not end by themselves. */
    enum Form {
        /** It waits and can be interrupted. */
        WAITING,
        /** On a thread of its own, and no interrupt ends it. */
        ISOLATED,
        /** Its answer never comes. */
        REACTIVE,
        /** Around the operation; its answer never comes. */
        AROUND,
        /** Around the operation; it waits on its caller's thread and can be interrupted. */
        AROUND_WAITING
    }

    private final UnaryOperator<HookRegistry> plant;
    private final UnaryOperator<HookSettingsBuilder> settings;
    private final int tries;
    private final CountDownLatch release = new CountDownLatch(1);

    EndlessHookCheck(UnaryOperator<HookRegistry> plant, UnaryOperator<HookSettingsBuilder> settings) {
        this(plant, settings, TRIES);
    }

    EndlessHookCheck(UnaryOperator<HookRegistry> plant, UnaryOperator<HookSettingsBuilder> settings, int tries) {
        this.plant = plant;
        this.settings = settings;
        this.tries = tries;
    }

    private Rig rig() {
        return new Rig(Hooks.builder()
                .settings(
                        settings.apply(HookSettings.builder().deadline(DEADLINE).maxIsolatedThreads(MOST_THREADS))
                                .build())
                .build());
    }

    private HookResult deaf() {
        while (true) {
            try {
                release.await();
                return HookResult.proceed();
            } catch (InterruptedException ignored) { // deaf on purpose
                continue;
            }
        }
    }

    private HookResult waiting() {
        try {
            release.await();
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(cut);
        }
        return HookResult.proceed();
    }

    /** The caller is back at the deadline, with what the hook's policy says. */
    void callerIsBack(Form form, FailurePolicy policy, boolean reactive) {
        List<Duration> all = new ArrayList<>();
        Duration took = BAR.multipliedBy(2);
        while (took.compareTo(BAR) > 0 && all.size() < tries) {
            try (Rig rig = rig()) {
                register(plant.apply(rig.hooks.registry()), form, policy);
                took = call(rig, reactive, policy == FailurePolicy.FAIL_CLOSED ? "hook_timeout" : "out(in)");
                all.add(took);
            }
        }
        release.countDown();
        assertThat(took)
                .as("%s, %s: the caller was back after %s", form, policy, all)
                .isLessThanOrEqualTo(BAR);
    }

    /** How long a call took; twice the bar if it did not end. */
    private Duration call(Rig rig, boolean reactive, String expected) {
        SystemTimeSource time = new SystemTimeSource();
        try {
            long began = time.nanos();
            CompletableFuture<String> call = elsewhere(() -> reactive ? rig.callAsync("in") : rig.call("in"));
            String given = call.get(2 * BAR.toMillis(), TimeUnit.MILLISECONDS);
            Duration took = Duration.ofNanos(time.nanos() - began);
            assertThat(given).isEqualTo(expected);
            return took;
        } catch (TimeoutException never) {
            return BAR.multipliedBy(2);
        } catch (ExecutionException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        } finally {
            time.close();
        }
    }

    private static CompletableFuture<String> elsewhere(java.util.function.Supplier<String> work) {
        CompletableFuture<String> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> result.complete(work.get()), "caller-of-an-endless-hook");
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    private void register(HookRegistry registry, Form form, FailurePolicy policy) {
        HookOptionsBuilder options = HookOptions.builder("endless").failurePolicy(policy);
        switch (form) {
            case WAITING -> registry.register(Rig.BEFORE, options.build(), context -> waiting());
            case ISOLATED -> registry.register(Rig.BEFORE, options.isolated().build(), context -> deaf());
            case REACTIVE -> registry.registerReactive(Rig.BEFORE, options.build(), context -> Mono.never());
            case AROUND ->
                registry.registerAround(
                        io.llmspell.core.hook.OperationKind.TOOL_CALL,
                        options.build(),
                        (context, rest) -> Mono.never());
            case AROUND_WAITING ->
                registry.registerAround(
                        io.llmspell.core.hook.OperationKind.TOOL_CALL, options.build(), (context, rest) -> {
                            waiting();
                            return rest;
                        });
        }
    }

    /** While a deaf hook runs on its caller's thread its breaker is open, so that nobody else enters. */
    void deafHook_keepsItsOwnCallerOnly(FailurePolicy policy) {
        boolean closed = policy == FailurePolicy.FAIL_CLOSED;
        AtomicInteger entered = new AtomicInteger();
        try (Rig rig = rig()) {
            Hook deaf = context -> {
                entered.incrementAndGet();
                return deaf();
            };
            HookOptions options =
                    HookOptions.builder("deaf").failurePolicy(policy).build();
            HookHandle handle = plant.apply(rig.hooks.registry()).register(Rig.BEFORE, options, deaf);
            CompletableFuture<String> kept = elsewhere(() -> rig.call("in"));
            await("the breaker opens while the hook runs")
                    .atMost(DEADLINE.multipliedBy(10))
                    .until(() -> handle.metrics().breaker() == BreakerState.OPEN);

            List<CompletableFuture<String>> others = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                others.add(elsewhere(() -> rig.call("in")));
            }

            for (CompletableFuture<String> other : others) {
                assertThat(other)
                        .succeedsWithin(Duration.ofSeconds(5))
                        .isEqualTo(closed ? "hook_unavailable" : "out(in)");
            }
            assertThat(entered).hasValue(1);
            assertThat(kept).isNotDone();
            release.countDown();
            assertThat(kept).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(closed ? "hook_timeout" : "out(in)");
        } finally {
            release.countDown();
        }
    }

    /** However many hooks are deaf, they hold a bounded number of threads; who finds none free does not start. */
    void deafHooks_holdFewThreads() {
        AtomicInteger inside = new AtomicInteger();
        try (Rig rig = rig()) {
            HookRegistry registry = plant.apply(rig.hooks.registry());
            for (int i = 0; i < MOST_THREADS + 4; i++) {
                HookOptions options = HookOptions.builder("deaf-" + (char) ('a' + i))
                        .isolated()
                        .timeout(Duration.ofMillis(50))
                        .build();
                registry.register(Rig.BEFORE, options, context -> {
                    inside.incrementAndGet();
                    return deaf();
                });
            }
            HookOptions last = HookOptions.builder("last")
                    .priority(HookOptions.LOWEST)
                    .failurePolicy(FailurePolicy.FAIL_CLOSED)
                    .isolated()
                    .build();

            assertThat(rig.call("in")).isEqualTo("out(in)");
            registry.register(Rig.BEFORE, last, context -> HookResult.proceed());
            assertThat(rig.call("in")).isEqualTo("hook_unavailable");

            assertThat(inside.get()).isLessThanOrEqualTo(MOST_THREADS);
            assertThat(rig.failure("in").text()).contains("all 8 threads for isolated hooks are busy, 8 of them stuck");
            release.countDown();
            await().atMost(Duration.ofSeconds(10)).until(() -> rig.call("in").equals("out(in)"));
        } finally {
            release.countDown();
        }
    }
}

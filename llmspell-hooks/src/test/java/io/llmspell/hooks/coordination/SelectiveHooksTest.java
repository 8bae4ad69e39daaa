package io.llmspell.hooks.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ConfigException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonObject;
import io.llmspell.hooks.FireResult;
import io.llmspell.hooks.Hooks;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

@Timeout(30)
class SelectiveHooksTest {
    private static final HookPoint POINT = HookPoint.custom("demo");
    private static final Hook GOES_ON = context -> HookResult.proceed();

    private final ManualTime time = new ManualTime();
    private final Awaiter awaiter = Awaiter.blocking(time);
    private final Hooks hooks = Hooks.builder().time(time).build();
    private final List<String> made = new ArrayList<>();

    @AfterEach
    void close() {
        hooks.close();
    }

    private Hook counted(String name) {
        made.add(name);
        return context -> HookResult.modified(context.data() + name);
    }

    private SelectiveHooksBuilder builder() {
        return SelectiveHooks.builder(hooks.registry());
    }

    private SelectiveHooks features() {
        return builder()
                .feature("audit", "security")
                .feature("security", "base")
                .feature("base")
                .hook("audit", POINT, HookOptions.named("a"), () -> counted("a"))
                .hook("security", POINT, HookOptions.named("s"), () -> counted("s"))
                .hook("base", POINT, HookOptions.named("b"), () -> counted("b"))
                .hook("core", POINT, HookOptions.named("c"), () -> counted("c"))
                .build(time, awaiter);
    }

    private Object fire() {
        FireResult result = hooks.fire(POINT, "", Caller.host(new CorrelationId("run")));
        return result.result() == HookResultKind.CANCEL ? "cancel" : result.data();
    }

    private long running() {
        return hooks.registry().list(HookFilter.all()).stream()
                .filter(HookInfo::enabled)
                .count();
    }

    @Test
    void defaultFeatures_areOnAndOfTheRestNothingIsMadeOrRuns() {
        SelectiveHooks selective = features();

        assertThat(running()).isEqualTo(1);
        assertThat(made).isEmpty();
        assertThat(fire()).isEqualTo("c");
        assertThat(selective.enabled("core")).isTrue();
        assertThat(selective.enabled("audit")).isFalse();
    }

    @Test
    void enable_pullsWhatItNeeds() {
        SelectiveHooks selective = features();

        assertThat(selective.enable("audit")).containsExactly("base", "security", "audit");
        assertThat(selective.enable("audit")).isEmpty();
        assertThat(fire()).isEqualTo("abcs");
    }

    @Test
    void disable_switchesOffWhatNeedsItAndLeavesWhatItNeeds() {
        SelectiveHooks selective = features();
        selective.enable("audit");

        assertThat(selective.disable("security")).containsExactly("audit", "security");
        assertThat(fire()).isEqualTo("bc");
        assertThat(selective.disable("security")).isEmpty();
        assertThat(selective.enable("security")).containsExactly("security");
        assertThat(fire()).isEqualTo("bcs");
    }

    @Test
    void factory_isCalledAtTheFirstUseOnly() {
        SelectiveHooks selective = features();
        selective.enable("base");
        assertThat(made).isEmpty();
        fire();
        fire();

        assertThat(made).containsExactly("b", "c");
        selective.disable("base");
        selective.enable("base");
        fire();
        assertThat(made).containsExactly("b", "c", "b");
    }

    @Test
    void preloadPoints_areMadeWhenTheirFeatureIsSwitchedOn() {
        SelectiveSettings settings = new SelectiveSettings(10, true, Set.of(POINT), List.of("core"), true);
        SelectiveHooks selective = builder()
                .settings(settings)
                .feature("later")
                .hook("core", POINT, HookOptions.named("c"), () -> counted("c"))
                .hook("later", POINT, HookOptions.named("l"), () -> counted("l"))
                .build(time, awaiter);
        assertThat(made).containsExactly("c");
        selective.enable("later");

        assertThat(made).containsExactly("c", "l");
    }

    @Test
    void tooManyInstances_leastRecentlyUsedMakesRoom() {
        SelectiveHooksBuilder builder =
                builder().settings(new SelectiveSettings(2, true, Set.of(), List.of("core"), true));
        for (String name : List.of("a", "b", "c")) {
            builder.hook("core", HookPoint.custom(name), HookOptions.named(name), () -> counted(name));
        }
        SelectiveHooks selective = builder.build(time, awaiter);
        for (String name : List.of("a", "b", "a", "c", "a", "b")) {
            time.advance(Duration.ofSeconds(1));
            hooks.fire(HookPoint.custom(name), "", Caller.host(new CorrelationId("run")));
        }

        assertThat(made).containsExactly("a", "b", "c", "b"); // c drove b out, then b drove c out
        assertThat(selective.stats().instantiated()).isEqualTo(2);
        assertThat(selective.stats().evictions()).isEqualTo(2);
        assertThat(selective.stats().instantiations()).isEqualTo(4);
    }

    @Test
    void tooManyInstancesWithoutEviction_guardRefuses() {
        SelectiveHooks selective = builder()
                .settings(new SelectiveSettings(1, false, Set.of(), List.of("core"), true))
                .hook("core", POINT, HookOptions.builder("a").priority(-1).build(), () -> GOES_ON)
                .hook(
                        "core",
                        POINT,
                        HookOptions.builder("guard")
                                .failurePolicy(FailurePolicy.FAIL_CLOSED)
                                .build(),
                        () -> GOES_ON)
                .build(time, awaiter);

        assertThatThrownBy(this::fire)
                .isInstanceOfSatisfying(
                        HookException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.HOOK_UNAVAILABLE))
                .hasMessageContaining("max_instantiated_hooks");
        assertThat(selective.stats().refusals()).isEqualTo(1);
    }

    @Test
    void factoryThatFails_isTriedAgain() {
        AtomicInteger tries = new AtomicInteger();
        SelectiveHooks selective = builder()
                .hook("core", POINT, HookOptions.named("late"), () -> {
                    if (tries.incrementAndGet() < 3) {
                        throw new ArgumentException("not yet");
                    }
                    return counted("made");
                })
                .build(time, awaiter);
        fire();
        fire();
        assertThat(selective.stats().instantiated()).isZero();

        assertThat(fire()).isEqualTo("made");
    }

    @Test
    void factory_calledByManyAtOnce_makesOne() throws Exception {
        int threads = 16;
        AtomicInteger products = new AtomicInteger();
        CountDownLatch slow = new CountDownLatch(1);
        builder()
                .hook(
                        "core",
                        POINT,
                        HookOptions.builder("one")
                                .timeout(Duration.ofMinutes(1))
                                .build(),
                        () -> {
                            products.incrementAndGet();
                            try {
                                slow.await();
                            } catch (InterruptedException stopped) {
                                Thread.currentThread().interrupt();
                            }
                            return counted("x");
                        })
                .build(time, awaiter);
        CyclicBarrier together = new CyclicBarrier(threads + 1);
        List<CompletableFuture<Object>> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            CompletableFuture<Object> result = new CompletableFuture<>();
            all.add(result);
            Thread thread = new Thread(() -> {
                try {
                    together.await();
                    result.complete(fire());
                } catch (Throwable failure) {
                    result.completeExceptionally(failure);
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
        together.await();
        slow.countDown();

        assertThat(all).allSatisfy(result -> assertThat(result.join()).isEqualTo("x"));
        assertThat(products).hasValue(1);
    }

    @Test
    void factoryThatNeedsItsOwnHook_failsInsteadOfWaitingForItself() {
        SelectiveHooks selective = builder()
                .hook("core", POINT, HookOptions.named("self"), () -> {
                    fire();
                    return counted("x");
                })
                .build(time, awaiter);

        assertThat(fire()).isEqualTo("x"); // the inner operation went on without the hook
        assertThat(selective.stats().instantiations()).isEqualTo(1);
    }

    @Test
    void closeableInstance_isClosedAfterItsLastUse() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        AtomicInteger closed = new AtomicInteger();
        final class Resource implements Hook, AutoCloseable {
            @Override
            public HookResult execute(HookContext context) throws Exception {
                inside.countDown();
                leave.await();
                return HookResult.modified("used " + closed.get());
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        }
        SelectiveHooks selective = builder()
                .hook(
                        "core",
                        POINT,
                        HookOptions.builder("r").timeout(Duration.ofMinutes(1)).build(),
                        Resource::new)
                .build(time, awaiter);
        CompletableFuture<Object> result = new CompletableFuture<>();
        Thread user = new Thread(() -> result.complete(fire()));
        user.start();
        inside.await();
        selective.disable("core");
        assertThat(closed).hasValue(0);
        leave.countDown();

        assertThat(result.join()).isEqualTo("used 0");
        user.join();
        assertThat(closed).hasValue(1);
        selective.close();
        assertThat(closed).hasValue(1);
    }

    @Test
    void reactiveHook_isMadeAtItsFirstUseToo() {
        builder()
                .reactiveHook("core", POINT, HookOptions.named("r"), () -> {
                    made.add("r");
                    return context -> Mono.just(HookResult.modified("later"));
                })
                .build(time, awaiter);
        assertThat(made).isEmpty();

        assertThat(fire()).isEqualTo("later");
        assertThat(fire()).isEqualTo("later");
        assertThat(made).containsExactly("r");
    }

    @Test
    void closing_unregistersAll() {
        SelectiveHooks selective = features();
        selective.enable("base");
        selective.close();
        assertThat(hooks.registry().list(HookFilter.all())).isEmpty();
        selective.close();
        assertThatThrownBy(() -> selective.enable("base")).isInstanceOf(InvalidStateException.class);
    }

    @Test
    void takenName_leavesEverythingAsItWas() {
        hooks.registry().register(POINT, "s", GOES_ON);

        assertThatThrownBy(this::features).isInstanceOf(HookException.class);
        assertThat(hooks.registry().list(HookFilter.all()))
                .extracting(HookInfo::name)
                .containsExactly("s");
    }

    @Test
    void hookThatSomebodyUnregistered_staysAway() {
        SelectiveHooks selective = features();
        selective.enable("base");
        hooks.registry().unregisterAll(HookFilter.at(POINT));

        assertThat(selective.disable("base")).containsExactly("base");
        assertThat(selective.enable("base")).containsExactly("base");
        assertThat(fire()).isEqualTo("");
    }

    @Test
    void stats_tellByFeature() {
        SelectiveHooks selective = features();
        selective.enable("security");
        fire();
        fire();

        SelectiveStats stats = selective.stats();
        assertThat(stats.hooks()).isEqualTo(4);
        assertThat(stats.hooksOn()).isEqualTo(3);
        assertThat(stats.features().get("security")).isEqualTo(new SelectiveStats.Feature(true, 1, 1, 2));
        assertThat(stats.features().get("audit")).isEqualTo(new SelectiveStats.Feature(false, 1, 0, 0));
        assertThat(stats.features().keySet()).containsExactly("core", "base", "security", "audit");
    }

    @Test
    void badInput_isRefused() {
        assertThatThrownBy(() -> builder().feature("a", "b").feature("b", "a").build(time, awaiter))
                .hasMessageContaining("a -> b -> a");
        assertThatThrownBy(() -> builder()
                        .hook("x", POINT, HookOptions.named("h"), () -> GOES_ON)
                        .build(time, awaiter))
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("core");
        assertThatThrownBy(() -> features().enable("secruity")).hasMessageContaining("security");
        assertThatThrownBy(() -> builder().feature("core")).hasMessageContaining("declared once");
        assertThatThrownBy(() -> builder()
                        .hook(
                                "core",
                                POINT,
                                HookOptions.builder("h").enabled(false).build(),
                                () -> GOES_ON))
                .hasMessageContaining("feature");
        assertThatThrownBy(() -> builder()
                        .hook("core", POINT, HookOptions.named("h"), () -> GOES_ON)
                        .hook("core", POINT, HookOptions.named("h"), () -> GOES_ON)
                        .build(time, awaiter))
                .hasMessageContaining("once");
        assertThatThrownBy(() -> new SelectiveSettings(0, true, Set.of(), List.of(), true))
                .hasMessageContaining("max_instantiated_hooks");
        assertThatThrownBy(() -> builder()
                        .settings(new SelectiveSettings(1, true, Set.of(), List.of("nothing"), true))
                        .build(time, awaiter))
                .hasMessageContaining("default_features");
    }

    @Test
    void settings_areReadFromTheConfiguration() {
        SelectiveSettings read = SelectiveSettings.from(ConfigSection.of(
                "hooks.selective",
                JsonObject.of(
                        "max_instantiated_hooks",
                        5,
                        "use_lru_eviction",
                        false,
                        "preload_points",
                        List.of("BeforeToolExecution"),
                        "default_features",
                        List.of("core", "x"),
                        "collect_stats",
                        false)));

        assertThat(read)
                .isEqualTo(new SelectiveSettings(
                        5, false, Set.of(HookPoint.BEFORE_TOOL_EXECUTION), List.of("core", "x"), false));
        assertThat(SelectiveSettings.from(ConfigSection.of("hooks.selective", JsonObject.empty())))
                .isEqualTo(SelectiveSettings.DEFAULT);
        assertThatThrownBy(() ->
                        SelectiveSettings.from(ConfigSection.of("hooks.selective", JsonObject.of("use_lru", true))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("use_lru_eviction");
    }
}

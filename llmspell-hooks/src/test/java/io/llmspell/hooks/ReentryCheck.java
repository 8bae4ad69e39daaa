package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookOptionsBuilder;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.hook.HookResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Hooks that run what they are hooks of, and hooks that come and go while they run. */
final class ReentryCheck {
    private static final int CAP = 8;

    /** Deeper than any cap, for faults that have none. */
    private static final int FAR_TOO_DEEP = 40;

    /** The ways in which the hook can be written. */
    enum Form {
        DIRECT,
        ISOLATED,
        REACTIVE
    }

    private final UnaryOperator<HookRegistry> plant;

    ReentryCheck(UnaryOperator<HookRegistry> plant) {
        this.plant = plant;
    }

    /** A hook that runs its own operation ends at the cap, with an error that names the chain. */
    void hookThatRunsItsOwnOperation_endsAtTheCap(Form form) {
        AtomicInteger entered = new AtomicInteger();
        AtomicReference<@Nullable LlmSpellException> told = new AtomicReference<>();
        HookSettings settings = Rig.PATIENT.toBuilder().maxIsolatedThreads(64).build();
        try (Rig rig = new Rig(Hooks.builder().settings(settings).build())) {
            register(plant.apply(rig.hooks.registry()), form, context -> {
                if (entered.incrementAndGet() <= FAR_TOO_DEEP) {
                    try {
                        rig.passage.call(Rig.PROBE, new Rig.Text("deeper"), context.caller());
                    } catch (LlmSpellException refused) {
                        told.compareAndSet(null, refused);
                    }
                }
                return HookResult.proceed();
            });

            assertThat(rig.call("in")).isEqualTo("out(in)");
        }
        assertThat(entered.get()).as("how deep the hook came").isLessThanOrEqualTo(CAP + 1);
        LlmSpellException refused = told.get();
        assertThat(refused).as("a refusal").isNotNull();
        assertThat(refused.code().id()).isEqualTo("limit_exceeded");
        assertThat(refused.text())
                .contains("hooks.max_depth = 8 hooks")
                .contains("tool/probe was called by hooks that call each other, outermost first: ")
                .contains(
                        String.join(" > ", java.util.Collections.nCopies(CAP + 1, "\"again\" at BeforeToolExecution")));
    }

    private static void register(HookRegistry registry, Form form, io.llmspell.core.hook.Hook hook) {
        HookOptionsBuilder options = HookOptions.builder("again");
        switch (form) {
            case DIRECT -> registry.register(Rig.BEFORE, options.build(), hook);
            case ISOLATED -> registry.register(Rig.BEFORE, options.isolated().build(), hook);
            case REACTIVE ->
                registry.registerReactive(
                        Rig.BEFORE, options.build(), context -> Mono.fromCallable(() -> hook.execute(context)));
        }
    }

    private static HookResult noting(List<String> ran, HookContext context, String name) {
        ran.add(name + "@" + context.point() + context.attempt());
        return HookResult.proceed();
    }

    /** What a hook registers and unregisters while it runs counts from the next operation on. */
    void changesWhileAHookRuns_countFromTheNextOperation() {
        List<String> ran = new CopyOnWriteArrayList<>();
        try (Rig rig = new Rig()) {
            HookRegistry registry = plant.apply(rig.hooks.registry());
            AtomicReference<@Nullable HookHandle> self = new AtomicReference<>();
            HookHandle later = registry.register(Rig.AFTER, "later", context -> noting(ran, context, "later"));
            HookHandle behind =
                    registry.register(Rig.BEFORE, Rig.at("z-behind", 5), context -> noting(ran, context, "behind"));
            self.set(registry.register(Rig.BEFORE, "changer", context -> {
                if (context.attempt() == 1) {
                    registry.register(Rig.BEFORE, Rig.at("new", 7), inner -> noting(ran, inner, "new"));
                    registry.register(Rig.LAST, "new", inner -> noting(ran, inner, "new"));
                }
                later.unregister();
                behind.unregister();
                HookHandle own = self.get();
                assertThat(own).isNotNull();
                own.unregister();
                return noting(ran, context, "changer");
            }));
            rig.open(
                    Rig.AFTER,
                    "z-again",
                    context -> context.attempt() == 1 ? HookResult.retry(Duration.ZERO, 2) : HookResult.proceed());

            assertThat(rig.call("in")).isEqualTo("out(in)");
            assertThat(ran)
                    .as("the operation that was running, with its second attempt")
                    .containsExactly(
                            "changer@BeforeToolExecution1",
                            "behind@BeforeToolExecution1",
                            "later@AfterToolExecution1",
                            "changer@BeforeToolExecution2",
                            "behind@BeforeToolExecution2",
                            "later@AfterToolExecution2");
            ran.clear();
            assertThat(rig.call("in")).isEqualTo("out(in)");
            assertThat(ran)
                    .as("the next operation")
                    .containsExactly(
                            "new@BeforeToolExecution1",
                            "new@tool_resource_released1",
                            "new@BeforeToolExecution2",
                            "new@tool_resource_released2");
        }
    }
}

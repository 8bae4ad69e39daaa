package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookOptionsBuilder;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.hook.HookResult;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** However a hook fails, the operation ends as the hook's policy says, and the hooks beside it run. */
final class HookFailuresCheck {
    /** The ways in which a hook can fail. */
    enum Failure {
        EXCEPTION(() -> {
            throw new UnsupportedOperationException("planted");
        }),
        CHECKED(() -> {
            throw new IOException("planted");
        }),
        ASSERTION(() -> {
            throw new AssertionError("planted");
        }),
        OVERFLOW(() -> overflow(0)),
        LINKAGE(() -> {
            throw new NoClassDefFoundError("Planted");
        }),
        OUT_OF_MEMORY(() -> HookResult.replace(new long[Integer.MAX_VALUE].length)),
        NO_RESULT(() -> null);

        private final Callable<@Nullable HookResult> code;

        Failure(Callable<@Nullable HookResult> code) {
            this.code = code;
        }

        private static HookResult overflow(int depth) {
            return depth < 0 ? HookResult.proceed() : overflow(depth + 1 & Integer.MAX_VALUE);
        }

        /** Fails, with checked exceptions too, as code in other languages of the JVM may. */
        HookResult fail() {
            try {
                return code.call();
            } catch (Exception checked) {
                throw Failure.<RuntimeException>unchecked(checked);
            }
        }

        @SuppressWarnings("unchecked")
        private static <T extends Throwable> RuntimeException unchecked(Throwable thrown) throws T {
            throw (T) thrown;
        }
    }

    /** The ways in which a hook can be written. */
    enum Form {
        DIRECT,
        ISOLATED,
        REACTIVE,
        LATER
    }

    /** What a call with a hook that must not fail gives; the others give what they give without it. */
    private static final Map<HookPoint, String> REFUSED = Map.of(
            Rig.FIRST,
            "refused",
            Rig.BEFORE,
            "refused",
            Rig.AFTER,
            "refused",
            Rig.ERROR,
            "invalid_argument",
            Rig.LAST,
            "out(in)");

    private final UnaryOperator<HookRegistry> plant;

    HookFailuresCheck(UnaryOperator<HookRegistry> plant) {
        this.plant = plant;
    }

    /** All policies, points, forms and both ways to call. */
    void run(Failure failure) {
        for (FailurePolicy policy : FailurePolicy.values()) {
            for (HookPoint point : REFUSED.keySet()) {
                for (Form form : Form.values()) {
                    run(failure, policy, point, form, true);
                    run(failure, policy, point, form, false);
                }
            }
        }
    }

    private void run(Failure failure, FailurePolicy policy, HookPoint point, Form form, boolean reactive) {
        String row = failure + " of a " + policy + " hook, " + form + ", at " + point + (reactive ? ", reactive" : "");
        AtomicInteger before = new AtomicInteger();
        AtomicInteger behind = new AtomicInteger();
        try (Rig rig = new Rig()) {
            HookRegistry registry = plant.apply(rig.hooks.registry());
            counting(registry, point, "a-before", before);
            HookHandle failing = register(registry, failure, policy, point, form);
            counting(registry, point, "c-behind", behind);
            String input = point.equals(Rig.ERROR) ? "fail" : "in";

            String given = reactive ? rig.callAsync(input) : rig.call(input);

            boolean closed = policy == FailurePolicy.FAIL_CLOSED;
            assertThat(given).as(row).isEqualTo(expected(failure, closed, point));
            assertThat(before).as(row + ": the hook before it").hasValue(1);
            boolean ends = closed && REFUSED.get(point).equals("refused"); // error hooks go on, but cannot rescue
            assertThat(behind).as(row + ": the hook behind it").hasValue(ends ? 0 : 1);
            assertThat(failing.info().enabled()).as(row).isEqualTo(policy != FailurePolicy.QUARANTINE);
            assertThat(failing.metrics().failures()).as(row).isEqualTo(1);
            assertThat(rig.written().contains("body="))
                    .as(row + ": the body ran")
                    .isEqualTo(!closed || !before(point));
        }
    }

    private static boolean before(HookPoint point) {
        return point.equals(Rig.FIRST) || point.equals(Rig.BEFORE);
    }

    private static String expected(Failure failure, boolean closed, HookPoint point) {
        String open = point.equals(Rig.ERROR) ? "invalid_argument" : "out(in)";
        String expected = closed ? REFUSED.getOrDefault(point, open) : open;
        return expected.equals("refused")
                ? failure == Failure.NO_RESULT ? "invalid_hook_result" : "hook_failed"
                : expected;
    }

    private static void counting(HookRegistry registry, HookPoint point, String name, AtomicInteger count) {
        registry.register(point, name, context -> {
            count.incrementAndGet();
            return HookResult.proceed();
        });
    }

    private static HookHandle register(
            HookRegistry registry, Failure failure, FailurePolicy policy, HookPoint point, Form form) {
        HookOptionsBuilder named = HookOptions.builder("b-failing").failurePolicy(policy);
        return switch (form) {
            case DIRECT -> registry.register(point, named.build(), context -> failure.fail());
            case ISOLATED -> registry.register(point, named.isolated().build(), context -> failure.fail());
            case REACTIVE -> registry.registerReactive(point, named.build(), context -> at(failure));
            case LATER ->
                registry.registerReactive(
                        point,
                        named.build(),
                        context -> Mono.defer(() -> at(failure)).hide());
        };
    }

    private static Mono<HookResult> at(Failure failure) {
        return Mono.fromCallable(failure::fail);
    }
}

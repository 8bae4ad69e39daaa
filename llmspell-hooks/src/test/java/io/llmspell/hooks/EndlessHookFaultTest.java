package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.identity.Language;
import io.llmspell.hooks.EndlessHookCheck.Form;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class EndlessHookFaultTest {
    /** Interrupts, and nothing else: an isolated hook runs on its caller's thread. */
    private static final class InterruptOnly extends ForwardingRegistry {
        InterruptOnly(HookRegistry real) {
            super(real);
        }

        @Override
        HookOptions options(HookOptions options) {
            return HookOptions.builder(options.name())
                    .failurePolicy(options.failurePolicy())
                    .build();
        }
    }

    /** Relies on an interpreter to cut its hooks, and has none. */
    private static final class NobodyCuts extends ForwardingRegistry {
        NobodyCuts(HookRegistry real) {
            super(real);
        }

        @Override
        HookOptions options(HookOptions options) {
            return HookOptions.builder(options.name())
                    .failurePolicy(options.failurePolicy())
                    .language(Language.LUA)
                    .build();
        }
    }

    /** Measures deadlines, but does not enforce them. */
    private static final class NoDeadline extends ForwardingRegistry {
        NoDeadline(HookRegistry real) {
            super(real);
        }

        @Override
        HookOptions options(HookOptions options) {
            return HookOptions.builder(options.name())
                    .failurePolicy(options.failurePolicy())
                    .timeout(Duration.ofHours(1))
                    .build();
        }
    }

    @Test
    void isolatedHook_thatIsInterruptedOnly_isRed() {
        assertLate(InterruptOnly::new, Form.ISOLATED);
    }

    @Test
    void hookOnItsCallersThread_thatNobodyCuts_isRed() {
        assertLate(NobodyCuts::new, Form.WAITING);
    }

    @ParameterizedTest
    @EnumSource(names = {"REACTIVE", "AROUND", "AROUND_WAITING"})
    void answerThatNeverComes_withoutDeadline_isRed(Form form) {
        assertLate(NoDeadline::new, form);
    }

    private static void assertLate(UnaryOperator<HookRegistry> plant, Form form) {
        EndlessHookCheck check = new EndlessHookCheck(plant, UnaryOperator.identity(), 1); // late is late
        assertThatThrownBy(() -> check.callerIsBack(form, FailurePolicy.FAIL_OPEN, false))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the caller was back after");
    }

    @Test
    void deafHook_withoutBreaker_isRed() {
        EndlessHookCheck check =
                new EndlessHookCheck(UnaryOperator.identity(), settings -> settings.enableCircuitBreaker(false));
        assertThatThrownBy(() -> check.deafHook_keepsItsOwnCallerOnly(FailurePolicy.FAIL_OPEN))
                .hasMessageContaining("the breaker opens while the hook runs");
    }

    @Test
    void deafHooks_withAsManyThreadsAsTheyLike_isRed() {
        EndlessHookCheck check =
                new EndlessHookCheck(UnaryOperator.identity(), settings -> settings.maxIsolatedThreads(64));
        assertThatThrownBy(check::deafHooks_holdFewThreads).isInstanceOf(AssertionError.class);
    }
}

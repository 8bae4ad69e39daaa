package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.hook.HookResult;
import io.llmspell.hooks.HookFailuresCheck.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class HookFailuresFaultTest {
    /** Takes no result for Continue. */
    private static final class NothingIsContinue extends ForwardingRegistry {
        NothingIsContinue(HookRegistry real) {
            super(real);
        }

        @Override
        Hook hook(Hook hook) {
            return context -> {
                HookResult result = hook.execute(context);
                return result == null ? HookResult.proceed() : result;
            };
        }
    }

    /** Takes every failure for Continue. */
    private static final class FailuresAreSwallowed extends ForwardingRegistry {
        FailuresAreSwallowed(HookRegistry real) {
            super(real);
        }

        @Override
        Hook hook(Hook hook) {
            return context -> {
                try {
                    return hook.execute(context);
                } catch (Throwable failure) {
                    return HookResult.proceed();
                }
            };
        }
    }

    @Test
    void noResultTakenForContinue_isRed() {
        assertRed(new HookFailuresCheck(NothingIsContinue::new), Failure.NO_RESULT);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NO_RESULT")
    void failureSwallowed_isRed(Failure failure) {
        assertRed(new HookFailuresCheck(FailuresAreSwallowed::new), failure);
    }

    private static void assertRed(HookFailuresCheck check, Failure failure) {
        assertThatThrownBy(() -> check.run(failure))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(failure + " of a ");
    }
}

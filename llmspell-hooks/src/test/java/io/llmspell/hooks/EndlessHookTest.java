package io.llmspell.hooks;

import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.hooks.EndlessHookCheck.Form;
import io.llmspell.testing.check.Check;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Check("H02")
@Timeout(60)
class EndlessHookTest {
    private final EndlessHookCheck check = new EndlessHookCheck(UnaryOperator.identity(), UnaryOperator.identity());

    @ParameterizedTest
    @EnumSource
    void observer_withoutEnd_letsItsCallerGoOnAtTheDeadline(Form form) {
        check.callerIsBack(form, FailurePolicy.FAIL_OPEN, false);
    }

    @ParameterizedTest
    @EnumSource
    void guard_withoutEnd_refusesAtTheDeadline(Form form) {
        check.callerIsBack(form, FailurePolicy.FAIL_CLOSED, false);
    }

    @ParameterizedTest
    @EnumSource
    void hook_withoutEnd_onAReactiveCall_isCutToo(Form form) {
        check.callerIsBack(form, FailurePolicy.FAIL_CLOSED, true);
    }

    @ParameterizedTest
    @EnumSource
    void deafHook_onItsCallersThread_keepsThatCallerOnly(FailurePolicy policy) {
        check.deafHook_keepsItsOwnCallerOnly(policy);
    }

    @Test
    void deafHooks_holdFewThreads() {
        check.deafHooks_holdFewThreads();
    }
}

package io.llmspell.hooks;

import io.llmspell.hooks.ReentryCheck.Form;
import io.llmspell.testing.check.Check;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Check("H04")
@Timeout(60)
class ReentryTest {
    private final ReentryCheck check = new ReentryCheck(UnaryOperator.identity());

    @ParameterizedTest
    @EnumSource
    void hook_thatRunsItsOwnOperation_endsAtTheCapAndNamesTheChain(Form form) {
        check.hookThatRunsItsOwnOperation_endsAtTheCap(form);
    }

    @Test
    void hooks_registeredAndUnregisteredByAHook_countFromTheNextOperation() {
        check.changesWhileAHookRuns_countFromTheNextOperation();
    }
}

package io.llmspell.hooks;

import io.llmspell.hooks.HookFailuresCheck.Failure;
import io.llmspell.testing.check.Check;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Check("H01")
@Timeout(60)
class HookFailuresTest {
    @ParameterizedTest
    @EnumSource
    void hook_thatFails_endsAsItsPolicySays_andTheOthersRun(Failure failure) {
        new HookFailuresCheck(UnaryOperator.identity()).run(failure);
    }
}

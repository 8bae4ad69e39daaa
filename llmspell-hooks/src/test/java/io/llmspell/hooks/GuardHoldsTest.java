package io.llmspell.hooks;

import io.llmspell.hooks.GuardHoldsCheck.Weakness;
import io.llmspell.testing.check.Check;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Check("H03")
@Timeout(60)
class GuardHoldsTest {
    @ParameterizedTest
    @EnumSource
    void guard_inWhateverState_letsNothingForbiddenIn(Weakness weakness) {
        new GuardHoldsCheck(UnaryOperator.identity()).nothingForbidden_isAccepted(weakness);
    }
}

package io.llmspell.bridge.lua;

import io.llmspell.bridge.lua.LuaGuardHoldsCheck.Weakness;
import io.llmspell.bridge.lua.LuaHookRig.Plant;
import io.llmspell.testing.check.Check;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Check("H03")
@Timeout(60)
final class LuaGuardHoldsTest {
    @ParameterizedTest
    @EnumSource
    void guard_inWhateverState_letsNothingForbiddenIn(Weakness weakness) {
        new LuaGuardHoldsCheck(Plant.NONE).nothingForbidden_isAccepted(weakness);
    }
}

package io.llmspell.bridge.lua;

import io.llmspell.bridge.lua.LuaHookRig.Plant;
import io.llmspell.bridge.lua.LuaReentryCheck.Form;
import io.llmspell.testing.check.Check;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Check("H04")
@Timeout(60)
final class LuaReentryTest {
    private final LuaReentryCheck check = new LuaReentryCheck(Plant.NONE);

    @ParameterizedTest
    @EnumSource
    void hook_thatRunsItsOwnOperation_isRefusedAtTheCap(Form form) {
        check.hookThatRunsItsOwnOperation_endsAtTheCap(form);
    }

    @Test
    void changes_whileAHookRuns_countFromTheNextOperation() {
        check.changesWhileAHookRuns_countFromTheNextOperation();
    }
}

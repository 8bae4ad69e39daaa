package io.llmspell.bridge.lua;

import io.llmspell.bridge.lua.LuaEndlessHookCheck.Form;
import io.llmspell.bridge.lua.LuaHookRig.Plant;
import io.llmspell.testing.check.Check;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Check("H02")
@Timeout(60)
final class LuaEndlessHookTest {
    private final LuaEndlessHookCheck check = new LuaEndlessHookCheck(Plant.NONE);

    @ParameterizedTest
    @EnumSource
    void observer_withoutEnd_letsItsCallerGoOnAtTheDeadline(Form form) {
        check.callerIsBack(form, "continue");
    }

    @ParameterizedTest
    @EnumSource
    void guard_withoutEnd_refusesAtTheDeadline(Form form) {
        check.callerIsBack(form, "refuse");
    }

    @ParameterizedTest
    @EnumSource(names = {"LOOP", "PROTECTED", "ISOLATED"})
    void hook_thatOverranThreeTimes_isNotEnteredAnyMore(Form form) {
        check.breaker_opens(form, "continue");
        check.breaker_opens(form, "refuse");
    }

    @Test
    void hooksWithoutEnd_holdFewThreads() throws InterruptedException {
        check.hooksWithoutEnd_holdFewThreads();
    }
}

package io.llmspell.bridge.lua;

import io.llmspell.testing.check.Check;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Check("I03")
@Timeout(60)
class LuaForeignScopeTest {
    @ParameterizedTest
    @EnumSource
    void codeThatRunsForAnAgent_reachesNothingOfAnother(LuaForeignScopeCheck.Way way) {
        new LuaForeignScopeCheck("bob:invoke_tool('t', {})", 2).nothingForeign_isReached(way);
    }
}

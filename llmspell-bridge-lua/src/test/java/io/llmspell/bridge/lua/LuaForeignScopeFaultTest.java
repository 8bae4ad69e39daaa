package io.llmspell.bridge.lua;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class LuaForeignScopeFaultTest {
    /** The tool has the rights of the script that wrote it, as if no agent had called it. */
    @ParameterizedTest
    @EnumSource
    void toolWithTheRightsOfItsScript_isRed(LuaForeignScopeCheck.Way way) {
        assertThatThrownBy(() -> new LuaForeignScopeCheck("Tool.invoke('t', {})", 600).nothingForeign_isReached(way))
                .isInstanceOf(Throwable.class)
                .hasMessageContaining("what came out");
    }
}

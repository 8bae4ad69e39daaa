package io.llmspell.bridge.lua;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.testing.check.Check;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Values go from state through Lua and back exactly; what is no value is refused with a code and changes nothing. */
@Check("S01")
@Timeout(60)
final class LuaValuesTest {
    @Test
    void values_throughLua_areExactOrRefused() {
        assertThat(new LuaValuesCheck(value -> value, "State.set").run()).isEmpty();
    }
}

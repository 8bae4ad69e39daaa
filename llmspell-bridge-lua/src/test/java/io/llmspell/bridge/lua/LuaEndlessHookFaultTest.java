package io.llmspell.bridge.lua;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.bridge.lua.LuaEndlessHookCheck.Form;
import io.llmspell.bridge.lua.LuaHookRig.Plant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class LuaEndlessHookFaultTest {
    private static final Plant NO_DEADLINE = Plant.options("o.timeout_ms = 3600000");

    @ParameterizedTest
    @EnumSource(names = {"LOOP", "PROTECTED", "WAITING", "ISOLATED"})
    void hook_withoutDeadline_isRed(Form form) {
        LuaEndlessHookCheck check = new LuaEndlessHookCheck(NO_DEADLINE, 1); // late is late
        assertThatThrownBy(() -> check.callerIsBack(form, "continue"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the caller was back after");
    }

    @Test
    void guard_thatIsAnObserver_isRed() {
        LuaEndlessHookCheck check = new LuaEndlessHookCheck(Plant.options("o.on_error = 'continue'"), 1);
        assertThatThrownBy(() -> check.callerIsBack(Form.LOOP, "refuse")).isInstanceOf(AssertionError.class);
    }

    @Test
    void hook_withoutBreaker_isRed() {
        LuaEndlessHookCheck check = new LuaEndlessHookCheck(Plant.config("enable_circuit_breaker", false));
        assertThatThrownBy(() -> check.breaker_opens(Form.LOOP, "refuse"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("a call after three overruns");
    }

    @Test
    void hooks_withAsManyThreadsAsTheyLike_areRed() {
        LuaEndlessHookCheck check = new LuaEndlessHookCheck(Plant.config("max_isolated_threads", 64L));
        assertThatThrownBy(check::hooksWithoutEnd_holdFewThreads)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("threads of hooks without end");
    }
}

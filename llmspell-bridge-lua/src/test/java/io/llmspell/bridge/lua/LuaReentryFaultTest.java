package io.llmspell.bridge.lua;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.bridge.lua.LuaHookRig.Plant;
import io.llmspell.bridge.lua.LuaReentryCheck.Form;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class LuaReentryFaultTest {
    /** One real hook a point, which walks a list that changes while it walks. */
    private static final Plant LIVE_LISTS = new Plant(
            String.join(
                    "\n",
                    "(function() local lists = {}",
                    "return function(p, f, o)",
                    "  local list = lists[p]",
                    "  if not list then",
                    "    list = {} lists[p] = list",
                    "    Hook.register(p, function(ctx) local i = 1",
                    "      while list[i] do list[i].f(ctx) i = i + 1 end end, {name = 'live', timeout_ms = 5000})",
                    "  end",
                    "  local entry = {f = f, at = o.priority or 0}",
                    "  table.insert(list, entry)",
                    "  table.sort(list, function(a, b) return a.at < b.at end)",
                    "  return {unregister = function()",
                    "    for i, each in ipairs(list) do if each == entry then table.remove(list, i) end end end}",
                    "end end)()"),
            Map.of());

    @ParameterizedTest
    @EnumSource
    void hooksWithoutCap_areRed(Form form) {
        LuaReentryCheck check = new LuaReentryCheck(Plant.config("max_depth", 64L));
        assertThatThrownBy(() -> check.hookThatRunsItsOwnOperation_endsAtTheCap(form))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("how deep the hook came");
    }

    @Test
    void changesThatCountAtOnce_areRed() {
        LuaReentryCheck check = new LuaReentryCheck(LIVE_LISTS);
        assertThatThrownBy(check::changesWhileAHookRuns_countFromTheNextOperation)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the operation that was running");
    }
}

package io.llmspell.bridge.lua;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.bridge.lua.LuaHookRig.Plant;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Lua hooks that do what they are hooks of, and Lua hooks that come and go while they run. */
final class LuaReentryCheck {
    private static final int CAP = 8;

    /** Deeper than any cap, for faults that have none. */
    private static final int FAR_TOO_DEEP = 40;

    /** What the hook does, and is a hook of. */
    enum Form {
        /** It sets the key whose write it sees. */
        STATE("BeforeStateWrite", "State.set('own', n)", "State.set('own', 0)"),
        TOOL("BeforeToolExecution", "Tool.calculator {input = '1'}", "Tool.calculator {input = '1'}"),
        CUSTOM("custom:again", "Hook.fire('custom:again')", "Hook.fire('custom:again')"),
        EVENT("BeforeEventEmit", "Event.publish('own.event')", "Event.publish('own.event')");

        private final String point;
        private final String deeper;
        private final String start;

        Form(String point, String deeper, String start) {
            this.point = point;
            this.deeper = deeper;
            this.start = start;
        }
    }

    private final Plant plant;

    LuaReentryCheck(Plant plant) {
        this.plant = plant;
    }

    /** A hook that does what it is a hook of ends at the cap, with an error that names the chain. */
    void hookThatRunsItsOwnOperation_endsAtTheCap(Form form) {
        try (LuaHookRig rig = new LuaHookRig(
                plant,
                Map.of(),
                "local depth = 0",
                "register('" + form.point + "', function(ctx)",
                "  if depth > " + FAR_TOO_DEEP + " then return end",
                "  depth = depth + 1 n = math.max(n, depth)",
                "  local ok, e = pcall(function() " + form.deeper + " end)",
                "  depth = depth - 1",
                "  if not ok and not told then told = e.code .. ': ' .. e.message end",
                "end, {name = 'again', timeout_ms = 20000})",
                "Tool.register {name = 'start', execute = function() " + form.start + " return {result = told} end}")) {
            String told = rig.call("start", "x");

            assertThat(Integer.parseInt(rig.alive()))
                    .as("how deep the hook came; it was told %s", told)
                    .isEqualTo(CAP + 1);
            assertThat(told)
                    .startsWith("limit_exceeded: ")
                    .contains("hooks.max_depth = 8 hooks")
                    .contains("was called by hooks that call each other, outermost first: ")
                    .contains(String.join(" > ", Collections.nCopies(CAP + 1, "\"again\" at " + form.point)));
        }
    }

    /** What a hook registers and unregisters while it runs counts from the next operation on. */
    void changesWhileAHookRuns_countFromTheNextOperation() {
        try (LuaHookRig rig = new LuaHookRig(
                plant,
                Map.of(),
                "ran = {}",
                "Tool.register {name = 'ran', execute = function()",
                "  local all = table.concat(ran, ' ') ran = {} return {result = all} end}",
                "local function note(name) return function(ctx) if ctx.tool_name == 'calculator' then",
                "  ran[#ran + 1] = name .. '@' .. ctx.point .. ctx.attempt end end end",
                "local later = register('AfterToolExecution', note('later'), {name = 'later'})",
                "local behind = register('BeforeToolExecution', note('behind'), {name = 'z-behind', priority = 5})",
                "local own",
                "own = register('BeforeToolExecution', function(ctx)",
                "  if ctx.tool_name ~= 'calculator' then return end",
                "  if ctx.attempt == 1 then",
                "    register('BeforeToolExecution', note('new'), {name = 'new', priority = 7})",
                "    register('ToolError', note('new'), {name = 'new'})",
                "  end",
                "  later:unregister() behind:unregister() own:unregister()",
                "  note('changer')(ctx)",
                "end, {name = 'changer', timeout_ms = 5000})",
                "Hook.register('AfterToolExecution', function(ctx)",
                "  if ctx.tool_name == 'calculator' and ctx.attempt == 1 then return {type = 'retry', delay_ms = 0, max_attempts = 2} end",
                "end, {name = 'z-again', priority = 100})")) {
            assertThat(rig.call("calculator", "2 * 3")).isEqualTo("6");
            assertThat(ran(rig))
                    .as("the operation that was running, with its second attempt")
                    .isEqualTo(List.of(
                            "changer@BeforeToolExecution1",
                            "behind@BeforeToolExecution1",
                            "later@AfterToolExecution1",
                            "changer@BeforeToolExecution2",
                            "behind@BeforeToolExecution2",
                            "later@AfterToolExecution2"));
            assertThat(rig.call("calculator", "2 * 3")).isEqualTo("6");
            assertThat(ran(rig))
                    .as("the next operation")
                    .isEqualTo(List.of("new@BeforeToolExecution1", "new@BeforeToolExecution2"));
        }
    }

    private static List<String> ran(LuaHookRig rig) {
        return List.of(rig.call("ran", "x").split(" "));
    }
}

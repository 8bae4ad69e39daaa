package io.llmspell.bridge.lua;

import static io.llmspell.bridge.lua.Scripts.list;
import static io.llmspell.bridge.lua.Scripts.map;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What hooks of a script see; see SCRIPT_API 2.1. */
final class HookContextTest {
    @Test
    void members_ofTheContext_areThere() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local seen",
                            "Hook.register('BeforeToolExecution', function(ctx)",
                            "  seen = JSON.array {ctx.point, ctx.hook_point, ctx.component_id.name, ctx.component_id.type,",
                            "    ctx.component_id.component_type, #ctx.component_id.id, #ctx.correlation_id > 0, ctx.language,",
                            "    ctx.timestamp:match('^%d%d%d%d%-%d%d%-%d%dT') ~= nil, ctx.data.input, ctx.operation.type,",
                            "    ctx.operation.input.input, ctx.operation.output == nil, ctx.attempt, type(ctx.metadata)}",
                            "end)",
                            "Tool.calculator {input = '1 + 1'}",
                            "return seen"))
                    .isEqualTo(list(
                            "BeforeToolExecution",
                            "BeforeToolExecution",
                            "calculator",
                            "tool",
                            "tool",
                            36L,
                            true,
                            "lua",
                            true,
                            "1 + 1",
                            "tool_call",
                            "1 + 1",
                            true,
                            1L,
                            "table"));
        }
    }

    @Test
    void helpers_answerWhereContextAndDataLackAName() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local seen = {}",
                            "Hook.register('BeforeToolExecution', function(ctx)",
                            "  if seen.before then return end",
                            "  seen.before = JSON.array {ctx.tool_name, ctx.input.input, ctx.parameters.input, ctx.output == nil,",
                            "    ctx.data.tool_name, ctx.absent == nil, ctx.agent_id == nil} end)",
                            "Hook.register('AfterToolExecution', function(ctx)",
                            "  seen.after = JSON.array {ctx.output.result, ctx.result.output, ctx.input.input, ctx.error == nil} end)",
                            "Hook.register('ToolError', function(ctx)",
                            "  seen.error = JSON.array {ctx.error.code, ctx.error_message == ctx.error.message,",
                            "    tostring(ctx.error) == ctx.error_message, ctx.tool_name} end)",
                            "Tool.calculator {input = '1 + 1'}",
                            "Tool.register {name = 'bad', execute = function() error('broken') end}",
                            "Tool.bad {}",
                            "return seen"))
                    .isEqualTo(map(
                            "before",
                            list("calculator", "1 + 1", "1 + 1", true, "calculator", true, true),
                            "after",
                            list(2L, 2L, "1 + 1", true),
                            "error",
                            list("script_error", true, true, "bad")));
        }
    }

    @Test
    void errorStage_isThatOfTheOperationWhateverTheMetadataSays() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local seen = {}",
                            "Hook.register('BeforeToolExecution', function(ctx)",
                            "  ctx.metadata.error_stage = 'invented'",
                            "  seen.before = ctx.error_stage == nil end)",
                            "Hook.register('ToolError', function(ctx)",
                            "  seen[ctx.tool_name] = JSON.array {ctx.error_stage, ctx.data.error_stage} end)",
                            "Tool.register {name = 'bad', execute = function() error('broken') end}",
                            "Tool.bad {}",
                            "pcall(Tool.calculator, {})",
                            "return seen"))
                    .isEqualTo(map(
                            "before",
                            true,
                            "bad",
                            list("execution", "execution"),
                            "calculator",
                            list("validation", "validation")));
        }
    }

    @Test
    void helpers_areNotEnumeratedAndDoNotTravelBack() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local names = JSON.array()",
                            "Hook.register('BeforeToolExecution', function(ctx)",
                            "  for name in pairs(ctx.data) do names[#names + 1] = name end",
                            "  local x = ctx.data.tool_name",
                            "  ctx.data.input = '40 + 2'",
                            "  return {type = 'modified', data = ctx.data} end)",
                            "local r = Tool.calculator {input = '1'}",
                            "return JSON.array {names, r.output}"))
                    .isEqualTo(list(List.of("input"), 42L));
        }
    }

    @Test
    void context_enumerated_showsItsMembersOnly() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(
                            scripts.run(
                                    "local names = {}",
                                    "Hook.register('BeforeToolExecution', function(ctx)",
                                    "  for name in pairs(ctx) do names[name] = true end end)",
                                    "Tool.calculator {input = '1'}",
                                    "return JSON.array {names.point, names.data, names.tool_name == nil, names.execute == nil}"))
                    .isEqualTo(list(true, true, true, true));
        }
    }

    @Test
    void data_changed_countsOnlyIfReturned() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "Hook.register('BeforeToolExecution', function(ctx) ctx.data.input = '9' end)",
                            "return Tool.calculator({input = '1'}).output"))
                    .isEqualTo(1L);
        }
    }

    @Test
    void metadata_written_isSeenByLaterHooksOfTheOperation() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local seen = JSON.array()",
                            "Hook.register('BeforeToolExecution', function(ctx) ctx.metadata.note = 'from ' .. ctx.point",
                            "  ctx.metadata.n = 5 end)",
                            "Hook.register('AfterToolExecution', function(ctx)",
                            "  seen[1] = ctx.metadata.note; seen[2] = ctx.metadata.n; seen[3] = ctx.metadata.absent == nil end)",
                            "Tool.calculator {input = '1'}",
                            "return seen"))
                    .isEqualTo(list("from BeforeToolExecution", "5", true));
            assertThat(scripts.run(
                            "local code",
                            "Hook.register('BeforeToolExecution', function(ctx)",
                            "  local ok, e = pcall(function() ctx.metadata.t = {} end) code = e.code end)",
                            "Tool.calculator {input = '1'}",
                            "return code"))
                    .isEqualTo("invalid_argument");
        }
    }

    @Test
    void metadataAndState_pairs_enumerateWhatIsThere() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "State.set('a', 1) State.set('b', {x = 2})",
                            "local notes, state, reads = {}, JSON.array(), 0",
                            "Hook.register('BeforeStateRead', function() reads = reads + 1 end)",
                            "Hook.register('BeforeToolExecution', function(ctx)",
                            "  ctx.metadata.note = 'mine'",
                            "  for k, v in pairs(ctx.metadata) do notes[k] = v end",
                            "  local names = {}",
                            "  for k, v in pairs(ctx.state) do names[#names + 1] = k .. '=' .. type(v) end",
                            "  table.sort(names) for i, n in ipairs(names) do state[i] = n end end)",
                            "Tool.calculator {input = '1'}",
                            "return JSON.array {notes.note, notes.tool_name, state[1], state[2], #state, reads}"))
                    .isEqualTo(list("mine", "calculator", "a=number", "b=table", 2L, 0L));
        }
    }

    @Test
    void workflowState_pairs_enumeratesWhatIsThere() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local wf = Workflow.sequential {name = 'w', initial_state = {a = 1}, steps = {",
                            "  {name = 's', execute = function(ctx) ctx.state.b = 2 local n = 0",
                            "    for k, v in pairs(ctx.state) do n = n + v end return n end}}}",
                            "return wf:execute().output"))
                    .isEqualTo(3L);
        }
    }

    @Test
    void redirect_toWorkflowOfTheScript_findsItByName() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local function flow(name) return Workflow.sequential {name = name, steps = {",
                            "  {name = 's', execute = function() return 'by ' .. name end}}} end",
                            "local one = flow('one') flow('two')",
                            "Hook.register('BeforeWorkflowStart', function(ctx)",
                            "  if ctx.component_id.name == 'one' then return {type = 'redirect', target = 'two'} end end)",
                            "return one:execute().output"))
                    .isEqualTo("by two");
        }
    }

    @Test
    void rollback_compensateOfTheScript_runs() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local back = JSON.array()",
                            "local wf = Workflow.sequential {name = 'w', steps = {",
                            "  {name = 'a', execute = function() return 1 end, compensate = function(ctx) back[1] = ctx.step_name end},",
                            "  {name = 'b', execute = function() error('no') end}}}",
                            "local r = wf:execute()",
                            "return JSON.array {r.success, back[1], r.rolled_back[1]}"))
                    .isEqualTo(list(false, "a", "a"));
        }
    }

    @Test
    void context_isReadOnly() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local codes = JSON.array()",
                            "Hook.register('BeforeToolExecution', function(ctx)",
                            "  for i = 1, 2 do",
                            "    local ok, e = pcall(function() ctx.attempt = 9 end)",
                            "    codes[i] = e.code .. ctx.attempt",
                            "  end end)",
                            "Tool.calculator {input = '1'}",
                            "return codes"))
                    .isEqualTo(List.of("wrong_call1", "wrong_call1"));
        }
    }

    @Test
    void state_ofTheContext_isRead() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "State.set('limit', 3); State.set('user:u', 'k', 'hers')",
                            "local seen",
                            "Hook.register('BeforeToolExecution', function(ctx)",
                            "  seen = JSON.array {ctx.state.get('limit'), ctx.state:get('user:u', 'k'), ctx.state.exists('none'),",
                            "    ctx.state.list('user:u'), ctx.state.get('none') == nil} end)",
                            "Tool.calculator {input = '1'}",
                            "return seen"))
                    .isEqualTo(list(3L, "hers", false, List.of("k"), true));
        }
    }

    @Test
    void stateAndEventPoints_haveTheirData() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local seen = {}",
                            "State.set('user:u', 'k', 'old')",
                            "Hook.register('BeforeStateWrite', function(ctx)",
                            "  seen.state = JSON.array {ctx.data.scope, ctx.data.key, ctx.data.value, ctx.data.old_value}",
                            "  return {type = 'modified', data = {value = 'changed'}} end)",
                            "Hook.register('BeforeEventEmit', function(ctx)",
                            "  if ctx.data.event_type == 'my.event' then",
                            "    seen.event = JSON.array {ctx.data.event_type, ctx.data.data.n}",
                            "    return {type = 'modified', data = {data = {n = 2}}} end end)",
                            "State.set('user:u', 'k', 'new')",
                            "local sub = Event.subscribe('my.event')",
                            "Event.publish('my.event', {n = 1})",
                            "seen.stored = State.get('user:u', 'k'); seen.received = sub:receive(5000).data.n",
                            "return seen"))
                    .isEqualTo(map(
                            "state",
                            list("user:u", "k", "new", "old"),
                            "event",
                            list("my.event", 1L),
                            "stored",
                            "changed",
                            "received",
                            2L));
        }
    }

    @Test
    void parent_isTheOperationAround() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local outer, parent",
                            "Tool.register {name = 'outer', execute = function() return Tool.calculator {input = '1'} end}",
                            "Hook.register('BeforeToolExecution', function(ctx)",
                            "  if ctx.tool_name == 'outer' then outer = ctx.operation.id else parent = ctx.parent_id end end)",
                            "Tool.outer {}",
                            "return JSON.array {outer == parent, outer ~= nil}"))
                    .isEqualTo(list(true, true));
        }
    }
}

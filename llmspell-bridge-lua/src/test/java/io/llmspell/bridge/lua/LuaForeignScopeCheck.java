package io.llmspell.bridge.lua;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.audit.AuditQuery;
import io.llmspell.core.audit.AuditRecord;
import java.util.List;

/**
 * A tool in Lua tries for an agent what Lua has to reach the scope of another, at once and by what it leaves behind:
 * nothing of it comes out, and what was tried is in the audit log.
 */
final class LuaForeignScopeCheck {
    private static final String CANARY = "canary-31f7";

    /** The ways, each some Lua that may use {@code hers}, {@code his}, {@code ann} and tells by {@code say}. */
    enum Way {
        GET("say(State.get(hers, 'note'))"),
        LOAD("say(State.load(hers, 'note'))"),
        EXISTS("say(State.exists(hers, 'note') and CANARY)"),
        LIST("local keys = State.list(hers); say(CANARY)"),
        ALL("say(State.all(hers))"),
        SET("State.set(hers, 'note', 'stolen'); say(CANARY)"),
        DELETE("State.delete(hers, 'note'); say(CANARY)"),
        CLEAR("State.clear(hers); say(CANARY)"),
        COMPARE_AND_SET("local ok, now = State.compare_and_set(hers, 'note', 'x', 'y'); say(now)"),
        INCREMENT("State.increment(hers, 'count'); say(CANARY)"),
        UPDATE("State.update(hers, 'note', function(old) say(old); return old end)"),
        BATCH("State.batch{{op = 'set', scope = his, key = 'a', value = 1},"
                + " {op = 'check', scope = hers, key = 'note', expected = CANARY}}; say(CANARY)"),
        WATCH("State.watch(hers, '*', function(u) seen(u.new_value) end); say(CANARY)"),
        LEFT_WATCH("State.watch(his, '*', function() say(State.get(hers, 'note')) end)"),
        SAVED_STATE("ann:delete_state(); say(CANARY)"),
        GRANT("State.grant(hers, bob); say(CANARY)"),
        LEFT_HOOK("Hook.register('BeforeStateWrite', function() say(State.get(hers, 'note')) end)"
                + " State.set(his, 'n', 1)"),
        HOOK_THAT_SEES(
                "Hook.register('AfterStateRead', function(ctx) seen(ctx.data.value) end)" + " State.get(hers, 'note')"),
        COMPOSED_HOOK("Hook.register('BeforeStateWrite', Hook.compose('sequential', {function()"
                + " say(State.get(hers, 'note')) end})) State.set(his, 'n', 1)"),
        LEFT_HANDLER("Event.subscribe('go', function() say(State.get(hers, 'note')) end)"),
        HANDLER_THAT_SEES("Event.subscribe('**', function(e) seen(e.payload) end) State.get(hers, 'note')"),
        BATCH_HANDLER_THAT_SEES(
                "Event.subscribe('state.*', function(b) seen(b) end," + " {batch_size = 1}) State.get(hers, 'note')"),
        INBOX("box = Event.subscribe('state.*') State.get(hers, 'note')"),
        LEFT_TOOL("Tool.register{name = 'left', execute = function() say(State.get(hers, 'note')); return {} end}"),
        OTHER_AGENTS_TOOL("say(ann:invoke_tool('reader', {}).output)"),
        WORKFLOW("Workflow.sequential{name = 'w', steps = {{name = 's', execute = function()"
                + " say(State.get(hers, 'note')); return 1 end}}}:execute({})"),
        QUERY("for _, e in ipairs(Event.query{event_type = 'state.*'}) do seen(e) end State.get(hers, 'note')"),
        QUERY_OF_ALL("for _, e in ipairs(Event.query{}) do seen(e) end State.get(hers, 'note')"),
        REPLAY_OF_ALL("Event.replay({}, {to = function(e) seen(e) end}) State.get(hers, 'note')"),
        TIMELINE_OF_ALL("seen(Event.timeline{}) State.get(hers, 'note')"),
        FILTER_THAT_SEES("Event.subscribe('**', {filter = function(e) seen(e); return false end}, function() end)"
                + " State.get(hers, 'note')"),
        INBOX_OF_ALL("box = Event.subscribe('**') State.get(hers, 'note')"),
        REPLAY("Event.replay({event_type = 'state.*'}, {to = function(e) seen(e) end}) State.get(hers, 'note')"),
        TIMELINE("seen(Event.timeline{event_types = {'state.*'}}) State.get(hers, 'note')");

        private final String lua;

        Way(String lua) {
            this.lua = lua;
        }
    }

    private final String use;
    private final int rounds;

    /**
     * The check.
     *
     * @param use how the tool {@code t} is called for the agent {@code bob}
     * @param rounds how many twentieths of a second to wait for what comes out, unless it comes out before
     */
    LuaForeignScopeCheck(String use, int rounds) {
        this.use = use;
        this.rounds = rounds;
    }

    void nothingForeign_isReached(Way way) {
        try (Scripts scripts = Scripts.open()) {
            Object out = scripts.run(
                    "local CANARY = '" + CANARY + "'",
                    "local ann = Agent.create{name = 'ann', provider = 'offline', model = 'echo', tools = {'*'}}",
                    "local bob = Agent.create{name = 'bob', provider = 'offline', model = 'echo', tools = {'*'}}",
                    "local hers, his = 'agent:' .. ann.id, 'agent:' .. bob.id",
                    "local out, box = {}, nil",
                    "local function text(v) return type(v) == 'table' and JSON.stringify(v) or tostring(v) end",
                    "local function seen(v) out[#out + 1] = text(v) end",
                    "local say = seen",
                    "State.set(hers, 'note', CANARY)",
                    "Tool.register{name = 'reader', execute = function() return {output = State.get(hers, 'note')} end}",
                    "Tool.register{name = 't', execute = function()",
                    "  local ok, e = pcall(function() " + way.lua + " end)",
                    "  if not ok then out[#out + 1] = 'refused: ' .. tostring(e.code) .. ' ' .. tostring(e) end",
                    "  return {}",
                    "end}",
                    "Tool.register{name = 'fails', execute = function() error(State.get(hers, 'note')) end}",
                    "pcall(function() ann:invoke_tool('fails', {}) end)",
                    use,
                    "pcall(function() ann:invoke_tool('fails', {}) end)",
                    "State.set(hers, 'note', CANARY)",
                    "State.get(hers, 'note')",
                    "State.set(his, 'n', 2)",
                    "Event.publish('go', {})",
                    "pcall(Tool.invoke, 'left', {})",
                    "pcall(function() ann:invoke_tool('left', {}) end)",
                    "local function leaked() return table.concat(out):find(CANARY, 1, true) end",
                    "for _ = 1, " + rounds + " do",
                    "  if leaked() then break end",
                    "  Event.run(0.05)",
                    "  local e = box and Event.receive(box, 0)",
                    "  while e do seen(e); e = Event.receive(box, 0) end",
                    "end",
                    "assert(State.get(hers, 'note') == CANARY)",
                    "return table.concat(out, '\\n')");
            assertThat(String.valueOf(out)).as("%s: what came out", way).doesNotContain(CANARY);
            List<AuditRecord> denied = scripts.spell
                    .state()
                    .access(scripts.spell.caller())
                    .audit(AuditQuery.newest(1_000).allowed(false));
            assertThat(denied).as("%s: denials in the audit log", way).isNotEmpty();
        }
    }
}

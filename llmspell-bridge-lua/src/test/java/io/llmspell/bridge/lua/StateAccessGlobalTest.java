package io.llmspell.bridge.lua;

import static io.llmspell.bridge.lua.Scripts.list;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.storage.MemoryStorage;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code State.grant}, {@code revoke}, {@code audit}, and what scripts may that run for an agent. */
@Timeout(60)
final class StateAccessGlobalTest {
    /** Two agents, the secret of one, and a tool of the script that reads and writes what it is told. */
    private static final String HOUSE = String.join(
            "\n",
            "local ann = Agent.create{name = 'ann', provider = 'offline', model = 'echo', tools = {'*'}}",
            "local bob = Agent.create{name = 'bob', provider = 'offline', model = 'echo', tools = {'*'}}",
            "local hers, his = 'agent:' .. ann.id, 'agent:' .. bob.id",
            "State.set(hers, 'diary', 'canary')",
            "Tool.register{name = 'state_tool', execute = function(p)",
            "  local ok, result = pcall(p.op == 'set' and State.set or State.get, p.scope, p.key, p.value)",
            "  if not ok then return {failed = result.code} end",
            "  return {value = result}",
            "end}",
            "local function use(agent, params) return agent:invoke_tool('state_tool', params).result end",
            "");

    private final Scripts scripts = Scripts.open();

    @AfterEach
    void close() {
        scripts.close();
    }

    private Object run(String... lines) {
        return scripts.run(HOUSE + String.join("\n", lines));
    }

    @Test
    void grant_andRevoke_ruleTheToolsOfAnAgent() {
        assertThat(run(
                        "local ask = {op = 'get', scope = hers, key = 'diary'}",
                        "local before = use(bob, ask).failed",
                        "local granted = State.grant(hers, bob)",
                        "local read = use(bob, ask).value",
                        "local write = use(bob, {op = 'set', scope = hers, key = 'diary', value = 1}).failed",
                        "local gone, again = State.revoke(hers, 'bob'), State.revoke(hers, bob.id)",
                        "return JSON.array {before, granted, read, write, gone, again, use(bob, ask).failed,",
                        "  use(ann, ask).value}"))
                .isEqualTo(
                        list("access_denied", true, "canary", "access_denied", true, false, "access_denied", "canary"));
    }

    @Test
    void grant_withAccessAndTime_isAsAsked() {
        assertThat(run(
                        "State.grant('custom:box', bob, {access = 'write', ttl_seconds = 60})",
                        "return JSON.array {",
                        "  use(bob, {op = 'set', scope = 'custom:box', key = 'k', value = 1}).value,",
                        "  use(bob, {op = 'get', scope = 'custom:box', key = 'k'}).failed}"))
                .isEqualTo(list(true, "access_denied"));
        assertThat(scripts.spell.state().access(scripts.spell.caller()).grants())
                .singleElement()
                .satisfies(grant -> assertThat(grant.expiresAt()).isPresent());
    }

    @Test
    void scopeTextSession_isTheCurrentSession() {
        assertThat(run(
                        "local before = #State.audit{scope = 'session'}",
                        "local mine = 'session:' .. Session.current().id",
                        "State.set('session', 'k', 'seen')",
                        "local ask = {op = 'get', scope = mine, key = 'k'}",
                        "local refused = use(bob, ask).failed",
                        "State.grant('session', bob)",
                        "local read = use(bob, ask).value",
                        "local taken = State.revoke('session', bob)",
                        "return JSON.array {before, refused, read, taken, use(bob, ask).failed,",
                        "  State.audit{scope = 'session', operation = 'grant'}[1].target == mine}"))
                .isEqualTo(list(0L, "access_denied", "seen", true, "access_denied", true));
    }

    /** Agents have other ids in each process, so a grant to one would stand in the store for nothing, for ever. */
    @Test
    void grant_toAnAgentThatIsThere_isNotStored_andOneToAnIdIs() {
        AtomicReference<StorageBackend> store = new AtomicReference<>();
        try (Scripts kept = Scripts.open(builder -> builder.storage((spaces, time) -> {
            StorageBackend made = MemoryStorage.create(spaces);
            store.set(made);
            return made;
        }))) {
            kept.run(HOUSE + "State.grant('custom:box', bob); State.grant('custom:box', 'planner')");
            assertThat(kept.spell.state().access(kept.spell.caller()).grants()).hasSize(2);
            try (Cursor rights = store.get().scan(Space.META, Range.prefix(Bytes.utf8("access:grant")))) {
                assertThat(rights.next()).isTrue();
                assertThat(rights.entry().key().text()).contains("planner");
                assertThat(rights.next()).isFalse();
            }
        }
    }

    @Test
    void wrongArguments_areNamed() {
        assertThat(scripts.failure("State.grant('custom:box')", "message"))
                .asString()
                .contains("argument 2 (agent)");
        assertThat(scripts.failure("State.grant('custom:box', 'a', {acces = 'read'})", "message"))
                .asString()
                .contains("did you mean \"access\"");
        assertThat(scripts.failure("State.grant('custom:box', 'a', {access = 'all'})", "message"))
                .asString()
                .contains("read_write");
        assertThat(scripts.failure("State.grant('custom:box', 'a', {ttl_seconds = 0})", "message"))
                .asString()
                .contains("0.001 or more");
        assertThat(scripts.failure("State.grant('planet:x', 'a')", "code")).isEqualTo("invalid_scope");
        assertThat(scripts.failure("State.grant('custom:box', '')", "code")).isEqualTo("invalid_key");
        assertThat(scripts.failure("State.audit{operation = 'reed'}", "message"))
                .asString()
                .contains("did you mean \"read\"");
    }

    @Test
    void audit_tellsWhoTriedWhat() {
        assertThat(run(
                        "use(bob, {op = 'get', scope = hers, key = 'diary'})",
                        "use(bob, {op = 'get', scope = hers, key = 'diary'})",
                        "use(bob, {op = 'set', scope = hers, key = 'diary', value = 1})",
                        "State.grant(hers, bob, {access = 'read'})",
                        "local tried = State.audit{agent = bob, operation = 'read', allowed = false}",
                        "local n = 0; for _, r in ipairs(tried) do n = n + r.count end",
                        "local w = State.audit{scope = hers, operation = 'write'}[1]",
                        "local g = State.audit{operation = 'grant'}[1]",
                        "return JSON.array {n, tried[1].target == hers, tried[1].key, tried[1].reason,",
                        "  w.agent_id == bob.id, w.allowed, #w.timestamp > 10, g.allowed, g.agent_id == nil,",
                        "  #State.audit{limit = 1}, #State.audit{since = '2100-01-01T00:00:00Z'}}"))
                .isEqualTo(list(2L, true, "diary", "no grant", true, false, true, true, true, 1L, 0L));
    }

    @Test
    void tool_thatAnAgentCalls_cannotGrantOrReadTheAudit() {
        assertThat(run(
                        "Tool.register{name = 'grant_tool', execute = function(p)",
                        "  local _, a = pcall(State.grant, hers, bob)",
                        "  local _, b = pcall(State.audit, {agent = ann})",
                        "  local own = State.audit()",
                        "  local mine = State.grant(his, ann)",
                        "  return {a = a.code, b = b.code, own = #own, mine = mine}",
                        "end}",
                        "local r = bob:invoke_tool('grant_tool', {}).result",
                        "return JSON.array {r.a, r.b, r.own > 0, r.mine}"))
                .isEqualTo(list("access_denied", "access_denied", true, true));
    }

    @Test
    void whatAnAgentsCodeBringsIn_hasTheAgentsRights() {
        assertThat(run(
                        "local out = {}",
                        "local function try(name)",
                        "  local ok, e = pcall(State.get, hers, 'diary')",
                        "  out[name] = ok and 'LEAK ' .. tostring(e) or e.code",
                        "end",
                        "Tool.register{name = 'bring', execute = function(p)",
                        "  Hook.register('BeforeStateWrite', function(ctx) try('hook'); out.seen = ctx.data end)",
                        "  Event.subscribe('mine.*', function(e) try('event') end)",
                        "  Event.subscribe('*.*', function(e)",
                        "    if e.type ~= 'state.changed' then return end",
                        "    out.told = e.payload.new_value; out.foreign = out.foreign or out.told == 'canary' end)",
                        "  Tool.register{name = 'brought', execute = function() try('tool'); return {} end}",
                        "  try('body')",
                        "  ann:invoke_tool('state_tool', {op = 'get', scope = hers, key = 'diary'})",
                        "  out.as_ann = ann:invoke_tool('state_tool', {op = 'get', scope = hers, key = 'diary'}).result.failed",
                        "  State.set(his, 'note', 1)",
                        "  return {}",
                        "end}",
                        "bob:invoke_tool('bring', {})",
                        "out.seen = nil",
                        "State.set(hers, 'diary', 'canary')",
                        "local unseen = out.seen == nil",
                        "Event.publish('mine.now', {})",
                        "Tool.invoke('brought', {})",
                        "ann:invoke_tool('brought', {})",
                        "State.set(his, 'note', 2)",
                        "while not (out.event and out.told == 2) do Event.run(0.01) end",
                        "return JSON.array {out.body, out.hook, out.event, out.tool, out.as_ann, unseen,",
                        "  out.told, out.foreign}"))
                .isEqualTo(list(
                        "access_denied",
                        "access_denied",
                        "access_denied",
                        "access_denied",
                        "access_denied",
                        true,
                        2L,
                        false));
    }

    @Test
    void step_ofAWorkflowThatAnAgentRuns_hasTheAgentsRights() {
        assertThat(run(
                        "local wf = Workflow.sequential{name = 'w', steps = {{name = 's',",
                        "  execute = function(ctx) local ok, e = pcall(State.get, hers, 'diary')",
                        "    return {got = ok and e or e.code} end}}}",
                        "Tool.register{name = 'runs', execute = function(p) return {r = JSON.stringify(wf:execute({}))} end}",
                        "local free = JSON.stringify(wf:execute({}))",
                        "local bound = bob:invoke_tool('runs', {}).result.r",
                        "return JSON.array {free:find('canary') ~= nil, bound:find('canary') == nil,",
                        "  bound:find('access_denied') ~= nil}"))
                .isEqualTo(list(true, true, true));
    }

    @Test
    void hookContext_readsWithTheRightsOfTheOperation() {
        List<String> seen = new CopyOnWriteArrayList<>();
        scripts.spell.hooks().register(HookPoint.BEFORE_TOOL_EXECUTION, HookOptions.named("reads"), context -> {
            if (context.caller().principal() instanceof Principal.Agent) {
                String secret = String.valueOf(scripts.spell
                        .state()
                        .as(scripts.spell.caller())
                        .get(StateKey.of(Scope.custom("where"), "ann"))
                        .orElseThrow()
                        .json());
                try {
                    seen.add(context.state()
                            .get(StateKey.of(Scope.parse(secret), "diary"))
                            .toString());
                } catch (RuntimeException denied) {
                    seen.add(denied.getMessage());
                }
            }
            return HookResult.proceed();
        });
        run("State.set('custom:where', 'ann', hers)", "use(bob, {op = 'get', scope = his, key = 'k'})");
        assertThat(seen)
                .hasSize(1)
                .allSatisfy(text -> assertThat(text).contains("may not read").doesNotContain("canary"));
    }

    @Test
    void journal_asAnAgentsCodeReadsIt_tellsOfItsOwnScopesAlone() {
        assertThat(run(
                        "State.set(his, 'note', 'own')",
                        "Tool.register{name = 'journal', execute = function(p)",
                        "  local values = {}",
                        "  for _, e in ipairs(Event.query{event_type = 'state.*'}) do",
                        "    values[#values + 1] = tostring(e.payload.new_value) end",
                        "  Event.replay({event_type = 'state.*'}, {to = function(e)",
                        "    values[#values + 1] = tostring(e.payload.new_value) end})",
                        "  return {text = table.concat(values, ' ')}",
                        "end}",
                        "return bob:invoke_tool('journal', {}).text"))
                .isEqualTo("own own");
    }
}

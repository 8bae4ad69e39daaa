package io.llmspell.bridge.lua;

import static io.llmspell.bridge.lua.Scripts.list;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The global {@code Agent}, with the offline provider. */
final class AgentGlobalTest {
    private static final String ECHO = "local a = Agent.create {name = 'writer', model = 'offline/echo'} ";

    @Test
    void create_inEveryForm_givesAnAgentThatIsReady() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(
                            scripts.run(
                                    ECHO,
                                    "local b = Agent.createAsync {name = 'b', provider = 'offline', model = 'echo', description = 'd',",
                                    "  system_prompt = 's', tools = {'calculator'}, type = 'llm', resource_limits = {max_tool_calls = 3}}",
                                    "local c = Agent.create {name = 'c', model = {provider = 'offline', model_id = 'echo'}}",
                                    "return JSON.array {a.name, a.model, a:get_state(), a:getAgentState(), a.id == tostring(a), b.model, c.model,",
                                    "  Agent.get('writer') == a, Agent.get('nobody') == nil, #Agent.list(), Agent.list()[1].state}"))
                    .isEqualTo(list(
                            "writer",
                            "offline/echo",
                            "ready",
                            "ready",
                            true,
                            "offline/echo",
                            "offline/echo",
                            true,
                            true,
                            3L,
                            "ready"));
        }
    }

    @Test
    void create_wrongly_isRefused() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.failure(
                            "Agent.create {name = 'x', model = 'offline/echo'} Agent.create {name = 'x', model = 'offline/echo'}",
                            "code"))
                    .isEqualTo("agent_exists");
            assertThat(scripts.failure("Agent.create {name = 'y', model = 'nobody/gpt'}", "code"))
                    .isEqualTo("provider_not_configured");
            assertThat(scripts.failure("Agent.create {model = 'offline/echo'}", "message"))
                    .asString()
                    .contains("name");
            assertThat(scripts.failure("Agent.create {name = 'z', modle = 'offline/echo'}", "message"))
                    .asString()
                    .contains("did you mean \"model\"");
        }
    }

    @Test
    void invoke_inEveryForm_answers() {
        String hello = "(offline/echo) hello";
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            ECHO,
                            "local r = a:invoke('hello')",
                            "return JSON.array {r.text, r.content, r.output, r.success, tostring(r), r .. '!', a:execute({text = 'hello'}).text,",
                            "  a:invoke({prompt = 'hello'}).text, a:invoke({input = 'hello'}).text, a:complete('hello'),",
                            "  a:invoke({n = 1}).text:match('\"n\":1')}"))
                    .isEqualTo(
                            list(hello, hello, hello, true, hello, hello + "!", hello, hello, hello, hello, "\"n\":1"));
        }
    }

    @Test
    void invoke_withOptionsThatNothingReads_isRefused() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.failure(ECHO + "a:invoke('x', {temperature = 1})", "message"))
                    .asString()
                    .contains("agent:invoke", "temperature");
        }
    }

    @Test
    void hooks_seeAndChangeTheRun() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            ECHO,
                            "local seen = JSON.array()",
                            "Hook.register('BeforeAgentExecution', function(ctx) seen[1] = ctx.prompt",
                            "  return {type = 'modified', data = {input = {text = ctx.data.text .. ' there'}}} end)",
                            "Hook.register('AfterAgentExecution', function(ctx) seen[2] = ctx.data.text; seen[3] = ctx.agent_id == a.id",
                            "  seen[4] = ctx.tokens_used == ctx.data.token_usage.total_tokens",
                            "  return Hook.result.modified {text = ctx.data.text:upper()} end)",
                            "local r = a:invoke('hello')",
                            "return JSON.array {r.text, seen}"))
                    .isEqualTo(list(
                            "(OFFLINE/ECHO) HELLO THERE", list("hello", "(offline/echo) hello there", true, true)));
        }
    }

    @Test
    void tools_ofAnAgent_areThoseItMayUse() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local a = Agent.create {name = 'a', model = 'offline/echo', tools = {'calculator'}}",
                            "return JSON.array {a:has_tool('calculator'), a:hasTool('text_manipulator'),",
                            "  a:invoke_tool('calculator', {input = '6 * 7'}).output}"))
                    .isEqualTo(list(true, false, 42L));
        }
    }

    @Test
    void terminate_endsTheAgent() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            ECHO, "return JSON.array {a:terminate(), a:get_state(), pcall(a.invoke, a, 'x') == false}"))
                    .isEqualTo(list(true, "terminated", true));
        }
    }

    @Test
    void agents_ofTheRuntime_areSharedByScripts() {
        try (Scripts scripts = Scripts.open()) {
            scripts.run(ECHO);
            assertThat(scripts.run("return Agent.get('writer'):invoke('again').text"))
                    .isEqualTo("(offline/echo) again");
            assertThat(scripts.spell.agents().list()).hasSize(1);
        }
    }

    @Test
    void life_methods_makeTheTransitions() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            ECHO,
                            "local s = JSON.array()",
                            "local function step(name, ...) a[name](a, ...) s[#s + 1] = name .. ' ' .. a:get_state() end",
                            "step('pause', 'lunch') step('resume') step('start') step('stop', 'done')",
                            "local h = a:get_state_history()",
                            "s[#s + 1] = h[3].from .. '>' .. h[3].to .. ' ' .. h[3].trigger .. ' ' .. h[3].reason",
                            "s[#s + 1] = a:is_healthy() s[#s + 1] = a:get_last_error() == nil",
                            "local ok, e = pcall(function() a:recover() end) s[#s + 1] = e.code",
                            "step('terminate')",
                            "return s"))
                    .isEqualTo(list(
                            "pause paused",
                            "resume ready",
                            "start running",
                            "stop ready",
                            "ready>paused pause lunch",
                            true,
                            true,
                            "invalid_transition",
                            "terminate terminated"));
        }
    }

    @Test
    void pause_askedByATool_haltsTheRunUntilItIsResumed() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local a, seen = nil, JSON.array()",
                            "Tool.register {name = 'hold', description = 'd', execute = function()",
                            "  a:pause('wait') return {ok = true} end}",
                            "Event.on('agent.state.changed', {}, function(e)",
                            "  if e.data.to_state == 'paused' then seen[1] = e.data.reason a:resume() end end)",
                            "a = Agent.create {name = 'w', model = 'offline/tools', tools = {'hold'}}",
                            "local r = a:invoke('call hold')",
                            "seen[2] = r.success seen[3] = a:get_state()",
                            "return seen"))
                    .isEqualTo(list("wait", true, "ready"));
        }
    }

    @Test
    void register_isBuiltByTheFirstRun() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local n = Agent.register('later', {model = 'offline/echo'})",
                            "local a = Agent.get(n)",
                            "local before = a:get_state()",
                            "a:invoke('hi')",
                            "return JSON.array {n, before, a:get_state()}"))
                    .isEqualTo(list("later", "uninitialized", "ready"));
        }
    }
}

package io.llmspell.bridge.lua;

import static io.llmspell.bridge.lua.Scripts.list;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Forms that scripts use across the globals: errors in results, options, second names, literals. */
final class ScriptFormsTest {
    @Test
    void errorOfAToolResult_printsConcatenatesAndAnswersStringMethods() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local e = Tool.invoke('calculator', {input = '1/0'}).error",
                            "return JSON.array {e.code, tostring(e) == e.message, 'x' .. e == 'x' .. e.message,",
                            "  e:match('division') or 'none', e.details.kind}"))
                    .isEqualTo(list("tool_failed", true, true, "division", "unsupported"));
        }
    }

    @Test
    void errorsOfAWorkflowResult_printAndAnswerStringMethods() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(
                            scripts.run(
                                    "local seen",
                                    "local run = Workflow.sequential {name = 'w', error_strategy = 'continue', steps = {",
                                    "  {name = 'bad', tool = 'calculator', input = {input = '1/0'}},",
                                    "  {name = 'look', execute = function(ctx) seen = 'saw ' .. ctx.steps.bad.error end},",
                                    "  {name = 'worse', execute = function() error('boom', 0) end}}}:execute()",
                                    "local fast = Workflow.sequential {name = 'f', steps = {",
                                    "  {name = 'worse', execute = function() error('boom', 0) end}}}:execute()",
                                    "return JSON.array {tostring(run.step_results.bad.error):match('division'), seen:match('saw .*division') ~= nil,",
                                    "  run.step_results.worse.error:match('boom'), ('E: ' .. fast.error):match('^E: .*boom') ~= nil}"))
                    .isEqualTo(list("division", true, "boom", true));
        }
    }

    @Test
    void errorOfAResult_canBeStoredAndComesBackAsItsMembers() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "State.set('last', Tool.invoke('calculator', {input = '1/0'}))",
                            "return State.get('last').error.code"))
                    .isEqualTo("tool_failed");
        }
    }

    @Test
    void toolCall_timeoutOption_endsTheCall() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "Tool.register {name = 'forever', execute = function() while true do end end}",
                            "local cut = Tool.invoke('forever', {}, {timeout_ms = 50})",
                            "local fine = Tool.invoke('calculator', {input = '1+1'}, {timeout_ms = 60000}).output",
                            "local _, wrong = pcall(Tool.invoke, 'calculator', {input = '1'}, {timeout_ms = 0})",
                            "return JSON.array {cut.success, cut.error.code, fine, wrong.code}"))
                    .isEqualTo(list(false, "timeout", 2L, "invalid_argument"));
        }
    }

    @Test
    void agentCall_withoutInput_isRefused_withATimeout_runs() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local a = Agent.create {name = 'a', model = 'offline/echo'}",
                            "local ok, e = pcall(a.invoke, a)",
                            "return JSON.array {ok, e.code, a:invoke('hi', {timeout_ms = 60000}).text}"))
                    .isEqualTo(list(false, "invalid_argument", "(offline/echo) hi"));
        }
    }

    @Test
    void counts_withAFraction_areRefusedAndNotCut() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local _, tokens = pcall(Agent.create, {name = 'f', model = 'offline/echo', max_tokens = 1.5})",
                            "local _, limit = pcall(State.audit, {limit = 2.5})",
                            "return JSON.array {tokens.code, tokens:match('max_tokens.*'), limit.code}"))
                    .isEqualTo(list(
                            "invalid_argument",
                            "max_tokens\" must be a whole number between 1 and 2147483647, but is \"1.5\"",
                            "invalid_argument"));
        }
    }

    @Test
    void agent_temperatureAndMaxTokens_inBothForms_reachTheModel() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local seen = {}",
                            "Hook.register('agent_model_request', function(ctx) seen[#seen + 1] = ctx.data.max_tokens end,",
                            "  {timeout_ms = 20000, on_error = 'refuse'})",
                            "local flat = Agent.create {name = 'a', model = 'offline/echo', temperature = 0.7, max_tokens = 2}",
                            "local deep = Agent.create {name = 'b',",
                            "  model = {provider = 'offline', model_id = 'echo', temperature = 0, max_tokens = 3}}",
                            "local cut = flat:invoke('one two three four')",
                            "deep:invoke('one two three four')",
                            "local _, hot = pcall(Agent.create, {name = 'c', model = 'offline/echo', temperature = 3})",
                            "return JSON.array {cut.finish_reason, seen[1], seen[2], hot.code}"))
                    .isEqualTo(list("length", 2L, 3L, "invalid_argument"));
        }
    }

    @Test
    void agent_keyOrAddressOfAProvider_isPermissionDenied() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local _, key = pcall(Agent.create, {name = 'a', model = 'offline/echo', api_key = 'k'})",
                            "local _, url = pcall(Agent.create, {name = 'a', model = 'offline/echo', base_url = 'http://x'})",
                            "return JSON.array {key.code, url.code, Agent.get('a') == nil}"))
                    .isEqualTo(list("permission_denied", "permission_denied", true));
        }
    }

    @Test
    void secondNameOfAGlobal_isTheSameTable() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "Tool.mine = 5",
                            "return JSON.array {Tools == Tool, Tools.mine, Tools.calculator == Tool.calculator}"))
                    .isEqualTo(list(true, 5L, true));
        }
    }

    @Test
    void optionsOfFire_areRefusedAndNotIgnored() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local ok, e = pcall(Hook.fire, 'custom:mine', {}, {broadcast = true})",
                            "return JSON.array {ok, e.code, e.message:match('not available') or e.message}"))
                    .isEqualTo(list(false, "invalid_argument", "not available"));
        }
    }

    @Test
    void errorOfAFunctionWithinACall_saysItsPlaceOnce() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local _, e = pcall(State.update, 'k', function() error('boom') end)",
                            "local _, places = tostring(e):gsub(':%d+: ', '')",
                            "return JSON.array {places, e:match('boom')}"))
                    .isEqualTo(list(1L, "boom"));
        }
    }

    @Test
    void errorTableOfAScript_isToldByItsMessage() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local t = Tool.register {name = 't', execute = function() error({code = 'x', message = 'no paper'}) end}",
                            "return t{}.error.message"))
                    .isEqualTo("no paper");
        }
    }

    @Test
    void scopeWithoutAnId_isInvalidScope_aTimeToLiveOfZeroAnInvalidArgument() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local _, scope = pcall(State.get, 'agent:', 'k')",
                            "local _, ttl = pcall(State.set, 'global', 'k', 1, {ttl_seconds = 0})",
                            "return JSON.array {scope.code, ttl.code}"))
                    .isEqualTo(list("invalid_scope", "invalid_argument"));
        }
    }

    @Test
    void integerLiteral_beyondTwoTo53_isALoadError_andNotRounded() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local f, e = load('return 9007199254740993')",
                            "local g, h = load('return 123456789012345678901234567890')",
                            "return JSON.array {f == nil, e:match('beyond 2^53') or e, g == nil, h:match('beyond') or h,",
                            "  load('return 9007199254740992')(), load('return 9007199254740993.0')() > 1, 1e300 > 1}"))
                    .isEqualTo(list(true, "beyond 2^53", true, "beyond", 9007199254740992L, true, true));
        }
    }

    @Test
    void watchOfSession_isThatOfTheCurrentSession() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local seen",
                            "State.watch('session', 'k', function(change) seen = change.new_value; Event.stop() end)",
                            "State.set('session', 'k', 7)",
                            "Event.run(30)",
                            "return seen"))
                    .isEqualTo(7L);
        }
    }
}

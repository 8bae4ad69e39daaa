package io.llmspell.bridge.lua;

import static io.llmspell.bridge.lua.Scripts.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.script.ScriptException;
import org.junit.jupiter.api.Test;

/** Errors of the host in Lua, and of Lua in the host. */
final class ErrorTableTest {
    private static final String VETO =
            "Hook.register('BeforeToolExecution', function() return {type = 'cancel', reason = 'not today'} end,"
                    + " {name = 'guard'})";

    @Test
    void error_ofTheHost_hasItsMembers() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            VETO,
                            "local ok, e = pcall(Tool.invoke, 'calculator', {input = '1'})",
                            "return JSON.array {ok, e.code, e.operation, e.hook, e.reason, type(e.message), e.details.hook, e.retryable,"
                                    + " type(e.correlation_id), type(e)}"))
                    .isEqualTo(list(
                            false,
                            "operation_cancelled",
                            "Tool.invoke",
                            "guard",
                            "not today",
                            "string",
                            "guard",
                            false,
                            "string",
                            "table"));
        }
    }

    @Test
    void error_ofTheHost_isAlsoAText() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local ok, e = pcall(function()",
                            "  State.get('bad:scope', 'k') end)",
                            "return JSON.array {tostring(e):match('^eval:2: ') ~= nil, ('! ' .. e):sub(1, 7), (e .. '!'):sub(-1),",
                            "  e:match('bad'), e:find('bad:scope', 1, true) ~= nil, e:upper():match('BAD'), e:sub(1, 4),",
                            "  tostring(e) == 'eval:2: ' .. e.message}"))
                    .isEqualTo(list(true, "! eval:", "!", "bad", true, "BAD", "eval", true));
        }
    }

    @Test
    void error_rethrown_keepsItsCode() {
        try (Scripts scripts = Scripts.open()) {
            ScriptException failed = catchThrowableOfType(
                    ScriptException.class,
                    () -> scripts.run("local ok, e = pcall(State.get, 'bad:scope', 'k')", "error(e)"));
            assertThat(failed.code()).isEqualTo(ErrorCode.SCRIPT_ERROR);
            assertThat(failed.text()).contains("bad:scope");
        }
    }

    @Test
    void error_uncaught_keepsTheCodeAndTheCause() {
        try (Scripts scripts = Scripts.open()) {
            ScriptException failed = catchThrowableOfType(
                    ScriptException.class, () -> scripts.run(VETO, "", "Tool.calculator {input = '1'}"));
            assertThat(failed.code()).isEqualTo(ErrorCode.SCRIPT_ERROR);
            assertThat(failed.details())
                    .containsEntry("code", "operation_cancelled")
                    .containsEntry("file", "eval")
                    .containsEntry("line", 3L);
            assertThat(failed).hasCauseInstanceOf(OperationCancelledException.class);
        }
    }

    @Test
    void error_ofTheScript_isWhatItRaised() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local ok, e = pcall(error, {code = 'mine', n = 1})",
                            "local ok2, e2 = pcall(function() error('plain', 0) end)",
                            "return JSON.array {e.code, e.n, e2}"))
                    .isEqualTo(list("mine", 1L, "plain"));
        }
    }

    @Test
    void error_ofAMetamethodOfTheScript_passesTheHost() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local bad = setmetatable({}, {__tostring = function() error('no text', 0) end})",
                            "local h = Hook.register('BeforeToolExecution', function() end)",
                            "local ok, e = pcall(function() return h .. bad end)",
                            "local ok2, e2 = pcall(error, bad)",
                            "return JSON.array {ok, e}"))
                    .isEqualTo(list(false, "no text"));
            ScriptException failed = catchThrowableOfType(
                    ScriptException.class,
                    () -> scripts.run("error(setmetatable({}, {__tostring = function() error('no text', 0) end}))"));
            assertThat(failed.text()).contains("whose text cannot be made");
        }
    }

    @Test
    void error_asJson_isItsMembers() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local ok, e = pcall(State.get, 'bad:scope', 'k')",
                            "return JSON.parse(JSON.stringify(e)).code"))
                    .isEqualTo("invalid_scope");
        }
    }

    @Test
    void wrongCall_ofAMethod_saysHow() {
        try (Scripts scripts = Scripts.open()) {
            String hook = "local h = Hook.register('BeforeToolExecution', function() end) ";
            assertThat(scripts.failure(hook + "h.name()", "code")).isEqualTo("wrong_call");
            assertThat(scripts.failure(hook + "h.name()", "message")).asString().contains("name", "hook", "colon");
            assertThat(scripts.failure(hook + "h.extra = 1", "code")).isEqualTo("wrong_call");
            assertThat(scripts.failure("Agent.create {name = 'a', model = 'offline/echo'}.invoke('x')", "code"))
                    .isEqualTo("wrong_call");
        }
    }
}

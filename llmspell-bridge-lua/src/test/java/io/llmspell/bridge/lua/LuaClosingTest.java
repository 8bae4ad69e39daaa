package io.llmspell.bridge.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Closing variables beside limits, exits and the host; what the language says of them is in {@code language.txt}. */
class LuaClosingTest {
    private static final String CLOSABLE = "local function closable(f) return setmetatable({}, {__close = f}) end ";

    @Test
    void limit_insideABlockWithClosing_callsNoClose() {
        LuaLimits few = new LuaLimits(100_000, SandboxFixture.LIMITS.memoryBytes());
        SandboxFixture fixture = new SandboxFixture(few, null);

        assertThatThrownBy(() -> fixture.run(CLOSABLE
                        + "pcall(function() local x <close> = closable(function() print('closed') end) while true do end end)"
                        + " print('went on')"))
                .isInstanceOf(LuaStop.class);
        assertThat(fixture.output).isEmpty();
    }

    @Test
    void limit_insideClose_isNotCaught() {
        LuaLimits few = new LuaLimits(100_000, SandboxFixture.LIMITS.memoryBytes());
        SandboxFixture fixture = new SandboxFixture(few, null);

        assertThatThrownBy(
                        () -> fixture.run(
                                CLOSABLE
                                        + "pcall(function() local a <close> = closable(function() print('outer') end)"
                                        + " local b <close> = closable(function() while true do end end) error('x') end) print('went on')"))
                .isInstanceOf(LuaStop.class);
        assertThat(fixture.output).isEmpty();
    }

    @Test
    void exit_insideABlockWithClosing_callsNoClose() {
        SandboxFixture fixture = new SandboxFixture();

        assertThatThrownBy(() ->
                        fixture.run(CLOSABLE + "local x <close> = closable(function() print('closed') end) os.exit(3)"))
                .isInstanceOf(LuaExit.class);
        assertThat(fixture.output).isEmpty();
    }

    @Test
    void error_thatNobodyCatches_closesAndKeepsItsTrace() {
        SandboxFixture fixture = new SandboxFixture();

        assertThatThrownBy(() -> fixture.run(CLOSABLE
                        + "local x <close> = closable(function(_, e) print('closed', e) end)\n"
                        + "local function f() local y <close> = closable(function() print('inner') end) error('boom') end\n"
                        + "f()"))
                .isInstanceOfSatisfying(ScriptError.class, error -> {
                    assertThat(error).hasMessage("conformance:2: boom");
                    assertThat(error.trace().lines()).first().asString().contains("function 'f'");
                });
        assertThat(fixture.output).hasToString("inner\nclosed\tconformance:2: boom\n");
    }

    @Test
    void stackOverflow_throughManyClosing_closesEachOnce() throws LuaSyntaxException {
        SandboxFixture fixture = new SandboxFixture();

        assertThat(fixture.text(CLOSABLE
                        + "local n, opened = 0, 0 local c = closable(function() n = n + 1 end)"
                        + " local function f() local x <close> = c opened = opened + 1 return 1 + f() end"
                        + " local ok = pcall(f) return tostring(ok) .. tostring(n == opened) .. tostring(n > 1000)"))
                .isEqualTo("falsetruetrue");
    }

    @Test
    void coroutine_thatFails_closesAtOnce() throws LuaSyntaxException {
        SandboxFixture fixture = new SandboxFixture();

        assertThat(fixture.text(CLOSABLE
                        + "local log = '' local co = coroutine.wrap(function()"
                        + " local x <close> = closable(function(_, e) log = log .. e end) error('gone', 0) end)"
                        + " pcall(co) return log"))
                .isEqualTo("gone");
    }

    @Test
    void close_ofACoroutineOfTheHost_isThatOfItsFunctions() throws LuaSyntaxException {
        SandboxFixture fixture = new SandboxFixture();

        assertThat(
                        fixture.text(
                                "local co = coroutine.create(print) return tostring(coroutine.close(co)) .. coroutine.status(co)"))
                .isEqualTo("truedead");
    }
}

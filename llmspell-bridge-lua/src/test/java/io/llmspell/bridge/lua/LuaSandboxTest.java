package io.llmspell.bridge.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.lib.ZeroArgFunction;

@Timeout(60)
class LuaSandboxTest {
    private static final String ENDLESS = "while true do end";

    private final SandboxFixture fixture = new SandboxFixture();

    // ---- the guard

    @Test
    void instructions_beyondTheLimit_stopTheScript() {
        SandboxFixture small = new SandboxFixture(new LuaLimits(10_000, 0), null);

        LuaStop stop = catchThrowableOfType(LuaStop.class, () -> small.run(ENDLESS));

        assertThat(stop.reason()).isEqualTo(LuaStopReason.INSTRUCTIONS);
        assertThat(small.sandbox.guard().instructions()).isBetween(10_000L, 10_600L);
    }

    @Test
    void stop_insideCoroutineAndPcall_isSticky() {
        SandboxFixture small = new SandboxFixture(new LuaLimits(10_000, 0), null);
        String swallowing = "caught = 0 pcall(function() coroutine.wrap(function() xpcall(function() " + ENDLESS
                + " end, function() caught = caught + 1 end) end)() end) caught = caught + 1";

        assertThatThrownBy(() -> small.run(swallowing)).isInstanceOf(LuaStop.class);
        assertThatThrownBy(() -> small.run("return 1")).isInstanceOf(LuaStop.class);
        assertThat(small.sandbox.globals().rawget("caught").toint()).isZero();
    }

    @Test
    void reset_afterStop_letsTheNextRunGoOn() throws LuaSyntaxException {
        SandboxFixture small = new SandboxFixture(new LuaLimits(10_000, 0), null);
        assertThatThrownBy(() -> small.run(ENDLESS)).isInstanceOf(LuaStop.class);

        small.sandbox.guard().reset();

        assertThat(small.text("return 'again'")).isEqualTo("again");
    }

    @Test
    void stop_fromAnotherThread_endsTheScript() throws InterruptedException {
        CountDownLatch isRunning = new CountDownLatch(1);
        fixture.sandbox.globals().rawset("started", new ZeroArgFunction() {
            @Override
            public LuaValue call() {
                isRunning.countDown();
                return NIL;
            }
        });
        Thread stopper = new Thread(() -> {
            try {
                isRunning.await();
                fixture.sandbox.guard().stop(LuaStopReason.CANCELLED);
                fixture.sandbox.guard().stop(LuaStopReason.TIME);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        stopper.start();

        LuaStop stop = catchThrowableOfType(LuaStop.class, () -> fixture.run("started() " + ENDLESS));
        stopper.join();

        assertThat(stop.reason()).isEqualTo(LuaStopReason.CANCELLED);
    }

    @Test
    void nestedDeadline_overrun_letsTheScriptItselfGoOn() throws LuaSyntaxException {
        AtomicLong nanos = new AtomicLong();
        SandboxFixture timed = new SandboxFixture(SandboxFixture.LIMITS, null, () -> nanos.addAndGet(10));
        LuaGuard guard = timed.sandbox.guard();
        int script = guard.enter(1_000_000_000L);
        LuaValue hook = timed.run("return function() pcall(function() " + ENDLESS + " end) end")
                .arg1();

        int call = guard.enter(nanos.get() + 1_000);
        LuaStop stop = catchThrowableOfType(LuaStop.class, () -> timed.sandbox.call(hook, LuaValue.NONE));
        boolean isOwn = guard.expiredAt(call);
        guard.exit(call);

        assertThat(stop.reason()).isEqualTo(LuaStopReason.CALL_DEADLINE);
        assertThat(isOwn).isTrue();
        assertThat(timed.text("return 'goes on'")).isEqualTo("goes on");
        assertThat(guard.expiredAt(script)).isFalse();
    }

    @Test
    void nestedDeadline_outerOneOver_staysSticky() throws LuaSyntaxException {
        AtomicLong nanos = new AtomicLong();
        SandboxFixture timed = new SandboxFixture(SandboxFixture.LIMITS, null, () -> nanos.addAndGet(10));
        LuaGuard guard = timed.sandbox.guard();
        int outer = guard.enter(1_000);
        int inner = guard.enter(1_000_000_000L);

        assertThatThrownBy(() -> timed.run(ENDLESS)).isInstanceOf(LuaStop.class);
        guard.exit(inner);

        assertThat(guard.expiredAt(outer)).isTrue();
        assertThatThrownBy(() -> timed.run("return 1")).isInstanceOf(LuaStop.class);
        guard.exit(outer);
        assertThat(timed.text("return 1")).isEqualTo("1");
    }

    @Test
    void memory_muchGarbageLittleAlive_isNoProblem() throws LuaSyntaxException {
        SandboxFixture small = new SandboxFixture(new LuaLimits(0, 4 << 20), null);

        // About 400 MB pass, a hundred times the limit.
        assertThat(small.text("local t for i = 1, 400000 do t = {i, ('x'):rep(800) .. i} end return #t[2]"))
                .isEqualTo("806");
    }

    @Test
    void memory_liveBeyondLimit_isStopped() {
        SandboxFixture small = new SandboxFixture(new LuaLimits(0, 4 << 20), null);

        LuaStop stop = catchThrowableOfType(
                LuaStop.class, () -> small.run("local t = {} for i = 1, 1e7 do t[i] = ('x'):rep(100) .. i end"));

        assertThat(stop.reason()).isEqualTo(LuaStopReason.MEMORY);
    }

    @Test
    void memory_sharedText_isCountedOnce() throws LuaSyntaxException {
        SandboxFixture small = new SandboxFixture(new LuaLimits(0, 4 << 20), null);

        assertThat(small.text("local s = ('x'):rep(100000) local t = {} for i = 1, 10000 do t[i] = s end"
                        + " for i = 1, 200 do local g = ('y'):rep(50000) end return #t"))
                .isEqualTo("10000");
    }

    @Test
    void exit_withCode_passesEveryCatch() {
        LuaExit exit = catchThrowableOfType(
                LuaExit.class, () -> fixture.run("pcall(function() coroutine.wrap(function() os.exit(3) end)() end)"));

        assertThat(exit.code()).isEqualTo(3);
        assertThat(catchThrowableOfType(LuaExit.class, () -> fixture.run("os.exit(false)"))
                        .code())
                .isEqualTo(1);
    }

    @Test
    void close_thenCall_isRefused() {
        fixture.sandbox.close();
        fixture.sandbox.close();

        LuaStop stop = catchThrowableOfType(LuaStop.class, () -> fixture.run("return 1"));

        assertThat(stop.reason()).isEqualTo(LuaStopReason.CLOSED);
    }

    @Test
    void coroutines_suspendedByTheThousand_leaveNoThread() throws LuaSyntaxException {
        int before = Thread.activeCount();

        fixture.run("cos = {} for i = 1, 5000 do cos[i] = coroutine.wrap(coroutine.yield) end"
                + " for i = 1, 5000 do pcall(cos[i]) end");

        assertThat(Thread.activeCount()).isEqualTo(before);
    }

    // ---- errors

    @Test
    void error_inNestedCalls_hasMessageAndLuaStack() {
        ScriptError error = catchThrowableOfType(ScriptError.class, () -> fixture.run("""
                local function inner(x)
                  return x.field
                end
                local function outer() local y = inner(nil) return y end
                outer()
                """));

        assertThat(error).hasMessage("conformance:2: attempt to index a nil value (local 'x')");
        assertThat(error.trace().lines())
                .containsExactly(
                        "conformance:2: in function 'inner'",
                        "conformance:4: in function 'outer'",
                        "conformance:5: in main chunk");
    }

    @Test
    void error_deepRecursion_hasShortStack() {
        ScriptError error =
                catchThrowableOfType(ScriptError.class, () -> fixture.run("local function f() return 1 + f() end f()"));

        assertThat(error).hasMessageEndingWith("stack overflow");
        assertThat(error.trace().lines()).hasSizeLessThan(25).anyMatch(line -> line.contains("levels more"));
    }

    @Test
    void error_plainLuaErrorOfHost_getsThePosition() {
        fixture.sandbox.globals().rawset("host", failing(new LuaError("no such thing")));

        assertThatThrownBy(() -> fixture.run("\n host()")).hasMessage("conformance:2: no such thing");
    }

    @Test
    void error_foreignExceptionOfHost_showsNothingOfIt() throws LuaSyntaxException {
        IllegalArgumentException secret = new IllegalArgumentException("password=hunter2");
        fixture.sandbox.globals().rawset("host", failing(secret));

        assertThat(fixture.text("return select(2, pcall(host))")).isEqualTo("conformance:1: internal error");
        ScriptError error = catchThrowableOfType(ScriptError.class, () -> fixture.run("host()"));
        assertThat(error).hasMessage("conformance:1: internal error").hasCause(secret);
    }

    private static LuaValue failing(RuntimeException exception) {
        return new ZeroArgFunction() {
            @Override
            public LuaValue call() {
                throw exception;
            }
        };
    }

    @Test
    void traceback_insideHandler_showsWhereTheErrorWas() throws LuaSyntaxException {
        String trace = fixture.text("""
                local function bad() error("x") end
                local _, t = xpcall(function() bad() end, debug.traceback)
                return t""");

        assertThat(trace)
                .startsWith("conformance:1: x\nstack traceback:\n\tconformance:1: in function 'bad'")
                .contains("conformance:2: in function");
    }

    @Test
    void load_syntaxError_namesLineColumnAndToken() {
        LuaSyntaxException error =
                catchThrowableOfType(LuaSyntaxException.class, () -> fixture.load("local x = 1\nlocal é = = 2"));

        assertThat(error.line()).isEqualTo(2);
        assertThat(error.chunk()).isEqualTo("conformance");
        LuaSyntaxException sign =
                catchThrowableOfType(LuaSyntaxException.class, () -> fixture.load("x = 1\nif x then\n  y = )\nend"));
        assertThat(sign.located()).isEqualTo("conformance:3: unexpected symbol near ')'");
        assertThat(sign.column()).isEqualTo(7);
    }

    @Test
    void load_whatIsNotLua_isNamed() {
        assertProblem("x = 'a\\qb'", "invalid escape sequence '\\q'");
        assertProblem("x = 3x", "malformed number near '3x'");
        assertProblem("x = '\\u{}'", "\\u");
        assertProblem("for i = 1, 2 do", "<eof>");
        assertProblem("goto nowhere", "nowhere");
        assertProblem("break", "break");
    }

    private void assertProblem(String source, String part) {
        assertThatThrownBy(() -> fixture.load(source))
                .as(source)
                .isInstanceOf(LuaSyntaxException.class)
                .hasMessageContaining(part);
    }

    @Test
    void load_bytecode_isRefused() {
        assertThatThrownBy(() -> fixture.load("\u001bLua")).hasMessageContaining("only source text");
    }

    @Test
    void load_shebangAndByteOrderMark_areTolerated() throws LuaSyntaxException {
        assertThat(fixture.text("#!/usr/bin/env llmspell\nreturn 5")).isEqualTo("5");
        assertThat(fixture.text("\uFEFFreturn 6")).isEqualTo("6");
    }

    // ---- text and output

    @Test
    void text_beyondTheBasicPlane_crossesUnchanged() throws Exception {
        LuaString text =
                (LuaString) fixture.run("return 'é€😀' .. '\\u{1F680}'").arg1();

        assertThat(LuaText.toJava(text)).isEqualTo("é€😀🚀");
        assertThat(LuaText.bytes(LuaText.of("é😀"))).isEqualTo("é😀".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void text_malformed_isReportedNotGuessed() throws LuaSyntaxException {
        LuaString broken = (LuaString) fixture.run("return '\\255\\128a'").arg1();

        assertThatThrownBy(() -> LuaText.toJava(broken)).isInstanceOf(CharacterCodingException.class);
        assertThat(LuaText.toJavaLossy(broken)).endsWith("a");
        assertThatThrownBy(() -> fixture.run("error('\\128\\226AB')")).isInstanceOf(ScriptError.class);
    }

    @Test
    void print_andIoWrite_goToTheOutput() throws LuaSyntaxException {
        fixture.run("print('é', 1, nil, 2.5) io.write('a', 1, '\\n') io.stdout:write('b'):write('c')"
                + " io.stderr:write('oops')");

        assertThat(fixture.output).hasToString("é\t1\tnil\t2.5\na1\nbc");
        assertThat(fixture.errors).hasToString("oops");
    }

    @Test
    void refusals_askedTwice_warnOnce() throws LuaSyntaxException {
        fixture.run("os.getenv('A') os.getenv('A') os.execute('x') os.execute('y') io.popen('z')");

        assertThat(fixture.warnings).hasSize(3);
    }

    @Test
    void random_sameSeed_givesSameNumbers() throws LuaSyntaxException {
        String three = "return math.random(1000) .. ' ' .. math.random(1000) .. ' ' .. math.random(1000)";

        assertThat(new SandboxFixture().text(three)).isEqualTo(new SandboxFixture().text(three));
    }

    // ---- modules

    @Test
    void require_moduleBelowTheRoot_isLoadedOnce(@TempDir Path root) throws Exception {
        Files.createDirectories(root.resolve("lib/deep"));
        Files.writeString(root.resolve("lib/util.lua"), "loads = (loads or 0) + 1 return {name = ...}");
        Files.writeString(root.resolve("lib/deep/init.lua"), "x = 1");
        SandboxFixture modules = new SandboxFixture(SandboxFixture.LIMITS, root);

        assertThat(modules.text("local u = require('lib.util') require('lib.util') return u.name .. loads"))
                .isEqualTo("lib.util1");
        assertThat(modules.text("return require('lib.deep')")).isEqualTo("true");
        assertThat(modules.text("return dofile('lib/util.lua') ~= nil and loads"))
                .isEqualTo("2");
    }

    @Test
    void require_outsideTheRoot_isRefusedByGrant(@TempDir Path folder) throws IOException {
        Path root = Files.createDirectories(folder.resolve("scripts"));
        Files.writeString(folder.resolve("secret.lua"), "return 'secret'");
        Files.createDirectories(folder.resolve("scripts-evil"));
        Files.writeString(folder.resolve("scripts-evil/a.lua"), "return 'evil'");
        Files.createSymbolicLink(root.resolve("link.lua"), folder.resolve("secret.lua"));
        SandboxFixture modules = new SandboxFixture(SandboxFixture.LIMITS, root);

        for (String attempt : new String[] {
            "require('link')",
            "dofile('link.lua')",
            "dofile('../secret.lua')",
            "dofile('" + folder.resolve("secret.lua") + "')",
            "dofile('../scripts-evil/a.lua')",
            "dofile('a\\0b')",
            "require('...secret')",
        }) {
            assertThatThrownBy(() -> modules.run(attempt))
                    .as(attempt)
                    .isInstanceOf(ScriptError.class)
                    .hasMessageContaining("modules");
        }
    }

    @Test
    void require_brokenModule_namesItsFileAndLine(@TempDir Path root) throws IOException {
        Files.writeString(root.resolve("broken.lua"), "local x = 1\nlocal = 2");
        Files.write(root.resolve("binary.lua"), new byte[] {27, 'L', 'u', 'a'});
        SandboxFixture modules = new SandboxFixture(SandboxFixture.LIMITS, root);

        assertThatThrownBy(() -> modules.run("require('broken')")).hasMessageStartingWith("broken.lua:2: ");
        assertThatThrownBy(() -> modules.run("require('binary')")).hasMessageContaining("only source text");
    }

    @Test
    void require_withoutRoot_isRefusedByGrant() {
        assertThatThrownBy(() -> fixture.run("require('x')")).hasMessageContaining("(grant 'modules')");
    }

    // ---- the host calling back

    @Test
    void call_fromHostInsideScript_runsOnTheSameStack() throws LuaSyntaxException {
        LuaValue[] callback = new LuaValue[1];
        fixture.sandbox.globals().rawset("host", new ZeroArgFunction() {
            @Override
            public LuaValue call() {
                return fixture.sandbox.call(callback[0], LuaValue.valueOf(20)).arg1();
            }
        });
        callback[0] = fixture.run("return function(n) return n + 1 end").arg1();

        assertThat(fixture.text("local co = coroutine.wrap(function() return host() * 2 end) return co()"))
                .isEqualTo("42");
    }

    @Test
    void call_hostAndLuaNestedWithoutEnd_isAnError() throws LuaSyntaxException {
        fixture.sandbox.globals().rawset("host", new ZeroArgFunction() {
            @Override
            public LuaValue call() {
                return fixture.sandbox
                        .call(fixture.sandbox.globals().rawget("again"), LuaValue.NONE)
                        .arg1();
            }
        });

        assertThatThrownBy(() -> fixture.run("function again() return host() end again()"))
                .isInstanceOf(ScriptError.class)
                .hasMessageContaining("stack overflow");
    }
}

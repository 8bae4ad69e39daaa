package io.llmspell.bridge.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Scripts that mean harm: each ends by a limit or an error of its own, soon, and the next sandbox
 * works as if nothing had been.
 */
@Timeout(180)
class LuaAttackTest {
    private static final Duration TIME_LIMIT = Duration.ofMillis(100);
    private static final Duration NO_TIME_LIMIT = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofSeconds(90); // long before, unless nothing stops it

    /** For scripts that fill a larger memory so slowly that it takes seconds. */
    private static final LuaLimits LITTLE_MEMORY =
            new LuaLimits(SandboxFixture.LIMITS.instructions(), SandboxFixture.LIMITS.memoryBytes() / 8);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "while true do end",
                "::again:: goto again",
                "local function f() return f() end f()",
                "for i = 1, math.huge do end",
                "repeat until false",
                "while true do pcall(function() while true do end end) end",
                "while true do pcall(error) end",
                "while true do xpcall(function() while true do end end, function() while true do end end) end",
                "local co = coroutine.wrap(function() while true do end end) while true do pcall(co) end",
                "while true do coroutine.wrap(function() while true do coroutine.yield() end end)() end",
                "local function f() pcall(f) end while true do f() end",
                "load('while true do end')()",
                "while true do load('return 1')() end",
                "load(function() return ' ' end) while true do end",
                "setmetatable({}, {__index = function(t, k) return t[k + 1] end})[1] = nil; while true do end",
                "('a'):rep(30):find(('a?'):rep(30) .. ('a'):rep(30)) while true do end",
                "('x'):rep(3000):find(('.-'):rep(8) .. 'y')",
                "('('):rep(300000):find('%b()') while true do ('('):rep(100000):gsub('%b()', '') end",
                "while true do ('x'):rep(100000):find(('x'):rep(50000) .. 'y', 1, true) end",
                "local t = {} for i = 1, 60000 do table.insert(t, 1, i) end while true do table.insert(t, 1, 0) end",
                "local t = {} for i = 1, 200000 do t[i] = i end while true do table.sort(t, function() return true end) end",
                "local t = {} for i = 1, 1e6 do t[i] = i end for i = 1, 1e6 - 1 do t[i] = nil end while true do next(t) end",
                "local a, b = ('x'):rep(1e7), ('x'):rep(1e7) while true do if a == b then end end",
                "local a, b = ('x'):rep(1e7), ('x'):rep(1e7) while true do if a < b then end end",
                "local a, b = ('x'):rep(1e7), ('x'):rep(1e7) local t = {[a] = 1} while true do local _ = t[b] end",
                "local s = (' '):rep(1e7) .. '1' while true do local _ = s + 1 end",
                "while true do string.format('%99.99f', 1e308) end",
                "while true do collectgarbage('count') end",
                "local src = 'x = a' .. (' and a'):rep(150000) while true do load(src) end",
                "local t = {} for i = 1, 1e5 do t[i] = i end while true do math.max(table.unpack(t)) end",
                "while true do utf8.len(('x'):rep(100000)) end",
                "while true do os.date('%c') end",
                "table.move({}, 1, 2^53, 2)",
                "local s = '' for i = 1, 1e9 do s = s .. ('x'):rep(1000) end",
                "for i = 1, 1e9 do coroutine.create(print) end",
                "local mt = {__close = function() while true do end end} do local x <close> = setmetatable({}, mt) end",
                "local mt = {__close = function() end} while true do local x <close> = setmetatable({}, mt) end",
                "while true do pcall(function() local x <close> = setmetatable({}, {__close = function() while true do end end}) error() end) end",
                "local co = coroutine.create(function() local x <close> = setmetatable({}, {__close = function() while true do end end}) coroutine.yield() end) coroutine.resume(co) while true do coroutine.close(co) end",
                "local x <close> = setmetatable({}, {__close = function() while true do end end}) while true do end",
                "while true do coroutine.close(coroutine.create(print)) end",
                "while true do string.packsize(('i'):rep(100000)) end",
                "while true do string.unpack(('b'):rep(1000), ('x'):rep(1000)) end",
                "while true do string.pack('z', ('x'):rep(100000)) end",
                "local f = ('!2bX'):rep(10000) .. 'h' while true do pcall(string.packsize, f) end",
                "local src = ('goto l '):rep(100000) .. '::l::' while true do load(src) end",
                "local src = ('do local a <close> '):rep(150) .. ('end '):rep(150) while true do load(src) end",
                "local src = 'x = 1' .. (' << 1'):rep(150000) while true do load(src) end",
                "local src = ('::a%d:: '):rep(1000) local t = {} for i = 1, 50000 do t[i] = '::a' .. i .. '::' end src = table.concat(t) while true do load(src) end",
                "local t = {} for i = 1, 190 do t[i] = 'local a' .. i .. ' ' end local f = ('function f() '):rep(150) local src = table.concat(t) .. f .. ('b '):rep(1) .. (' x=y '):rep(100000) while true do load(src) end",
            })
    void loop_ofAnyKind_isStopped(String script) {
        LuaStopReason reason = attack(script, TIME_LIMIT);

        assertThat(reason).isIn(LuaStopReason.CALL_DEADLINE, LuaStopReason.INSTRUCTIONS, LuaStopReason.MEMORY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local s = 'x' while true do s = s .. s end",
                "('x'):rep(2^31 - 10)",
                "('x'):rep(1e8)",
                "('x'):rep(1e6, ('y'):rep(1000))",
                "local t = {} for i = 1, 1e9 do t[i] = {} end",
                "local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1000) .. i end",
                "local s = ('x'):rep(1e6) s:gsub('.', ('y'):rep(1000))",
                "local s = ('x'):rep(1e6) local t = {} for i = 1, 200 do t[i] = s end table.concat(t)",
                "local s = ('x'):rep(1e6) while true do s = s .. 1 .. s end",
                "local f = function() end local t = {} for i = 1, 1e9 do t[i] = function() return f, i end end",
                "local t = {} for i = 1, 1e9 do t[i] = coroutine.wrap(function() coroutine.yield() end) t[i]() end",
                "local function f(...) return f(1, ...) + 1 end f()",
                "local t = {} while true do t = {t, t, t} end",
                "local s = ('x'):rep(3e7) local t = {} for i = 1, 1e6 do t[i] = s:sub(i) end",
                "string.pack('c2000000000', 'x')",
                "local t = {} for i = 1, 1000 do t[i] = '' end string.pack(('c1000000'):rep(1000), table.unpack(t))",
                "local s = ('x'):rep(1e6) local t = {} for i = 1, 1000 do t[i] = s end string.pack(('s'):rep(1000), table.unpack(t))",
                "local t = {} for i = 1, 1e9 do t[i] = string.pack('s', ('x'):rep(1000) .. i) end",
                "print(('x'):rep(1e6), table.unpack((function() local t = {} for i = 1, 1000 do t[i] = ('x'):rep(1e6) end return t end)()))",
            })
    void growth_beyondTheLimit_isStopped(String script) {
        assertThat(attack(script, NO_TIME_LIMIT)).isEqualTo(LuaStopReason.MEMORY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local t = {} for i = 1, 1e9 do t['k' .. i] = i end",
                "local t = {} for i = 1, 1e9 do local u = {} for j = 1, 1e5 do u[j] = j end for j = 1, 1e5 do u[j] = nil end t[i] = u end",
            })
    void slowGrowth_beyondALowLimit_isStopped(String script) {
        assertThat(attack(script, NO_TIME_LIMIT, LITTLE_MEMORY)).isEqualTo(LuaStopReason.MEMORY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local function f() return 1 + f() end f()",
                "local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end return t.x",
                "local t = {} setmetatable(t, {__index = t}) return t.x.y",
                "local t = {} setmetatable(t, {__call = t}) t()",
                "local t = setmetatable({}, {__call = setmetatable({}, {__call = 1})}) t()",
                "local function f() table.sort({1, 2}, f) end f()",
                "local function f() string.gsub('x', 'x', f) end f()",
                "local function f(co) return coroutine.wrap(f)(co) end f()",
                "local t = setmetatable({}, {__tostring = function(t) return tostring(t) end}) tostring(t)",
                "local t = setmetatable({}, {__concat = function(a, b) return a .. b end}) return t .. t",
                "local t = setmetatable({}, {__eq = function(a, b) return a == b end}) return t == setmetatable({}, getmetatable(t))",
                "local function f() load('f()')() end _G.f = f f()",
                "('x'):rep(300000):match(('('):rep(40))",
                "('a'):rep(300):match(('(a'):rep(33))",
                "('x'):rep(1000000):match(('x?'):rep(300000))",
                "string.rep('x', -1):rep(1e300)",
                "table.unpack({}, 1, 1e8)",
                "table.unpack({}, -2^53, 2^53)",
                "('x'):rep(1e7):byte(1, -1)",
                "string.format(('%s'):rep(100))",
                "string.format('%1000d', 1)",
                "assert(load(('('):rep(200000) .. ')'))",
                "assert(load('return ' .. ('{'):rep(200000)))",
                "assert(load('return ' .. ('- '):rep(200000) .. '1'))",
                "assert(load('x = ' .. ('a.'):rep(100000) .. 'b(' .. ('f('):rep(100000)))",
                "assert(load('\\27Lua\\1\\2\\3'))",
                "assert(load('return ' .. ('~ '):rep(200000) .. '1'))",
                "assert(load('return ' .. ('1 | ('):rep(200000)))",
                "assert(load('return ' .. ('1 ^ '):rep(200000) .. '1'))",
                "assert(load(('do '):rep(200000)))",
                "assert(load(('function f() '):rep(200000)))",
                "assert(load(('if x then '):rep(200000)))",
                "assert(load(('a, '):rep(200000) .. 'b = 1'))",
                "assert(load('x = ' .. ('a'):rep(300000) .. ' <const>'))",
                "assert(load(('local a <close>, '):rep(100000) .. 'b'))",
                "string.unpack(('i4'):rep(100), 'x')",
                "string.unpack('c2147483647', 'x')",
                "string.unpack('s8', ('\\255'):rep(8))",
                "string.pack('i' .. ('9'):rep(100), 1)",
                "string.packsize(('c2147483640'):rep(10))",
                "string.pack('!16 Xi16', 1) string.pack('!16i16', 1) error('reached')",
                "string.unpack('b', 'x', -2^53)",
                "string.unpack('b', 'x', 2^53)",
                "coroutine.close(coroutine.running())",
                "local co co = coroutine.wrap(function() coroutine.close(co) end) co()",
                "local co co = coroutine.create(function() local x <close> = setmetatable({}, {__close = function() coroutine.yield() end}) coroutine.yield() end) coroutine.resume(co) assert(coroutine.close(co))",
                "local co co = coroutine.create(function() local x <close> = setmetatable({}, {__close = function() coroutine.resume(co) coroutine.close(co) end}) coroutine.yield() end) coroutine.resume(co) assert(coroutine.close(co))",
                "local mt = {} mt.__close = function() local x <close> = setmetatable({}, mt) end local x <close> = setmetatable({}, mt)",
                "local mt = {__close = error} local function f() local x <close> = setmetatable({}, mt) return f() end f()",
                "local mt = setmetatable({}, {}) mt.__idiv = function(a, b) return a // b end return setmetatable({}, mt) // 1",
                "local mt = {} mt.__bnot = function(a) return ~a end return ~setmetatable({}, mt)",
                "local x <close> = setmetatable({}, {__close = setmetatable({}, {__call = 1})})",
                "assert(load(('x'):rep(2^20 + 1)))",
                "require('java.lang.System')",
                "require('luajava')",
                "require('../../etc/passwd')",
                "dofile('/etc/passwd')",
                "package.loaded.io.open('/etc/passwd')",
                "package.searchpath('x', '/?')",
                "luajava.bindClass('java.lang.Runtime')",
                "io.open('/etc/passwd'):read()",
                "io.lines('/etc/passwd')()",
                "debug.getregistry()",
                "debug.setmetatable(1, {})",
                "string.dump(function() end)",
                "getmetatable('').__index = nil",
                "setmetatable('', {})",
                "setmetatable(_G, {__metatable = 1}) setmetatable(_G, nil)",
                "coroutine.resume(coroutine.running()) error('reached')",
            })
    void trick_ofAnyKind_isAnOrdinaryError(String script) {
        SandboxFixture fixture = new SandboxFixture(SandboxFixture.LIMITS, null);

        assertThatCode(() -> onWorker(() -> fixture.run(script))).isInstanceOf(ScriptError.class);
        assertThatCode(() -> assertThat(fixture.text("return 1 + 1")).isEqualTo("2"))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "string.rep = nil string.format = function() return 'bad' end table.concat = nil",
                "_G.print = nil pairs = nil _G._G = nil",
                "local mt = getmetatable(setmetatable({}, {})) mt.__index = error",
                "math.random = function() return 4 end bit32 = nil utf8.char = error",
            })
    void poison_inOneSandbox_reachesNoOther(String script) throws LuaSyntaxException {
        new SandboxFixture().run(script);

        assertNextSandboxWorks();
    }

    /** Runs {@code script} under all limits and returns what stopped it. */
    private static LuaStopReason attack(String script, Duration limit) {
        return attack(script, limit, SandboxFixture.LIMITS);
    }

    private static LuaStopReason attack(String script, Duration limit, LuaLimits limits) {
        SandboxFixture fixture = new SandboxFixture(limits, null);
        LuaStop stop = new LuaStop(LuaStopReason.CLOSED);
        fixture.sandbox.guard().enter(System.nanoTime() + limit.toNanos());
        try {
            onWorker(() -> fixture.run(script));
        } catch (LuaStop thrown) {
            stop = thrown;
        } catch (Throwable other) {
            throw new AssertionError("not stopped but ended by " + other, other);
        }
        assertNextSandboxWorks();
        return stop.reason();
    }

    private static void assertNextSandboxWorks() {
        assertThatCode(() -> assertThat(
                                new SandboxFixture().text("return ('x'):rep(3) .. #{1, 2} .. table.concat({1}, ',')"))
                        .isEqualTo("xxx21"))
                .doesNotThrowAnyException();
    }

    private static void onWorker(Attack attack) throws Throwable {
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        Thread worker = new Thread(() -> {
            try {
                attack.run();
            } catch (Throwable t) {
                thrown.set(t);
            }
        });
        worker.setDaemon(true);
        worker.start();
        worker.join(SOON.toMillis());
        assertThat(worker.isAlive()).as("still running after %s", SOON).isFalse();
        Throwable result = thrown.get();
        if (result != null) {
            throw result;
        }
    }

    /** A script being run. */
    private interface Attack {
        void run() throws Exception;
    }
}

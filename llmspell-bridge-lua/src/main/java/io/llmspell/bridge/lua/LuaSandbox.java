package io.llmspell.bridge.lua;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/**
 * A fresh, hardened Lua for one script: our libraries, limits, and nothing of the host but what its
 * owner puts among the globals.
 *
 * <p>It has no thread: scripts, their coroutines and their callbacks run on the thread that calls
 * {@link #call(LuaValue, Varargs)}.
 *
 * <p>Threads: one owner at a time; only {@link LuaGuard#stop(LuaStopReason)} and {@link #close()} may
 * be called from others.
 */
final class LuaSandbox implements AutoCloseable {
    private static final int MAX_SOURCE_BYTES = 16 << 20;

    private final LuaGuard guard;
    private final LuaMachine machine;
    private final ScriptTable globals = new ScriptTable(0, 64);
    private final ScriptTable loaded = new ScriptTable(0, 16);
    private final LuaChunks chunks;
    private final List<LuaValue> held = new ArrayList<>();
    private int walks;

    private LuaSandbox(LuaSandboxConfig config) {
        LuaMemory memory = new LuaMemory(config.limits().memoryBytes(), this::liveBytes);
        guard = new LuaGuard(config.limits().instructions(), config.clock().nanos(), memory);
        machine = new LuaMachine(guard, this::liveBytes);
        chunks = new LuaChunks(machine, globals);
        WarnOnce warnings = new WarnOnce(config.warner());
        BaseLibrary.install(machine, globals, chunks, config.output());
        ModuleLibrary.install(machine, chunks, config.moduleRoot(), loaded);
        library("string", StringLibrary.create(machine));
        library("table", TableLibrary.create(machine));
        library("math", MathLibrary.create(machine, config.seed()));
        library("utf8", Utf8Library.create(machine));
        library("bit32", Bit32Library.create(machine));
        library("os", OsLibrary.create(machine, config.clock(), warnings));
        library("io", IoLibrary.create(machine, config, warnings));
        library("coroutine", CoroutineLibrary.create(machine));
        library("debug", DebugLibrary.create(machine));
    }

    static LuaSandbox create(LuaSandboxConfig config) {
        return new LuaSandbox(config);
    }

    /** Makes a sandbox and runs an empty script, so that all that this takes is loaded. */
    static void warmUp() {
        LuaSandbox sandbox = create(new LuaSandboxConfig(
                LuaLimits.NONE,
                new LuaClock(() -> 0, () -> Instant.EPOCH, () -> ZoneOffset.UTC),
                text -> {},
                text -> {},
                warning -> {},
                null,
                0));
        try {
            sandbox.call(sandbox.load("return 0".getBytes(StandardCharsets.UTF_8), "=prepare"), LuaValue.NONE);
        } catch (LuaSyntaxException e) {
            throw new AssertionError("an empty script is Lua", e);
        } finally {
            sandbox.close();
        }
    }

    private void library(String name, ScriptTable library) {
        globals.rawset(LuaText.of(name), library);
        loaded.rawset(LuaText.of(name), library);
    }

    /** The table of globals; the owner adds its own before the script runs. */
    ScriptTable globals() {
        return globals;
    }

    LuaGuard guard() {
        return guard;
    }

    /** The interpreter, for functions that call back into Lua or raise errors with a position. */
    LuaMachine machine() {
        return machine;
    }

    /**
     * Compiles a chunk of UTF-8 source text.
     *
     * @param chunkName a file's name as {@code @name}, another as {@code =name}
     * @throws LuaSyntaxException if it is not Lua
     */
    LuaValue load(byte[] source, String chunkName) throws LuaSyntaxException {
        if (source.length > MAX_SOURCE_BYTES) {
            throw new LuaSyntaxException(
                    LuaNames.chunk(chunkName),
                    1,
                    0,
                    "source is " + source.length + " bytes long, at most " + MAX_SOURCE_BYTES + " can be loaded");
        }
        return chunks.load(source, chunkName, globals);
    }

    /**
     * Calls {@code function}: the way into the sandbox for scripts, hooks and handlers alike.
     *
     * @throws ScriptError if the script raises an error
     * @throws LuaStop if a limit, a deadline or another thread stops it
     * @throws LuaExit if it calls {@code os.exit}
     */
    Varargs call(LuaValue function, Varargs args) {
        try {
            Varargs results = machine.call(function, args);
            guard.checkAfterReturn();
            return results;
        } catch (RuntimeException | StackOverflowError thrown) {
            guard.checkAfterReturn();
            throw machine.asScriptError(thrown);
        } catch (OutOfMemoryError full) {
            throw guard.outOfMemory();
        }
    }

    /** Counts {@code value} as alive though no script refers to it, as a registered callback is. */
    void hold(LuaValue value) {
        held.add(value);
    }

    /** Ends one {@link #hold(LuaValue)} of {@code value}. */
    void release(LuaValue value) {
        held.removeIf(other -> LuaMeta.isSame(other, value));
    }

    /** Stops whatever runs and refuses all that would; idempotent. */
    @Override
    public void close() {
        guard.stop(LuaStopReason.CLOSED);
    }

    private long liveBytes(long limit) {
        LiveSize walk = new LiveSize(++walks, limit);
        walk.add(globals);
        walk.add(loaded);
        held.forEach(walk::add);
        machine.visit(walk);
        return walk.finish();
    }
}

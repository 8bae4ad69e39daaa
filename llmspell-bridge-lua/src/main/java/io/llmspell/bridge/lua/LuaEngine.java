package io.llmspell.bridge.lua;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptEngine;
import io.llmspell.core.script.ScriptExit;
import io.llmspell.core.script.ScriptHost;
import io.llmspell.core.script.ScriptSession;
import io.llmspell.core.script.ScriptSource;
import io.llmspell.core.storage.Bytes;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Lua engine: a sandbox, its owner and the globals of the runtime.
 *
 * <p>Everything that touches Lua values runs on the thread that {@link LuaOwner} lets in; {@link #close} and the timers
 * only set the sandbox's stop flag.
 */
final class LuaEngine implements ScriptEngine {
    private static final Logger LOG = LoggerFactory.getLogger("llmspell.script");
    private static final Duration SERVE_AT_END = Duration.ofSeconds(5);

    private final ScriptHost host;
    private final LuaOwner owner;
    private final LuaSession session;

    LuaEngine(ScriptHost host) {
        this.host = host;
        this.owner = new LuaOwner(host.time());
        this.session = new LuaSession(host, owner);
    }

    @Override
    public ScriptSession session() {
        return session;
    }

    @Override
    public boolean isOwner() {
        return owner.isOwner();
    }

    @Override
    public Awaiter awaiter() {
        return owner;
    }

    @Override
    public @Nullable Object run(ScriptSource source, List<String> arguments) {
        if (!owner.tryEnter()) {
            throw new InvalidStateException("the engine " + session.id() + " runs another script; open a second one");
        }
        try {
            owner.begin("the engine " + session.id());
            return runOwned(source, arguments);
        } finally {
            owner.end();
            owner.leave();
        }
    }

    private @Nullable Object runOwned(ScriptSource source, List<String> arguments) {
        session.begin(source);
        LuaBox started = start(source, arguments);
        LuaGuard guard = started.sandbox.guard();
        Duration limit = host.limits().timeout();
        Handle timer =
                limit.isZero() ? Handle.noop() : host.time().schedule(limit, () -> halt(guard, LuaStopReason.TIME));
        Handle token = session.caller().token().onCancel(() -> halt(guard, LuaStopReason.CANCELLED));
        try {
            LuaValue chunk = compile(started, source);
            Object result = plainResult(started, guarded(started, () -> started.sandbox.call(chunk, LuaValue.NONE)));
            guarded(started, () -> serve(guard));
            return result;
        } finally {
            token.close();
            timer.close();
        }
    }

    private void halt(LuaGuard guard, LuaStopReason reason) {
        guard.stop(reason);
        owner.halt();
    }

    private LuaBox start(ScriptSource source, List<String> arguments) {
        LuaSandboxConfig config = new LuaSandboxConfig(
                new LuaLimits(host.limits().maxInstructions(), host.limits().maxMemoryBytes()),
                new LuaClock(() -> host.time().nanos(), () -> host.time().now(), ZoneId::systemDefault),
                text -> host.output().write(Bytes.own(LuaText.bytes(text))),
                text -> host.errorOutput().write(Bytes.own(LuaText.bytes(text))),
                LOG::warn,
                source.folder(),
                host.ids().next().getLeastSignificantBits());
        LuaBox started = new LuaBox(LuaSandbox.create(config), session, owner, host);
        new LuaRenderer(started).install(host.globals(), source.name(), arguments);
        session.onStop(() -> started.sandbox.close());
        return started;
    }

    private static LuaValue compile(LuaBox box, ScriptSource source) {
        try {
            return box.sandbox.load(source.text().toArray(), "@" + source.name());
        } catch (LuaSyntaxException e) {
            throw LuaErrors.syntax(e, source);
        }
    }

    /** Runs what is queued until nothing is on its way to the script any more, for at most five seconds. */
    private Varargs serve(LuaGuard guard) {
        owner.serveWhile(session::busy, host.time().nanos() + SERVE_AT_END.toNanos());
        guard.checkAfterReturn(); // what a callback ran into ends the script too
        return LuaValue.NONE;
    }

    private static @Nullable Object plainResult(LuaBox box, Varargs results) {
        return results.narg() == 0 ? null : ScriptCall.plain(box.values.toHost(results.arg1()));
    }

    private <T> T guarded(LuaBox running, Supplier<T> work) {
        try {
            return work.get();
        } catch (LuaExit exit) {
            throw new ScriptExit(exit.code());
        } catch (ScriptError error) {
            throw LuaErrors.uncaught(running, error);
        } catch (LuaStop stop) {
            throw ended(running, stop);
        }
    }

    private RuntimeException ended(LuaBox running, LuaStop stop) {
        Integer code = session.exit();
        return code == null ? running.stopped(stop.reason()) : new ScriptExit(code);
    }

    @Override
    public void close() {
        session.close();
        owner.close();
    }
}

package io.llmspell.bridge.lua;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Language;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.script.ScriptHost;
import io.llmspell.core.script.ScriptSession;
import io.llmspell.core.script.ScriptSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What belongs to one Lua engine. Handles are closed in reverse order, outside the lock. */
final class LuaSession implements ScriptSession {
    private static final Logger LOG = LoggerFactory.getLogger(LuaSession.class);

    private final ScriptHost host;
    private final LuaOwner owner;
    private final String id;
    private final AtomicInteger numbers = new AtomicInteger();
    private final Object lock = new Object();
    private final Set<Owned> owned = new LinkedHashSet<>();
    private final List<BooleanSupplier> work = new CopyOnWriteArrayList<>();
    private volatile Caller top;
    private volatile @Nullable Caller inCallback;
    private final List<Runnable> stops = new ArrayList<>();
    private volatile @Nullable Integer exit;
    private volatile @Nullable Path folder;
    private boolean closed;

    LuaSession(ScriptHost host, LuaOwner owner) {
        this.host = host;
        this.owner = owner;
        this.id = host.ids().next().toString();
        this.top = top(null);
    }

    void begin(ScriptSource source) {
        top = top(source.name());
        folder = source.folder();
        exit = null;
    }

    /** A script that runs for an agent or a workflow run has that one's rights. */
    private Caller top(@Nullable String script) {
        Principal given = host.caller().principal();
        boolean bound = given instanceof Principal.Agent || given instanceof Principal.Workflow;
        return host.caller()
                .as(bound ? given : new Principal.Script(id, script))
                .in(Language.LUA);
    }

    void onStop(Runnable action) {
        boolean already;
        synchronized (lock) {
            stops.add(action);
            already = closed;
        }
        if (already) {
            action.run();
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Language language() {
        return Language.LUA;
    }

    @Override
    public Caller caller() {
        return top;
    }

    /** The caller of what runs now: that of the callback, or of the script itself. For the owner. */
    Caller present() {
        Caller inner = inCallback;
        return inner == null ? top : inner;
    }

    /** Sets the caller of a callback; gives the one before. For the owner. */
    @Nullable Caller callback(@Nullable Caller caller) {
        Caller before = inCallback;
        inCallback = caller;
        return before;
    }

    @Override
    public Awaiter awaiter() {
        return owner;
    }

    @Override
    public @Nullable Path folder() {
        return folder;
    }

    @Override
    public Handle own(Handle handle) {
        Owned mine = new Owned(handle);
        synchronized (lock) {
            if (!closed) {
                owned.add(mine);
                return mine;
            }
        }
        handle.close();
        return Handle.noop();
    }

    @Override
    public Handle busyWhile(BooleanSupplier busy) {
        work.add(busy);
        return () -> work.remove(busy);
    }

    /** Remembers that a callback asked the script to end. */
    void exit(int code) {
        exit = code;
    }

    /** The exit code that a callback asked for, or null. */
    @Nullable Integer exit() {
        return exit;
    }

    long nanos() {
        return host.time().nanos();
    }

    boolean busy() {
        return work.stream().anyMatch(BooleanSupplier::getAsBoolean);
    }

    @Override
    public int nextNumber() {
        return numbers.incrementAndGet();
    }

    void close() {
        List<Owned> all;
        List<Runnable> running;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            all = new ArrayList<>(owned);
            owned.clear();
            running = new ArrayList<>(stops);
        }
        running.forEach(Runnable::run); // first, so that no script sees its subscriptions go
        for (int i = all.size() - 1; i >= 0; i--) {
            closeQuietly(all.get(i).handle);
        }
    }

    private static void closeQuietly(Handle handle) {
        try {
            handle.close();
        } catch (RuntimeException failed) { // one handle must not keep the others open
            LOG.warn("a handle of a script could not be closed", LogText.maskedError(failed));
        }
    }

    /** A handle that ends with the engine; identity counts. */
    private final class Owned implements Handle {
        private final Handle handle;

        Owned(Handle handle) {
            this.handle = handle;
        }

        @Override
        public void close() {
            boolean mine;
            synchronized (lock) {
                mine = owned.remove(this);
            }
            if (mine) {
                handle.close();
            }
        }
    }
}

package io.llmspell.bridge;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Language;
import io.llmspell.core.script.ScriptSession;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** The session of a {@link TextEngine}. */
final class TextSession implements ScriptSession {
    private final Caller caller;
    private final Awaiter awaiter;
    private final Deque<Handle> owned = new ArrayDeque<>();
    private final AtomicInteger numbers = new AtomicInteger();

    TextSession(Caller caller, Awaiter awaiter) {
        this.caller = caller;
        this.awaiter = awaiter;
    }

    @Override
    public String id() {
        return "text-engine";
    }

    @Override
    public Language language() {
        return Language.LUA;
    }

    @Override
    public Caller caller() {
        return caller;
    }

    @Override
    public Awaiter awaiter() {
        return awaiter;
    }

    @Override
    public Handle own(Handle handle) {
        owned.push(handle);
        return handle;
    }

    @Override
    public Handle busyWhile(BooleanSupplier busy) {
        return Handle.noop();
    }

    @Override
    public int nextNumber() {
        return numbers.incrementAndGet();
    }

    void close() {
        owned.forEach(Handle::close);
    }
}

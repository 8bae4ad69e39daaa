package io.llmspell.hooks;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The thread on which an around-hook's own code runs at present, if any: it is interrupted when the hook overruns, and
 * the breaker opens if that does not help.
 *
 * <p><b>Threads:</b> safe; an interrupt is sent, and cleared, only while the hook's own code is on the thread.
 */
final class OwnThread {
    private final HookGuard guard;
    private final GateImpl gate;

    // Guarded by this.
    private @Nullable Thread thread;
    private @Nullable CompletableFuture<Boolean> cut;
    private boolean stuck;

    OwnThread(HookGuard guard, GateImpl gate) {
        this.guard = guard;
        this.gate = gate;
    }

    /** The hook's own code begins on this thread. */
    synchronized void enter() {
        thread = Thread.currentThread();
    }

    /** The hook's own code has ended on this thread, or hands on what it encloses. */
    void leave() {
        boolean over;
        synchronized (this) {
            if (thread != Thread.currentThread()) {
                return;
            }
            thread = null;
            if (cut != null) {
                cut.complete(true);
                boolean unused = Thread.interrupted();
            }
            over = stuck;
            stuck = false;
        }
        if (over) {
            guard.ranOut();
        }
    }

    /** The hook has overrun: its thread is interrupted, and watched a little longer. */
    synchronized void cut() {
        Thread running = thread;
        if (running != null) {
            cut = new CompletableFuture<>();
            running.interrupt();
            gate.watchdog().watch(cut, gate.time().nanos() + Watch.grace(guard), this::stuck);
        }
    }

    private void stuck() {
        synchronized (this) {
            if (thread == null) {
                return;
            }
            stuck = true;
        }
        guard.overran(gate.time().nanos());
    }
}

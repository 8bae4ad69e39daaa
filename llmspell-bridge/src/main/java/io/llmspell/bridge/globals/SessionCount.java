package io.llmspell.bridge.globals;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.script.ScriptSession;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Counts what each engine holds of one kind, and refuses more than an engine may hold. */
final class SessionCount {
    private final String limit;
    private final int most;
    private final Map<String, Integer> held = new ConcurrentHashMap<>();

    SessionCount(String limit, int most) {
        this.limit = limit;
        this.most = most;
    }

    /**
     * Counts one more.
     *
     * @throws LimitException {@code limit_exceeded} if the engine holds as many as it may
     */
    Handle take(ScriptSession session) {
        String engine = session.id();
        if (held.merge(engine, 1, Integer::sum) > most) {
            release(engine);
            throw LimitException.exceeded(
                    "scripts.limits." + limit, String.valueOf(most), "the script holds as many of them as it may");
        }
        AtomicBoolean taken = new AtomicBoolean(true);
        return () -> {
            if (taken.compareAndSet(true, false)) {
                release(engine);
            }
        };
    }

    private void release(String engine) {
        held.computeIfPresent(engine, (id, now) -> now > 1 ? now - 1 : null);
    }
}

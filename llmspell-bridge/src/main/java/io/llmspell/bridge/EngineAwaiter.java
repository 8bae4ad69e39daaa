package io.llmspell.bridge;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Cancellation;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.script.ScriptEngine;
import io.llmspell.core.time.TimeSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The awaiter of a runtime: a thread that owns a script engine serves that engine's callbacks while it waits, any other
 * thread just blocks.
 */
final class EngineAwaiter implements Awaiter {
    private final List<ScriptEngine> engines = new CopyOnWriteArrayList<>();
    private final Awaiter blocking;

    EngineAwaiter(TimeSource time) {
        this.blocking = Awaiter.blocking(time);
    }

    Handle add(ScriptEngine engine) {
        engines.add(engine);
        return () -> engines.remove(engine);
    }

    @Override
    public <T extends @Nullable Object> T await(CompletionStage<T> stage, long deadlineNanos, Cancellation token) {
        for (ScriptEngine engine : engines) {
            if (engine.isOwner()) {
                return engine.awaiter().await(stage, deadlineNanos, token);
            }
        }
        return blocking.await(stage, deadlineNanos, token);
    }
}

package io.llmspell.agents;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.identity.Principal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Saves agents that have changed at an interval, each for itself, and all of them at the end.
 *
 * <p>The timer only hands the saves to the executor. {@code timer} and {@code closed} are guarded by the monitor of the
 * object; timers are closed outside it.
 */
final class AutoSaver implements Handle {
    private final Shared shared;
    private final Supplier<List<AgentImpl>> agents;
    private final Executor executor;
    private Handle timer = Handle.noop();
    private boolean closed;

    AutoSaver(Shared shared, Supplier<List<AgentImpl>> agents, Executor executor) {
        this.shared = shared;
        this.agents = agents;
        this.executor = executor;
    }

    AutoSaver start() {
        if (shared.store() != null) {
            shared.persistence().interval().ifPresent(this::next);
        }
        return this;
    }

    private void next(Duration interval) {
        Handle mine = shared.time().schedule(interval, () -> {
            saveAll();
            next(interval);
        });
        boolean late;
        synchronized (this) {
            late = closed;
            timer = late ? timer : mine;
        }
        if (late) {
            mine.close();
        }
    }

    private void saveAll() {
        for (AgentImpl agent : agents.get()) {
            if (agent.saver().isDue()) {
                try {
                    executor.execute(() -> agent.saver().due(caller()));
                } catch (RuntimeException rejected) { // the executor is closing, and so is the runtime
                    return;
                }
            }
        }
    }

    private Caller caller() {
        return Caller.of(
                new Principal.RuntimePart("agents"),
                Language.JAVA,
                new CorrelationId(shared.ids().next().toString()));
    }

    @Override
    public void close() {
        Handle last;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            last = timer;
        }
        last.close();
        for (AgentImpl agent : agents.get()) {
            agent.saver().atEnd(caller());
        }
    }
}

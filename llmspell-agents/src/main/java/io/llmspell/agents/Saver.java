package io.llmspell.agents;

import io.llmspell.core.agent.AgentRecord;
import io.llmspell.core.agent.AgentStore;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonErrors;
import io.llmspell.core.redact.LogText;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves and loads the record of one agent, on demand and by itself.
 *
 * <p>{@code saved} is how much of what happened is in the store: raised by whoever has saved, read by all. {@code busy}
 * keeps a second save from beginning by itself while one runs. {@code snapshots} counts what was taken for saves.
 * {@code ended} and {@code closing} go from false to true once.
 */
final class Saver {
    private static final Logger LOG = LoggerFactory.getLogger(Saver.class);

    private final AgentImpl agent;
    private final Memory memory;
    private final Shared shared;
    private final AgentPersistence settings;
    private final SaveBreaker breaker;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicLong snapshots = new AtomicLong();
    private volatile long saved;
    private volatile boolean ended;
    private volatile boolean closing;

    Saver(AgentImpl agent, Memory memory, Shared shared) {
        this.agent = agent;
        this.memory = memory;
        this.shared = shared;
        this.settings = shared.persistence();
        this.breaker = new SaveBreaker(settings.breaker(), shared.time());
    }

    AgentStore store() {
        AgentStore store = shared.store();
        if (store == null) {
            throw new InvalidStateException(
                    "agent \"" + agent.config().name()
                            + "\" cannot be saved or loaded: its agents were built without a store; give one to Agents.builder()");
        }
        return store;
    }

    /** The agent is no more: nothing is saved by itself from now on. */
    void end() {
        ended = true;
    }

    private boolean unsaved() {
        return shared.store() != null && !ended && memory.changes() != saved;
    }

    // ---- on demand ----

    /** Saves now, again if the store could not take it just then; while saving is given up, only once. */
    void save(Caller caller) {
        int most = breaker.isOpen() ? 0 : settings.retries().most();
        double wait = (double) settings.retries().initialBackoff().toNanos();
        for (int attempt = 0; ; attempt++) {
            try {
                saveOnce(caller);
                return;
            } catch (LlmSpellException failed) {
                if (attempt >= most || !failed.code().retryable() || closing) {
                    gaveUp(failed, caller);
                    throw failed;
                }
                LOG.debug("agent {} is saved again: {}", agent.config().name(), LogText.masked(failed.text()));
            }
            pause(
                    Duration.ofNanos(
                            (long) Math.min(wait, (double) Duration.ofHours(1).toNanos())),
                    caller);
            wait *= settings.retries().multiplier();
            if (closing && !unsaved()) { // the end has saved it all
                return;
            }
        }
    }

    private void saveOnce(Caller caller) {
        long[] upTo = new long[1];
        store().save(
                        agent.component(),
                        () -> {
                            snapshots.incrementAndGet();
                            Memory.Snapshot snapshot = agent.snapshot();
                            upTo[0] = snapshot.changes();
                            return snapshot.record();
                        },
                        caller);
        breaker.worked();
        raise(upTo[0]);
    }

    private synchronized void raise(long upTo) {
        saved = Math.max(saved, upTo);
    }

    private void gaveUp(LlmSpellException failed, Caller caller) {
        if (!(failed instanceof OperationCancelledException)) {
            breaker.failed();
        }
        Map<String, @Nullable Object> payload = new LinkedHashMap<>(agent.keys());
        payload.put("schema_version", AgentRecord.SCHEMA_VERSION);
        payload.put("error", JsonErrors.object(failed));
        shared.events().report("agent.state.save_failed", payload, agent.component(), caller);
    }

    private void pause(Duration time, Caller caller) {
        CompletableFuture<@Nullable Void> over = new CompletableFuture<>();
        Handle timer = shared.time().schedule(time, () -> over.complete(null));
        try {
            shared.awaiter().await(over, caller.deadlineNanos(), caller.token());
        } finally {
            timer.close();
        }
    }

    /**
     * Puts back what is kept; false if nothing is. If a save came between, the store has what the load has put away, so
     * what was loaded is yet to be saved.
     */
    boolean load(Caller caller) {
        long before = snapshots.get();
        return store().load(agent.component(), caller)
                .map(record -> {
                    long restored = memory.restore(record);
                    if (snapshots.get() == before) {
                        raise(restored);
                    }
                    return true;
                })
                .orElse(false);
    }

    // ---- by itself ----

    private static Caller ofItself(Caller caller) {
        return caller.as(new Principal.RuntimePart("agents"));
    }

    /** After a stop: returns once all is in the store, or throws; a hook may refuse it. */
    void stopped(Caller caller) {
        if (settings.saveOnStop() && unsaved()) {
            try {
                save(ofItself(caller));
            } catch (OperationCancelledException refused) {
                LOG.debug("agent {} was not saved: {}", agent.config().name(), LogText.masked(refused.text()));
            }
        }
    }

    /** After a pause. */
    void paused(Caller caller) {
        if (settings.saveOnPause()) {
            tryTo(() -> save(ofItself(caller)));
        }
    }

    /** Before a paused agent goes on; what it remembers beyond what is kept stays. */
    void resumed(Caller caller) {
        boolean halted = agent.active() != null;
        if (settings.restoreOnResume() && shared.store() != null && saved > 0 && !unsaved() && !halted) {
            try {
                boolean unused = load(ofItself(caller));
            } catch (LlmSpellException failed) {
                LOG.warn(
                        "agent {} goes on with what it remembers: {}",
                        agent.config().name(),
                        LogText.masked(failed.text()));
            }
        }
    }

    /** Whether it is time to save by itself. */
    boolean isDue() {
        return unsaved() && !busy.get() && !breaker.isOpen();
    }

    /** At an interval. */
    void due(Caller caller) {
        tryTo(() -> save(caller));
    }

    /**
     * At the end of the runtime, once: there is no time for more tries, and no later time. So it does not matter that a save
     * is under way, which may have less than there is now or wait for its next try, or that saving was given up for a while.
     */
    void atEnd(Caller caller) {
        closing = true;
        if (settings.saveOnStop() && unsaved()) {
            try {
                saveOnce(caller);
            } catch (LlmSpellException failed) {
                gaveUp(failed, caller);
                LOG.warn("agent {} could not be saved: {}", agent.config().name(), LogText.masked(failed.text()));
            }
        }
    }

    /** What happens by itself harms nobody if it fails: it is told, and tried again when the next time comes. */
    private void tryTo(Runnable work) {
        if (!unsaved() || breaker.isOpen() || !busy.compareAndSet(false, true)) {
            return;
        }
        try {
            work.run();
        } catch (OperationCancelledException refused) {
            LOG.debug("agent {} was not saved: {}", agent.config().name(), LogText.masked(refused.text()));
        } catch (LlmSpellException failed) {
            LOG.warn("agent {} could not be saved: {}", agent.config().name(), LogText.masked(failed.text()));
        } finally {
            busy.set(false);
        }
    }

    /** A load must not wait for a run that is halted and waits itself. */
    void refuseHalted(boolean halted) {
        if (halted) {
            throw new InvalidStateException("agent \"" + agent.config().name()
                    + "\" is paused within a run, which a load would change; resume or stop it first");
        }
    }
}

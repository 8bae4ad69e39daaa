package io.llmspell.state.session;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.session.SessionManager;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.core.time.TimeSource;
import io.llmspell.state.StateScopes;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds a session manager. Storage, codec, gate and state must be given.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class SessionsBuilder {
    private @Nullable StorageBackend storage;
    private @Nullable RecordCodec codec;
    private @Nullable Gate gate;
    private @Nullable StateManager state;
    private @Nullable EventBus events;
    private @Nullable TimeSource time;
    private @Nullable IdGenerator ids;
    private @Nullable Redactor redactor;
    private Supplier<SessionContents> contents = () -> SessionContents.NONE;
    private boolean keepState;
    private Duration idleTimeout = Duration.ZERO;
    private int keepSessions;

    SessionsBuilder() {}

    /**
     * Where sessions are kept; the space {@code sessions} is used. The manager does not close it.
     *
     * @param store an open store with order, transactions and snapshots, the one of the state
     * @return this builder
     */
    public SessionsBuilder storage(StorageBackend store) {
        storage = store;
        return this;
    }

    /**
     * How sessions become records.
     *
     * @param records the codec
     * @return this builder
     */
    public SessionsBuilder codec(RecordCodec records) {
        codec = records;
        return this;
    }

    /**
     * What all operations pass.
     *
     * @param operations the gate
     * @return this builder
     */
    public SessionsBuilder gate(Gate operations) {
        gate = operations;
        return this;
    }

    /**
     * Where the state of sessions is.
     *
     * @param manager a manager over the same store
     * @return this builder
     */
    public SessionsBuilder state(StateManager manager) {
        state = manager;
        return this;
    }

    /**
     * Who hears of sessions; without a bus there are no events.
     *
     * @param bus the bus; if it has a journal, its store must be that of {@link #storage}
     * @return this builder
     */
    public SessionsBuilder events(EventBus bus) {
        events = bus;
        return this;
    }

    /**
     * The clock; the machine's by default.
     *
     * @param clock the clock
     * @return this builder
     */
    public SessionsBuilder time(TimeSource clock) {
        time = clock;
        return this;
    }

    /**
     * Makes ids of sessions and checkpoints; time-ordered ones by default.
     *
     * @param generator makes ids
     * @return this builder
     */
    public SessionsBuilder ids(IdGenerator generator) {
        ids = generator;
        return this;
    }

    /**
     * What is a secret; the redactor of the house by default.
     *
     * @param secrets the redactor
     * @return this builder
     */
    public SessionsBuilder redactor(Redactor secrets) {
        redactor = secrets;
        return this;
    }

    /**
     * What ends with sessions beside their state.
     *
     * @param more gives it; first asked when a session ends
     * @return this builder
     */
    public SessionsBuilder contents(Supplier<SessionContents> more) {
        contents = more;
        return this;
    }

    /**
     * Whether sessions that do not say it keep their state; they do not by default.
     *
     * @param keep whether they do
     * @return this builder
     */
    public SessionsBuilder keepState(boolean keep) {
        keepState = keep;
        return this;
    }

    /**
     * How long a session that was started may go unused before it ends as if it were finished; for ever by default.
     *
     * @param longest the time; zero: for ever
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if it is negative
     */
    public SessionsBuilder idleTimeout(Duration longest) {
        if (longest.isNegative()) {
            throw new ArgumentException("idleTimeout", longest.toString(), "zero or more");
        }
        idleTimeout = longest;
        return this;
    }

    /**
     * How many of the ended sessions that keep their state stay with it, the newest ones; all by default.
     *
     * @param most how many; 0: all
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if it is negative
     */
    public SessionsBuilder keepSessions(int most) {
        if (most < 0) {
            throw new ArgumentException("keepSessions", String.valueOf(most), "0 or more");
        }
        keepSessions = most;
        return this;
    }

    private static <T> T required(String name, @Nullable T given) {
        if (given == null) {
            throw new ArgumentException("sessions: " + name + " is missing; give it to the builder");
        }
        return given;
    }

    /**
     * Makes the manager. With its first use it ends the sessions of runs that a killed process has left, and cleans up
     * after ended ones that it could not.
     *
     * @return the manager; close it before the state
     * @throws ArgumentException {@code invalid_argument} if storage, codec, gate or state is missing
     */
    public SessionManager build() {
        StorageBackend backend = required("storage", storage);
        Gate operations = required("gate", gate);
        TimeSource clock = time == null ? new SystemTimeSource() : time;
        Redactor secrets = redactor == null ? Redactor.create() : redactor;
        SessionStore store = new SessionStore(backend, new SessionCodec(required("codec", codec)), events, secrets);
        SessionHouse house = new SessionHouse(
                store,
                StateScopes.of(required("state", state)),
                contents,
                clock,
                ids == null ? IdGenerator.timeOrdered(clock) : ids);
        return new SessionManagerImpl(
                house,
                new SessionOperations(house, operations),
                secrets,
                new SessionRules(keepState, idleTimeout, keepSessions));
    }
}

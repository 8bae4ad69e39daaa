package io.llmspell.state.artifact;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventReporter;
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
import org.jspecify.annotations.Nullable;

/**
 * Builds artifacts. Storage, codec, gate, state and sessions must be given.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class ArtifactsBuilder {
    private @Nullable StorageBackend storage;
    private @Nullable RecordCodec codec;
    private @Nullable Gate gate;
    private @Nullable StateManager state;
    private @Nullable SessionManager sessions;
    private @Nullable EventBus events;
    private @Nullable TimeSource time;
    private @Nullable IdGenerator ids;
    private @Nullable Redactor redactor;

    ArtifactsBuilder() {}

    /**
     * Where artifacts are kept; the space {@code sessions} is used.
     *
     * @param store an open store with order, transactions and snapshots
     * @return this builder
     */
    public ArtifactsBuilder storage(StorageBackend store) {
        storage = store;
        return this;
    }

    /**
     * How records become bytes.
     *
     * @param records the codec
     * @return this builder
     */
    public ArtifactsBuilder codec(RecordCodec records) {
        codec = records;
        return this;
    }

    /**
     * What all operations pass.
     *
     * @param operations the gate
     * @return this builder
     */
    public ArtifactsBuilder gate(Gate operations) {
        gate = operations;
        return this;
    }

    /**
     * Who may use what.
     *
     * @param manager a manager over the same store
     * @return this builder
     */
    public ArtifactsBuilder state(StateManager manager) {
        state = manager;
        return this;
    }

    /**
     * The sessions that artifacts belong to.
     *
     * @param manager a manager over the same store
     * @return this builder
     */
    public ArtifactsBuilder sessions(SessionManager manager) {
        sessions = manager;
        return this;
    }

    /**
     * Who hears of artifacts; without a bus there are no events, and nothing is known of what a run did before.
     *
     * @param bus the bus; if it has a journal, its store must be that of {@link #storage}
     * @return this builder
     */
    public ArtifactsBuilder events(EventBus bus) {
        events = bus;
        return this;
    }

    /**
     * The clock; the machine's by default.
     *
     * @param clock the clock
     * @return this builder
     */
    public ArtifactsBuilder time(TimeSource clock) {
        time = clock;
        return this;
    }

    /**
     * Makes ids; time-ordered ones by default.
     *
     * @param generator makes ids
     * @return this builder
     */
    public ArtifactsBuilder ids(IdGenerator generator) {
        ids = generator;
        return this;
    }

    /**
     * What is a secret; the redactor of the house by default.
     *
     * @param secrets the redactor
     * @return this builder
     */
    public ArtifactsBuilder redactor(Redactor secrets) {
        redactor = secrets;
        return this;
    }

    private static <T> T required(String name, @Nullable T given) {
        if (given == null) {
            throw new ArgumentException("artifacts: " + name + " is missing; give it to the builder");
        }
        return given;
    }

    /**
     * Makes the artifacts.
     *
     * @return the artifacts
     * @throws ArgumentException {@code invalid_argument} if storage, codec, gate, state or sessions are missing
     */
    public Artifacts build() {
        Gate operations = required("gate", gate);
        TimeSource clock = time == null ? new SystemTimeSource() : time;
        Redactor secrets = redactor == null ? Redactor.create() : redactor;
        ArtifactHouse house = new ArtifactHouse(
                new ArtifactStore(required("storage", storage), new ArtifactCodec(required("codec", codec))),
                StateScopes.of(required("state", state)),
                required("sessions", sessions),
                events,
                clock,
                ids == null ? IdGenerator.timeOrdered(clock) : ids,
                secrets);
        ArtifactNotices notices =
                new ArtifactNotices(operations, events == null ? null : new EventReporter(events, secrets));
        ArtifactChecks checks = new ArtifactChecks(operations, notices);
        return new Artifacts(
                new ArtifactManagerImpl(house, new ArtifactOperations(house, operations, checks), notices));
    }
}

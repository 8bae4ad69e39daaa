package io.llmspell.state.agent;

import io.llmspell.core.agent.AgentStore;
import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventReporter;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.TimeSource;
import io.llmspell.state.Sealing;
import io.llmspell.state.StateScopes;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds a store for the records of agents. Storage, codec, gate and time are needed; the rest has defaults.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class AgentStoreBuilder {
    private @Nullable StorageBackend storage;
    private @Nullable RecordCodec codec;
    private @Nullable StateManager rights;
    private @Nullable Gate gate;
    private @Nullable TimeSource time;
    private @Nullable EventBus events;
    private @Nullable Awaiter awaiter;
    private Redactor redactor = Redactor.create();
    private WriteMode writeMode = WriteMode.DURABLE;

    AgentStoreBuilder() {}

    /**
     * Sets where records are kept; the space {@code agents} is used. The store of records does not close it.
     *
     * @param backend the back end
     * @return this builder
     */
    public AgentStoreBuilder storage(StorageBackend backend) {
        this.storage = backend;
        return this;
    }

    /**
     * Sets how values become records.
     *
     * @param records the codec
     * @return this builder
     */
    public AgentStoreBuilder codec(RecordCodec records) {
        this.codec = records;
        return this;
    }

    /**
     * Sets the gate that each save, load and delete passes.
     *
     * @param operations the gate
     * @return this builder
     */
    public AgentStoreBuilder gate(Gate operations) {
        this.gate = operations;
        return this;
    }

    /**
     * Sets the clock.
     *
     * @param clock the clock
     * @return this builder
     */
    public AgentStoreBuilder time(TimeSource clock) {
        this.time = clock;
        return this;
    }

    /**
     * Sets who hears of saved, loaded and deleted records; without a bus there are no events.
     *
     * @param bus the bus
     * @return this builder
     */
    public AgentStoreBuilder events(EventBus bus) {
        this.events = bus;
        return this;
    }

    /**
     * Sets how calls wait for their turn; by default they park their thread.
     *
     * @param waits the awaiter
     * @return this builder
     */
    public AgentStoreBuilder awaiter(Awaiter waits) {
        this.awaiter = waits;
        return this;
    }

    /**
     * Sets what masks the secrets of configurations and events; the redactor of the house by default.
     *
     * @param secrets the redactor
     * @return this builder
     */
    public AgentStoreBuilder redactor(Redactor secrets) {
        this.redactor = secrets;
        return this;
    }

    /**
     * Sets what an acknowledged save has survived; {@link WriteMode#DURABLE} by default.
     *
     * @param mode the mode
     * @return this builder
     */
    public AgentStoreBuilder writeMode(WriteMode mode) {
        this.writeMode = mode;
        return this;
    }

    /**
     * Sets who decides what agents may do, so that one that is cut off reaches its record no more and refusals are written
     * down; without it the record's own rule stands alone: an agent may use its own.
     *
     * @param manager the manager of state
     * @return this builder
     */
    public AgentStoreBuilder rights(StateManager manager) {
        this.rights = manager;
        return this;
    }

    /**
     * Makes the store.
     *
     * @return the store; it holds nothing that must be closed
     * @throws ArgumentException {@code invalid_argument} if a needed part was not set, or the rights are those of a manager
     *     that {@link io.llmspell.state.States} has not made
     */
    public AgentStore build() {
        Gate operations = needed("gate", gate);
        TimeSource clock = needed("time", time);
        StorageBackend backend = needed("storage", storage);
        RecordCodec records = needed("codec", codec);
        Supplier<Sealing> sealing = rights == null ? Sealing.of(backend, records) : StateScopes.of(rights)::sealing;
        RecordShelf shelf = new RecordShelf(backend, records, sealing, redactor, writeMode);
        EventReporter reporter = events == null ? null : new EventReporter(events, redactor);
        return new AgentStoreImpl(
                shelf,
                new AgentTurns(awaiter == null ? Awaiter.blocking(clock) : awaiter, clock),
                operations,
                new RecordEvents(events, redactor),
                new Notices(operations, reporter),
                rights);
    }

    private static <T> T needed(String name, @Nullable T value) {
        if (value == null) {
            throw new ArgumentException("AgentStores.builder() was built without " + name + "(...), which it needs");
        }
        return value;
    }
}

package io.llmspell.events;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.time.TimeSource;
import io.llmspell.events.journal.JournalSettings;
import io.llmspell.events.journal.StoredJournal;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a bus; time, ids, gate and awaiter are needed, the rest has defaults. Each may be set once.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class EventsBuilder {
    private @Nullable TimeSource time;
    private @Nullable IdGenerator ids;
    private @Nullable Gate gate;
    private @Nullable Awaiter awaiter;
    private @Nullable Redactor redactor;
    private @Nullable EventSettings settings;
    private @Nullable Store store;
    private @Nullable JournalSettings journaling;
    private boolean early;

    EventsBuilder() {}

    /** Where events and numbers are kept. */
    private record Store(StorageBackend backend, RecordCodec codec, Space space) {}

    /**
     * The clock.
     *
     * @param source tells timestamps, lives of events and deadlines
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if it was set before
     */
    public EventsBuilder time(TimeSource source) {
        time = once("time", time, source);
        return this;
    }

    /**
     * The maker of ids.
     *
     * @param generator makes the ids of events and subscriptions
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if it was set before
     */
    public EventsBuilder ids(IdGenerator generator) {
        ids = once("ids", ids, generator);
        return this;
    }

    /**
     * The gate that every publish passes.
     *
     * @param passages runs the hooks of events
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if it was set before
     */
    public EventsBuilder gate(Gate passages) {
        gate = once("gate", gate, passages);
        return this;
    }

    /**
     * How publishers wait for room, and the closing thread for handlers.
     *
     * @param waits blocks the calling thread
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if it was set before
     */
    public EventsBuilder awaiter(Awaiter waits) {
        awaiter = once("awaiter", awaiter, waits);
        return this;
    }

    /**
     * What masks secrets in the log and the journal.
     *
     * @param masks the redactor; default {@link Redactor#create()}
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if it was set before
     */
    public EventsBuilder redactor(Redactor masks) {
        redactor = once("redactor", redactor, masks);
        return this;
    }

    /**
     * Reserves the first event numbers in the store as soon as the bus is built, in the background, for a program that will
     * publish soon and has other things to do before. By default the first publisher waits for it.
     *
     * @return this builder
     */
    public EventsBuilder reserveEarly() {
        early = true;
        return this;
    }

    /**
     * How the bus is bounded, and what subscriptions get that do not say otherwise.
     *
     * @param bounds the settings; default {@link EventSettings#DEFAULT}
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if it was set before
     */
    public EventsBuilder settings(EventSettings bounds) {
        settings = once("settings", settings, bounds);
        return this;
    }

    /**
     * A store that keeps events, and their numbers, so that the sequence never goes back. The store must know
     * {@link Space#META}, where the numbers are, and serve this bus alone.
     *
     * @param backend the store; the caller closes it, after the bus
     * @param codec packs the records
     * @param space a log for the events
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if it was set before or the space is no log
     */
    public EventsBuilder journal(StorageBackend backend, RecordCodec codec, Space space) {
        if (!space.log()) {
            throw new ArgumentException("space of the journal", space.name(), "a log");
        }
        store = once("journal", store, new Store(backend, codec, space));
        return this;
    }

    /**
     * Which events the journal keeps, and for how long.
     *
     * @param settings the settings; default {@link JournalSettings#DEFAULT}; without a {@link #journal} nobody reads them
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if they were set before
     */
    public EventsBuilder journaling(JournalSettings settings) {
        journaling = once("journaling", journaling, settings);
        return this;
    }

    /**
     * Makes the bus.
     *
     * @return the bus, to be closed by the caller
     * @throws ArgumentException {@code invalid_argument} if a setting is missing
     */
    public EventBus build() {
        TimeSource clock = needed("time", time);
        Redactor masks = redactor == null ? Redactor.create() : redactor;
        Gate passages = gate();
        IdGenerator generator = needed("ids", ids);
        Awaiter waits = awaiter();
        LateThreads threads = new LateThreads();
        Notices notices = new Notices(threads);
        HandlerFailures failures = new HandlerFailures(passages, masks, clock, notices);
        BusParts parts =
                new BusParts(clock, generator, new OrderLock(), new Routes(), threads, failures, notices, settings());
        Numbers numbers = new Numbers(store == null ? null : new NumberStore(store.backend, store.codec), threads);
        if (early) {
            numbers.begin();
        }
        StoredJournal journal = store == null ? null : journal(store, masks, clock, threads, failures);
        return new EventBusImpl(parts, numbers, this, new Closing(waits, clock, threads), journal);
    }

    EventSettings settings() {
        return settings == null ? EventSettings.DEFAULT : settings;
    }

    private @Nullable StoredJournal journal(
            Store kept, Redactor masks, TimeSource clock, Executor threads, HandlerFailures failures) {
        JournalSettings settings = journaling == null ? JournalSettings.DEFAULT : journaling;
        return settings.enabled()
                ? new StoredJournal(
                        new StoredJournal.Parts(
                                kept.backend, kept.codec, kept.space, masks, clock, threads, failures::durable),
                        settings)
                : null;
    }

    Gate gate() {
        return needed("gate", gate);
    }

    Awaiter awaiter() {
        return needed("awaiter", awaiter);
    }

    private static <T> T once(String name, @Nullable T present, T value) {
        if (present != null) {
            throw new ArgumentException("the setting \"" + name + "\" of the event bus is set twice; set it once");
        }
        return java.util.Objects.requireNonNull(value, name);
    }

    private static <T> T needed(String name, @Nullable T value) {
        if (value == null) {
            throw new ArgumentException(
                    "the setting \"" + name + "\" of the event bus is missing; set it on the builder");
        }
        return value;
    }
}

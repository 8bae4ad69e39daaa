package io.llmspell.state;

import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventReporter;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.state.ChangeAudit;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.storage.Capability;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.core.time.TimeSource;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds a state manager. Storage, codec and gate must be given; what is given twice is an error.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class StatesBuilder {

    private @Nullable StorageBackend storage;
    private @Nullable RecordCodec codec;
    private @Nullable Gate gate;
    private @Nullable EventBus events;
    private @Nullable TimeSource time;
    private @Nullable Redactor redactor;
    private @Nullable AuditLog audit;
    private @Nullable ChangeAudit changes;
    private @Nullable WriteMode writeMode;
    private @Nullable StateSettings settings;
    private @Nullable Integer cacheSize;
    private @Nullable Integer ephemeralLimit;

    StatesBuilder() {}

    /**
     * Where values are kept; the spaces {@code state} and {@code meta} are used. The manager does not close it.
     *
     * @param store an open store with order and transactions
     * @return this builder
     */
    public StatesBuilder storage(StorageBackend store) {
        storage = once("storage", storage, store);
        return this;
    }

    /**
     * How values become records, and with which keys secrets are sealed.
     *
     * @param records the codec; one without keys refuses secrets
     * @return this builder
     */
    public StatesBuilder codec(RecordCodec records) {
        codec = once("codec", codec, records);
        return this;
    }

    /**
     * What all reads and writes pass.
     *
     * @param operations the gate
     * @return this builder
     */
    public StatesBuilder gate(Gate operations) {
        gate = once("gate", gate, operations);
        return this;
    }

    /**
     * Who hears of changes; without a bus there are no events.
     *
     * @param bus the bus; if it has a journal, its store must be that of {@link #storage}
     * @return this builder
     */
    public StatesBuilder events(EventBus bus) {
        events = once("events", events, bus);
        return this;
    }

    /**
     * The clock of times to live; the machine's by default.
     *
     * @param clock the clock
     * @return this builder
     */
    public StatesBuilder time(TimeSource clock) {
        time = once("time", time, clock);
        return this;
    }

    /**
     * What is a secret; the redactor of the house by default.
     *
     * @param secrets the redactor
     * @return this builder
     */
    public StatesBuilder redactor(Redactor secrets) {
        redactor = once("redactor", redactor, secrets);
        return this;
    }

    /**
     * Where it is written down who was refused, who used what is another's, and who changed rights; without a log none
     * of it is.
     *
     * @param log the log; its store must be that of {@link #storage}
     * @return this builder
     */
    public StatesBuilder audit(AuditLog log) {
        audit = once("audit", audit, log);
        return this;
    }

    /**
     * Who says which changes are written down in the log of {@link #audit}, each in the batch of its record.
     *
     * @param seam the object at which an auditor can be set at any time; without it, or without a log, no changes are
     * @return this builder
     */
    public StatesBuilder changes(ChangeAudit seam) {
        changes = once("changes", changes, seam);
        return this;
    }

    /**
     * What an acknowledged write has survived; {@link WriteMode#DURABLE} by default.
     *
     * @param mode the mode
     * @return this builder
     */
    public StatesBuilder writeMode(WriteMode mode) {
        writeMode = once("writeMode", writeMode, mode);
        return this;
    }

    /**
     * How values are classed and bounded; {@link StateSettings#DEFAULT} by default. Sizes that are given to the builder
     * itself win.
     *
     * @param options the settings
     * @return this builder
     */
    public StatesBuilder settings(StateSettings options) {
        settings = once("settings", settings, options);
        return this;
    }

    /**
     * How many values of up to 4 KiB of JSON the cache holds; larger ones count several times.
     *
     * @param values 1 to 10,000,000; 10,000 by default
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if it is out of range
     */
    public StatesBuilder cacheSize(int values) {
        cacheSize = once("cacheSize", cacheSize, size("cacheSize", values));
        return this;
    }

    /**
     * How many values of class ephemeral of up to 4 KiB of JSON are kept; larger ones count several times. Those that
     * were not used for longest go first, or nearly: one that was read since the last look is passed over once, and of two
     * such it is not known which was read later.
     *
     * @param values 1 to 10,000,000; 10,000 by default
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if it is out of range
     */
    public StatesBuilder ephemeralLimit(int values) {
        ephemeralLimit = once("ephemeralLimit", ephemeralLimit, size("ephemeralLimit", values));
        return this;
    }

    private static <T> T once(String name, @Nullable T present, T given) {
        if (present != null) {
            throw new ArgumentException("states: " + name + " is given twice");
        }
        return Objects.requireNonNull(given, name);
    }

    private static int size(String name, int values) {
        if (values < 1 || values > StateSettings.LARGEST_SIZE) {
            throw new ArgumentException(name, String.valueOf(values), "between 1 and 10,000,000");
        }
        return values;
    }

    private static <T> T required(String name, @Nullable T given) {
        if (given == null) {
            throw new ArgumentException("states: " + name + " is missing; give it to the builder");
        }
        return given;
    }

    /**
     * Makes the manager.
     *
     * @return the manager; close it before the store
     * @throws ArgumentException {@code invalid_argument} if storage, codec or gate is missing
     * @throws StorageException {@code store_unsupported} if the store lacks order or transactions
     */
    public StateManager build() {
        StorageBackend backend = required("storage", storage);
        RecordCodec form = required("codec", codec);
        Gate operations = required("gate", gate);
        checkCapabilities(backend);
        Redactor secrets = redactor == null ? Redactor.create() : redactor;
        SystemTimeSource own = new SystemTimeSource(); // starts a thread with its first timer only
        TimeSource source = time == null ? own : time;
        StateClock clock = new StateClock(source);
        StateSettings options = settings == null ? StateSettings.DEFAULT : settings;
        StateStore store = new StateStore(
                backend,
                new Records(form, clock, new Secrets(secrets)),
                clock,
                new CellCache(cacheSize == null ? options.cacheSize() : cacheSize),
                new EphemeralCells(ephemeralLimit == null ? options.ephemeralLimit() : ephemeralLimit, clock),
                options.limits(),
                new KeyProbes(backend, form));
        ChangeEvents telling = events == null ? null : new ChangeEvents(events, secrets);
        WriteMode mode = writeMode == null ? WriteMode.DURABLE : writeMode;
        AccessControl control = new AccessControl(
                new AccessTable(backend, new AccessRecords(form), clock),
                clock,
                audit == null ? null : new AccessAudit(audit, secrets, source, own),
                new Notices(operations, events == null ? null : new EventReporter(events, secrets)));
        return new StateManagerImpl(
                store,
                operations,
                new StateWrites(store, operations, telling, records(), mode),
                new ClassRules(secrets, options),
                control);
    }

    private @Nullable ChangeRecords records() {
        return audit == null || changes == null ? null : new ChangeRecords(audit, changes);
    }

    private static void checkCapabilities(StorageBackend backend) {
        Set<Capability> missing = EnumSet.of(Capability.ORDER, Capability.TRANSACTIONS);
        missing.removeAll(backend.capabilities());
        if (!missing.isEmpty()) {
            throw new StorageException(
                    ErrorCode.STORE_UNSUPPORTED,
                    "the store lacks " + missing + ", which state needs; use another back end",
                    Map.of("missing", missing.toString()),
                    null);
        }
    }
}

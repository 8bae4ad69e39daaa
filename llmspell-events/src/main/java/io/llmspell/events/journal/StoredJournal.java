package io.llmspell.events.journal;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.event.DurableOptions;
import io.llmspell.core.event.DurableSubscription;
import io.llmspell.core.event.EventException;
import io.llmspell.core.event.EventHandler;
import io.llmspell.core.event.EventJournal;
import io.llmspell.core.event.EventPattern;
import io.llmspell.core.event.EventQuery;
import io.llmspell.core.event.JournalStats;
import io.llmspell.core.event.JournaledEvent;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Write;
import io.llmspell.core.time.TimeSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The journal of one bus in one store: takes the bus's events, reads them back, and keeps itself small.
 *
 * <p><b>Threads:</b> safe. Events of changes are written by whoever commits the change; others by one writer behind their
 * publishers.
 */
public final class StoredJournal implements EventJournal {
    private static final Logger LOG = LoggerFactory.getLogger(StoredJournal.class);

    /** So many new events are looked at without waiting for the timer, if there is room for as many. */
    private static final long MOST_UNCOUNTED = 5_000;

    /** After so many items the journal looks at its size; seldom, because a look reads the store. */
    private static final int LOOK_AFTER = 256;

    private final Parts parts;
    private final JournalSettings settings;
    private final TypeChoice choice;
    private final EventRecords records;
    private final SequenceNotes notes;
    private final JournalWriter writer;
    private final JournalReader reader;
    private final Retention retention;
    private final Places places;
    private final Map<String, Follower> followers = new ConcurrentHashMap<>();
    private final AtomicLong visible = new AtomicLong();

    /** How often cleaning was asked for since it last began with nobody asking. */
    private final AtomicInteger wanted = new AtomicInteger();

    /** How many items were written since the last look at the size; only the writer touches it. */
    private long unlooked;

    /** Whether the log grew over a multiple of LOOK_AFTER: so short processes look as well, one of many. */
    private volatile boolean look;

    private final AtomicReference<@Nullable Handle> timer = new AtomicReference<>();
    private volatile boolean closed;

    /**
     * What a journal needs.
     *
     * <p><b>Threads:</b> immutable.
     *
     * @param store where events are kept; must know {@link Space#META}
     * @param codec packs the records
     * @param log the log of events
     * @param redactor masks secrets in payloads and attributes
     * @param time the clock
     * @param executor runs the writer and the handlers of durable subscriptions
     * @param failures hears of handlers that failed
     */
    public record Parts(
            StorageBackend store,
            RecordCodec codec,
            Space log,
            Redactor redactor,
            TimeSource time,
            Executor executor,
            FailureListener failures) {
        /**
         * Makes the parts.
         *
         * @param store where events are kept
         * @param codec packs the records
         * @param log the log of events
         * @param redactor masks secrets
         * @param time the clock
         * @param executor runs the writer and handlers
         * @param failures hears of handlers that failed
         */
        public Parts {}
    }

    /**
     * A journal; nothing is read or written yet.
     *
     * @param parts what it needs
     * @param settings what it keeps
     */
    public StoredJournal(Parts parts, JournalSettings settings) {
        this.parts = parts;
        this.settings = settings;
        this.choice = new TypeChoice(settings);
        this.records = new EventRecords(parts.codec, parts.log);
        this.notes = new SequenceNotes(parts.log);
        this.reader = new JournalReader(parts.store, records, notes);
        this.retention = new Retention(parts.store, parts.codec, records, notes, settings, parts.time);
        this.places = new Places(parts.store, parts.log);
        this.writer = new JournalWriter(
                parts.store, records, notes, parts.redactor, parts.time, parts.executor, this::written, this::rested);
    }

    /**
     * Whether events of a type are kept.
     *
     * @param type the type
     * @return true if the settings choose it
     */
    public boolean takes(String type) {
        return choice.takes(type);
    }

    /**
     * Takes an event that has gone out, to be written soon; if too many wait, it is lost and counted.
     *
     * @param event the event with its number
     */
    public void keep(UniversalEvent event) {
        writer.offer(event);
    }

    /**
     * Takes an event whose publisher waits.
     *
     * @param event the event with its number
     * @return completes when it is in the store durably, or with the error of the store
     */
    public CompletionStage<Void> persist(UniversalEvent event) {
        return writer.persist(event);
    }

    /**
     * The part of a batch that keeps the event of a change.
     *
     * @param event the event, without its number
     * @param versionMember the member of the payload that takes the number of the commit when it is read, or null
     * @return an append to the log
     */
    public Write staged(UniversalEvent event, @Nullable String versionMember) {
        return records.append(event, 0, versionMember, parts.redactor);
    }

    /**
     * The event of a change was committed; only enqueues.
     *
     * @param event the event
     * @param sequence its number, 0 if it has none because it does not go out
     * @param done the commit
     */
    public void staged(UniversalEvent event, long sequence, Commit.Done done) {
        if (sequence > 0) {
            writer.note(new SequenceNotes.Row(done.number(), event.id(), sequence));
        }
        committed(done);
    }

    private void committed(Commit.Done done) {
        visible.accumulateAndGet(done.number(), Math::max);
        for (Follower each : followers.values()) {
            each.wake();
        }
    }

    /** The writer's own batches hold nothing but events, so their positions are those of the log. */
    private void written(Commit.Done done) {
        List<Long> positions = done.positions();
        if (!positions.isEmpty()) {
            long before = positions.get(0) - 1;
            if (positions.get(positions.size() - 1) / LOOK_AFTER != before / LOOK_AFTER) {
                look = true;
            }
        }
        committed(done);
    }

    /** The writer has nothing more to write for now. */
    private void rested(int items) {
        if (timer.get() == null) {
            again();
        }
        unlooked += items;
        if (!look && unlooked < LOOK_AFTER) {
            return;
        }
        look = false;
        unlooked = 0;
        try {
            cleanIfMany();
        } catch (RuntimeException failed) {
            LOG.debug("the journal could not look at its size: {}", LogText.masked(failed.getMessage()));
        }
    }

    private void cleanIfMany() {
        Retention.Ledger ledger = retention.ledger();
        long newest = reader.newest();
        boolean many = newest - ledger.counted() >= Math.min(MOST_UNCOUNTED, settings.maxEvents());
        if (many || newest - ledger.trimmed() > settings.maxEvents() + settings.maxEvents() / 10) {
            cleanBehind();
        }
    }

    private void again() {
        Handle next = parts.time.schedule(settings.cleanupInterval(), this::tick);
        Handle before = timer.getAndSet(next);
        if (before != null) {
            before.close();
        }
        if (closed) {
            next.close();
        }
    }

    private void tick() {
        cleanBehind();
        if (!closed) {
            again();
        }
    }

    private void cleanBehind() {
        if (closed || wanted.getAndIncrement() > 0) {
            return; // it runs, and looks again
        }
        try {
            parts.executor.execute(this::cleanQuietly);
        } catch (RejectedExecutionException closing) {
            wanted.set(0);
        }
    }

    private void cleanQuietly() {
        int seen;
        do {
            seen = wanted.get();
            try {
                retention.clean();
            } catch (RuntimeException failed) {
                LOG.warn("the journal could not be cleaned: {}", LogText.masked(failed.getMessage()));
            }
        } while (!wanted.compareAndSet(seen, 0) && !closed);
    }

    @Override
    public Flux<JournaledEvent> query(EventQuery query) {
        Flux<JournaledEvent> events = reader.query(query);
        return Flux.defer(() -> {
            CompletableFuture<Void> flushed = writer.flush();
            return flushed.isDone()
                    ? events
                    : Mono.fromFuture(flushed, true)
                            .publishOn(Schedulers.fromExecutor(parts.executor))
                            .thenMany(events);
        });
    }

    @Override
    public DurableSubscription subscribe(String pattern, DurableOptions options, EventHandler handler, Caller caller) {
        EventPattern compiled = EventPattern.compile(pattern);
        refuseIfClosed();
        Follower follower = new Follower(this, compiled, options, handler, place(options));
        if (followers.putIfAbsent(options.name(), follower) != null) {
            throw new InvalidStateException("a durable subscription with the name \"" + options.name()
                    + "\" is open; close it first, or take another name");
        }
        if (closed) {
            follower.close();
            refuseIfClosed();
        }
        visible.accumulateAndGet(newestRevision(), Math::max);
        follower.wake();
        writer.hurry(); // what was published before need not wait for its time
        return follower;
    }

    private void refuseIfClosed() {
        if (closed) {
            throw new EventException(
                    ErrorCode.BUS_CLOSED, "the event bus is closed; it takes no events and subscriptions");
        }
    }

    private Places.Place place(DurableOptions options) {
        return places.read(options.name()).orElseGet(() -> {
            long first = Math.max(options.afterPosition(), trimmed());
            return new Places.Place(first, 0);
        });
    }

    private long newestRevision() {
        try (Cursor cursor = parts.store.scan(parts.log, Range.all().reversed())) {
            return cursor.next() ? cursor.entry().stored().revision() : 0;
        }
    }

    @Override
    public Map<String, Long> cursors() {
        return reader.cursors();
    }

    @Override
    public boolean forget(String name) {
        if (followers.containsKey(name)) {
            throw new InvalidStateException(
                    "the durable subscription \"" + name + "\" is open; close it before its place is forgotten");
        }
        return places.forget(parts.store, name);
    }

    @Override
    public CompletionStage<Void> flush() {
        return writer.flush().minimalCompletionStage();
    }

    @Override
    public long clean() {
        return retention.clean();
    }

    @Override
    public JournalStats stats() {
        long oldest = reader.oldest();
        long newest = oldest == 0 ? trimmed() : reader.newest();
        return new JournalStats(
                writer.appended(), writer.lost(), writer.buffered(), oldest == 0 ? newest + 1 : oldest, newest);
    }

    /**
     * Ends the durable subscriptions.
     *
     * @return completes when no handler runs any more; one that runs on the calling thread does not count
     */
    public CompletableFuture<Void> endSubscriptions() {
        closed = true;
        List<Follower> open = List.copyOf(followers.values());
        open.forEach(Follower::close);
        return CompletableFuture.allOf(open.stream()
                .filter(each -> !each.servedByThisThread())
                .map(each -> each.idle().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new));
    }

    /** Writes what waits, on the calling thread, and takes no more. Idempotent. */
    public void close() {
        closed = true;
        Handle next = timer.get();
        if (next != null) {
            next.close();
        }
        writer.close();
    }

    Cursor behind(long position) {
        return parts.store.scan(parts.log, new Range(Bytes.ofLong(position + 1), Bytes.empty(), false));
    }

    long trimmed() {
        return retention.ledger().trimmed();
    }

    long visible() {
        return visible.get();
    }

    JournalReader reader() {
        return reader;
    }

    void keepPlace(Follower follower, Places.Place place) {
        places.write(parts.store, follower.name(), place);
    }

    TimeSource time() {
        return parts.time;
    }

    Executor executor() {
        return parts.executor;
    }

    /** Whether a later delivery went well. */
    boolean failed(Follower follower, UniversalEvent event, Throwable failure, Callable<Boolean> again) {
        return parts.failures.failed(follower, event, failure, again);
    }

    void ended(Follower follower) {
        followers.remove(follower.name(), follower);
    }
}

package io.llmspell.events.journal;

import io.llmspell.core.event.EventPattern;
import io.llmspell.core.event.EventQuery;
import io.llmspell.core.event.JournaledEvent;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageReader;
import io.llmspell.core.storage.Stored;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * Reads the journal that stands in a store, also one that another process is writing.
 *
 * <p>A query by run, by one whole type or by component goes by the index, one with both borders of time looks only where
 * such events can be; all others go through the log. <b>Threads:</b> safe; reads happen on the thread that requests.
 */
public final class JournalReader {
    /** Longer times are not looked up hour by hour. */
    private static final long MOST_HOURS = 24L * 31;

    private static final String GLOB_CHARACTERS = "*?[]{}\\";

    private final StorageReader store;
    private final EventRecords records;
    private final SequenceNotes notes;

    /**
     * A reader of a journal.
     *
     * @param store has the log, and {@link Space#META}
     * @param codec unpacks the records
     * @param log the log of events
     */
    public JournalReader(StorageReader store, RecordCodec codec, Space log) {
        this(store, new EventRecords(codec, log), new SequenceNotes(log));
    }

    JournalReader(StorageReader store, EventRecords records, SequenceNotes notes) {
        this.store = store;
        this.records = records;
        this.notes = notes;
    }

    /**
     * Reads events.
     *
     * @param query which events, in which order
     * @return a stream that reads on as it is requested; each subscriber sees the journal as it was when he subscribed
     * @throws io.llmspell.core.event.EventException {@code invalid_pattern} if a type pattern is malformed
     */
    public Flux<JournaledEvent> query(EventQuery query) {
        List<EventPattern> patterns =
                query.types().stream().map(EventPattern::compile).toList();
        if (query.limit() == 0) {
            return Flux.empty();
        }
        return Flux.generate(
                () -> new Walk(query, patterns, open(query)),
                (walk, sink) -> {
                    JournaledEvent next = walk.next();
                    if (next == null) {
                        sink.complete();
                    } else {
                        sink.next(next);
                    }
                    return walk;
                },
                Walk::close);
    }

    /**
     * The places of all durable subscriptions.
     *
     * @return up to which position each has handled the journal, by name; unmodifiable
     */
    public Map<String, Long> cursors() {
        return Collections.unmodifiableMap(new Places(store, records.space()).all());
    }

    /**
     * The position of the newest event.
     *
     * @return the position, 0 if no event is kept
     */
    public long newest() {
        return border(true);
    }

    /**
     * The position of the oldest event that is kept.
     *
     * @return the position, 0 if no event is kept
     */
    public long oldest() {
        return border(false);
    }

    private long border(boolean last) {
        try (Cursor cursor = store.scan(records.space(), new Range(Bytes.empty(), Bytes.empty(), last))) {
            return cursor.next() ? cursor.entry().key().longAt(0) : 0;
        }
    }

    /** The event of an entry, with its number. */
    JournaledEvent event(Entry entry) {
        long position = entry.key().longAt(0);
        return new JournaledEvent(position, numbered(records.event(position, entry.stored()), entry.stored()));
    }

    private UniversalEvent numbered(UniversalEvent event, Stored stored) {
        if (event.sequence() > 0) {
            return event;
        }
        long sequence = notes.sequence(store, event, stored.revision());
        return sequence == 0 ? event : Numbered.with(event, sequence);
    }

    private Cursor open(EventQuery query) {
        boolean reverse = query.newestFirst();
        if (query.correlation() != null) {
            return store.index(
                    records.space(), IndexPrefixes.run(query.correlation().text()), reverse);
        }
        if (query.types().size() == 1 && isPlain(query.types().get(0))) {
            return store.index(records.space(), IndexPrefixes.type(query.types().get(0)), reverse);
        }
        if (query.component() != null) {
            return store.index(records.space(), IndexPrefixes.component(query.component()), reverse);
        }
        return store.scan(records.space(), range(query));
    }

    private static boolean isPlain(String pattern) {
        return pattern.chars().noneMatch(c -> GLOB_CHARACTERS.indexOf(c) >= 0);
    }

    private Range range(EventQuery query) {
        long first = query.afterPosition() + 1;
        long end = Long.MAX_VALUE;
        Instant from = query.from();
        Instant to = query.to();
        if (from != null && to != null) {
            long firstHour = IndexPrefixes.hourOf(from);
            long lastHour = IndexPrefixes.hourOf(to);
            if (lastHour - firstHour < MOST_HOURS) {
                Span span = span(firstHour, lastHour);
                first = Math.max(first, span.first());
                end = span.last() + 1;
            }
        }
        return new Range(Bytes.ofLong(first), Bytes.ofLong(Math.max(first, end)), query.newestFirst());
    }

    /** Between which positions the events of some hours stand; the wall clock may step, so every hour is looked at. */
    private Span span(long firstHour, long lastHour) {
        long first = Long.MAX_VALUE - 1;
        long last = 0;
        for (long hour = firstHour; hour <= lastHour; hour++) {
            long low = ofHour(hour, false);
            if (low > 0) {
                first = Math.min(first, low);
                last = Math.max(last, ofHour(hour, true));
            }
        }
        return new Span(first, last);
    }

    private long ofHour(long hour, boolean last) {
        try (Cursor cursor = store.index(records.space(), IndexPrefixes.hour(hour), last)) {
            return cursor.next() ? cursor.entry().key().longAt(0) : 0;
        }
    }

    /** Two positions. */
    private record Span(long first, long last) {}

    /** One reading. */
    private final class Walk {
        private final EventQuery query;
        private final List<EventPattern> patterns;
        private final Cursor cursor;
        private long given;

        Walk(EventQuery query, List<EventPattern> patterns, Cursor cursor) {
            this.query = query;
            this.patterns = patterns;
            this.cursor = cursor;
        }

        @Nullable JournaledEvent next() {
            while (given < query.limit() && cursor.next()) {
                long position = cursor.entry().key().longAt(0);
                if (position > query.afterPosition()) {
                    JournaledEvent event = event(cursor.entry());
                    if (matches(event.event())) {
                        given++;
                        return event;
                    }
                } else if (query.newestFirst()) {
                    return null;
                }
            }
            return null;
        }

        private boolean matches(UniversalEvent event) {
            return (patterns.isEmpty() || patterns.stream().anyMatch(each -> each.matches(event.type())))
                    && (query.correlation() == null || query.correlation().equals(event.correlation()))
                    && (query.component() == null
                            || query.component().equals(event.source().name()))
                    && (query.tags().isEmpty() || query.tags().stream().anyMatch(event.tags()::contains))
                    && (query.from() == null || !event.timestamp().isBefore(query.from()))
                    && (query.to() == null || event.timestamp().isBefore(query.to()))
                    && (query.afterSequence() == 0 || event.sequence() > query.afterSequence());
        }

        void close() {
            cursor.close();
        }
    }
}

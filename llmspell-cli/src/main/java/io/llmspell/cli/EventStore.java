package io.llmspell.cli;

import io.llmspell.bridge.config.RuntimeOptions;
import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Cancellation;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.event.EventQuery;
import io.llmspell.core.event.JournaledEvent;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.script.ScriptLimits;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.core.time.TimeSource;
import io.llmspell.events.correlation.Timelines;
import io.llmspell.events.journal.JournalReader;
import io.llmspell.storage.RecordCodecs;
import io.llmspell.storage.rocksdb.RocksDbStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The journal in a data folder, read beside whoever writes it. */
final class EventStore implements AutoCloseable {
    private final SystemTimeSource time;
    private final RuntimeOptions options;
    private final Path folder;
    private final StorageBackend store;
    private final JournalReader reader;

    private EventStore(SystemTimeSource time, RuntimeOptions options, Path folder) {
        this.time = time;
        this.options = options;
        this.folder = folder;
        this.store = RocksDbStorage.at(folder).readOnly().open(Set.of(Space.META, Space.EVENTS), time);
        this.reader = new JournalReader(store, RecordCodecs.create(JsonCodec.create()), Space.EVENTS);
    }

    static EventStore open(DataOptions data) {
        RuntimeOptions configured = RuntimeOptions.from(data.configuration().root(), ScriptLimits.DEFAULT);
        LogProvider.apply(configured.runtime().logLevel(), data.debug());
        SystemTimeSource time = new SystemTimeSource();
        try {
            return new EventStore(time, configured, data.folder(configured));
        } catch (RuntimeException unreadable) {
            time.close();
            throw unreadable;
        }
    }

    Path folder() {
        return folder;
    }

    TimeSource time() {
        return time;
    }

    Timelines timelines() {
        return options.timelines().maker(time, options.redactor());
    }

    List<JournaledEvent> read(EventQuery query) {
        List<JournaledEvent> events = new ArrayList<>();
        each(query, events::add);
        return events;
    }

    /** Hands events on as they are read. */
    void each(EventQuery query, Consumer<JournaledEvent> action) {
        Awaiter.blocking(time)
                .await(
                        reader.query(query).doOnNext(action).then().toFuture(),
                        Awaiter.NO_DEADLINE,
                        Cancellation.none());
    }

    long oldest() {
        return reader.oldest();
    }

    long newest() {
        return reader.newest();
    }

    Map<String, Long> cursors() {
        return reader.cursors();
    }

    void pause(Duration howLong) {
        try {
            Awaiter.blocking(time)
                    .await(new CompletableFuture<Void>(), time.nanos() + howLong.toNanos(), Cancellation.none());
        } catch (LimitException over) {
            // waited long enough
        }
    }

    @Override
    public void close() {
        store.close();
        time.close();
    }
}

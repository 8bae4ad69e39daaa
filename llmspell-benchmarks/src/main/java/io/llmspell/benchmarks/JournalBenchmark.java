package io.llmspell.benchmarks;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Cancellation;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventJournal;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.events.Events;
import io.llmspell.events.journal.JournalSettings;
import io.llmspell.hooks.Hooks;
import io.llmspell.storage.RecordCodecs;
import io.llmspell.storage.rocksdb.RocksDbStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * What it costs to keep an event: {@code publish} of 4,096 events until all are in the store, and beside it the same
 * batches written to bare RocksDB: the finished records, under the same keys, with the same four index entries, 512
 * events in a batch, without a sync. The difference is the making of the event, its JSON and checksum, and the queue.
 *
 * <p>Command: {@code llmspell-bench JournalBenchmark}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class JournalBenchmark {
    private static final int EVENTS = 4_096;
    private static final int BATCH = 512;
    private static final Caller CALLER = Caller.host(new CorrelationId("bench"));
    private static final Component SOURCE = Component.named(ComponentType.SYSTEM, "bench");

    /** Nothing is removed, as nothing is from the bare database. */
    private static final JournalSettings ALL = new JournalSettings(
            true,
            List.of("**"),
            List.of(),
            Long.MAX_VALUE / 2,
            Duration.ofDays(7),
            Long.MAX_VALUE / 2,
            Duration.ofHours(1));

    /** Makes the benchmark. */
    public JournalBenchmark() {}

    /** A folder that goes with the benchmark. */
    private static Path folder() {
        try {
            return Files.createTempDirectory("journal-bench");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EventDraft draft(int number) {
        return EventDraft.of(
                "bench.event", JsonObject.of("n", (long) number, "text", "some words of a payload"), SOURCE);
    }

    /** A bus whose journal is on disk. */
    @State(Scope.Thread)
    public static class Journaled {
        private final Path folder = folder();
        private final SystemTimeSource time = new SystemTimeSource();
        private final Awaiter awaiter = Awaiter.blocking(time);
        private final IdGenerator ids = IdGenerator.timeOrdered(time);
        private Hooks hooks;
        private StorageBackend store;
        private EventBus bus;
        private EventJournal journal;

        /** Makes the state. */
        @SuppressWarnings("NullAway.Init") // JMH calls open before anything else
        public Journaled() {}

        /** Opens store and bus. */
        @Setup
        public void open() {
            hooks = Hooks.builder().time(time).ids(ids).awaiter(awaiter).build();
            store = RocksDbStorage.at(folder).createIfMissing().open(Set.of(Space.META, Space.EVENTS), time);
            bus = Events.builder()
                    .time(time)
                    .ids(ids)
                    .gate(hooks.gate())
                    .awaiter(awaiter)
                    .journal(store, RecordCodecs.create(JsonCodec.create()), Space.EVENTS)
                    .journaling(ALL)
                    .build();
            journal = bus.journal().orElseThrow();
        }

        /** Closes all, after it was made sure that nothing was lost. */
        @TearDown
        public void close() {
            long lost = journal.stats().lost();
            bus.close();
            store.close();
            hooks.close();
            time.close();
            delete(folder);
            if (lost > 0) {
                throw new IllegalStateException(lost + " events were lost");
            }
        }

        void publish() {
            for (int i = 0; i < EVENTS; i++) {
                bus.publish(draft(i), CALLER);
            }
            awaiter.await(journal.flush(), Awaiter.NO_DEADLINE, Cancellation.none());
        }
    }

    /** RocksDB alone, with records that a journal has made. */
    @State(Scope.Thread)
    public static class Bare {
        private final Path folder = folder();
        private final List<byte[]> records = new ArrayList<>();
        private final List<byte[]> prefixes = new ArrayList<>();
        private final List<ColumnFamilyHandle> families = new ArrayList<>();
        private WriteOptions options;
        private RocksDB db;
        private long position;

        /** Makes the state. */
        @SuppressWarnings("NullAway.Init") // JMH calls open before anything else
        public Bare() {}

        /**
         * Makes records and opens the database.
         *
         * @throws RocksDBException if it cannot be opened
         */
        @Setup
        public void open() throws RocksDBException {
            Journaled journaled = new Journaled();
            journaled.open();
            journaled.publish();
            try (Cursor cursor = journaled.store.scan(Space.EVENTS, Range.all())) {
                while (cursor.next()) {
                    records.add(cursor.entry().stored().value().toArray());
                }
            }
            journaled.close();
            for (String prefix : List.of("..tbench.event", "..cbench", "..sbench", "..h12345678")) {
                prefixes.add(prefix.getBytes(StandardCharsets.UTF_8));
            }
            options = new WriteOptions();
            db = RocksDB.open(
                    new DBOptions().setCreateIfMissing(true).setCreateMissingColumnFamilies(true),
                    folder.toString(),
                    Stream.of("default", "l.events", "i.events")
                            .map(name -> new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.UTF_8)))
                            .toList(),
                    families);
        }

        /** Closes the database. */
        @TearDown
        public void close() {
            families.forEach(ColumnFamilyHandle::close);
            db.close();
            delete(folder);
        }

        void write() throws RocksDBException {
            for (int from = 0; from < EVENTS; from += BATCH) {
                try (WriteBatch batch = new WriteBatch()) {
                    for (int i = from; i < from + BATCH; i++) {
                        put(batch, records.get(i));
                    }
                    batch.put(families.get(0), "position.events".getBytes(StandardCharsets.UTF_8), number(position));
                    batch.put(families.get(0), "commit".getBytes(StandardCharsets.UTF_8), number(position));
                    db.write(options, batch);
                }
            }
        }

        private void put(WriteBatch batch, byte[] record) throws RocksDBException {
            position++;
            batch.put(
                    families.get(1),
                    number(position),
                    ByteBuffer.allocate(Long.BYTES + record.length)
                            .putLong(position)
                            .put(record)
                            .array());
            for (byte[] prefix : prefixes) {
                byte[] key = ByteBuffer.allocate(prefix.length + Long.BYTES)
                        .put(prefix)
                        .putLong(position)
                        .array();
                batch.put(families.get(2), key, new byte[0]);
            }
        }

        private static byte[] number(long value) {
            return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
        }
    }

    /**
     * Through bus and journal.
     *
     * @param state the bus
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void journaled(Journaled state) {
        state.publish();
    }

    /**
     * The same batches to bare RocksDB.
     *
     * @param state the database
     * @throws RocksDBException if a batch cannot be written
     */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void bareRocksDb(Bare state) throws RocksDBException {
        state.write();
    }
}

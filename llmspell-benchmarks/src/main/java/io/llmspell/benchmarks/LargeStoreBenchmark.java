package io.llmspell.benchmarks;

import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageMaintenance;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.storage.rocksdb.RocksDbStorage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.rocksdb.RocksDBException;

/**
 * What opening a store and copying it cost with few and with a million keys, beside RocksDB alone, and how much of the
 * heap the open store holds.
 *
 * <p>Values of 100 bytes, the same settings in both stores ({@link BareStore}). {@link #open} opens and closes;
 * {@link #checkpoint} copies the open store, with its pointer and mark. The heap is measured after a collection, with the
 * store open and a thousand keys read, less what it was before; JMH prints the sum over the iterations.
 *
 * <p>Command: {@code llmspell-benchmarks/llmspell-bench LargeStoreBenchmark}.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 5)
@Fork(1)
@State(Scope.Benchmark)
public class LargeStoreBenchmark {
    private static final int TOGETHER = 1_000;
    private static final int VALUE = 100;

    /** How many keys there are. */
    @Param({"10000", "1000000"})
    public int keys;

    private final SystemTimeSource time = new SystemTimeSource();
    private @Nullable BenchFolder folder;
    private @Nullable StorageBackend store;
    private @Nullable BareStore bare;
    private int copies;

    /** Makes the benchmark. */
    public LargeStoreBenchmark() {}

    /** The further column. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Heap {
        /** KiB that the open store holds. */
        public long kib;

        /** Makes the column. */
        public Heap() {}
    }

    private static Bytes key(long number) {
        return Bytes.ofLong(number * 0x9E3779B97F4A7C15L);
    }

    /**
     * Fills both stores.
     *
     * @throws IOException if the disk fails
     * @throws RocksDBException if RocksDB fails
     */
    @Setup(Level.Trial)
    public void fill() throws IOException, RocksDBException {
        BenchFolder made = new BenchFolder();
        folder = made;
        byte[] value = new byte[VALUE];
        StorageBackend ours = openOurs();
        store = ours;
        BareStore theirs = openBare();
        bare = theirs;
        for (int i = 0; i < keys; i += TOGETHER) {
            List<Write> batch = new ArrayList<>();
            List<byte[]> bareBatch = new ArrayList<>();
            for (int k = i; k < i + TOGETHER; k++) {
                batch.add(new Write.Put(Space.STATE, key(k), Bytes.own(value)));
                bareBatch.add(key(k).toArray());
            }
            ours.commit(new Batch(batch, WriteMode.BUFFERED, null)).orThrow();
            theirs.putAll(bareBatch, value, false);
        }
        ours.flush();
    }

    private Path path(String name) {
        return Objects.requireNonNull(folder).resolve(name);
    }

    private StorageBackend openOurs() {
        return RocksDbStorage.at(path("ours")).createIfMissing().open(Set.of(Space.STATE), time);
    }

    private BareStore openBare() throws RocksDBException {
        return new BareStore(path("bare"));
    }

    private static long heapKib() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 10;
    }

    /**
     * Opens and closes.
     *
     * @return the number of commits
     */
    @Benchmark
    public long open() {
        Objects.requireNonNull(store).close();
        StorageBackend opened = openOurs();
        store = opened;
        return opened.statistics().getOrDefault("commits", 0L);
    }

    /**
     * Opens and closes.
     *
     * @return the store
     * @throws RocksDBException if RocksDB fails
     */
    @Benchmark
    public Object bareOpen() throws RocksDBException {
        Objects.requireNonNull(bare).close();
        BareStore opened = openBare();
        bare = opened;
        return opened;
    }

    /**
     * Opens, reads a thousand keys and measures.
     *
     * @param heap the further column
     * @return the sum of the revisions
     */
    @Benchmark
    public long heap(Heap heap) {
        Objects.requireNonNull(store).close();
        store = null;
        long before = heapKib();
        StorageBackend opened = openOurs();
        store = opened;
        long sum = 0;
        for (int k = 0; k < TOGETHER; k++) {
            sum += opened.get(Space.STATE, key(k)).orElseThrow().revision();
        }
        heap.kib = heapKib() - before;
        return sum;
    }

    /**
     * Copies the open store.
     *
     * @return the newest commit of the copy
     */
    @Benchmark
    public long checkpoint() {
        copies++;
        return ((StorageMaintenance) Objects.requireNonNull(store)).checkpoint(path("copy" + copies));
    }

    /**
     * Copies the open store.
     *
     * @throws RocksDBException if RocksDB fails
     */
    @Benchmark
    public void bareCheckpoint() throws RocksDBException {
        copies++;
        Objects.requireNonNull(bare).checkpoint(path("copy" + copies));
    }

    /**
     * Closes both stores.
     *
     * @throws IOException if the disk fails
     */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        Objects.requireNonNull(store).close();
        Objects.requireNonNull(bare).close();
        time.close();
        Objects.requireNonNull(folder).close();
    }
}

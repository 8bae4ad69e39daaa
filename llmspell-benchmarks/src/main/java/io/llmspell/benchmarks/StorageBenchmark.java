package io.llmspell.benchmarks;

import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.storage.rocksdb.RocksDbStorage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.rocksdb.RocksDBException;
import reactor.core.publisher.Flux;

/**
 * What the store on disk costs beside RocksDB alone: reads, buffered and durable writes, one and 32 threads, asynchronous
 * writes, listing; and the same reads of what is not there.
 *
 * <p>100,000 keys of 16 bytes with values of 1 KiB, half of them noise, present before; the same in both stores, which
 * have the same settings ({@link BareStore}). Keys are chosen at random. The rows that begin with {@code bare} are the
 * baselines. At the end the commits of our store are compared with the writes.
 *
 * <p>Command: {@code llmspell-benchmarks/llmspell-bench StorageBenchmark}, with {@code
 * -jvmArgs -Dllmspell.bench.folder=PATH} to choose a disk.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class StorageBenchmark {
    private static final int KEYS = 100_000;
    private static final int TOGETHER = 1_000;
    private static final int LISTED = 1_000;

    private final SystemTimeSource time = new SystemTimeSource();
    private final Bytes[] keys = new Bytes[KEYS];
    private final byte[][] bareKeys = new byte[KEYS][];
    private final Bytes[] absent = new Bytes[KEYS];
    private final byte[][] bareAbsent = new byte[KEYS][];
    private byte[] bareValue = new byte[0];
    private Bytes value = Bytes.empty();
    private @Nullable BenchFolder folder;
    private @Nullable StorageBackend store;
    private @Nullable BareStore bare;

    /** Makes the benchmark. */
    public StorageBenchmark() {}

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
        bareValue = halfNoise();
        value = Bytes.own(bareValue);
        StorageBackend ours =
                RocksDbStorage.at(made.resolve("ours")).createIfMissing().open(Set.of(Space.STATE), time);
        store = ours;
        BareStore theirs = new BareStore(made.resolve("bare"));
        bare = theirs;
        for (int i = 0; i < KEYS; i++) {
            keys[i] = Bytes.utf8(String.format("key/%012d", (long) i));
            bareKeys[i] = keys[i].toArray();
            absent[i] = keys[i].plus(Bytes.utf8("/absent"));
            bareAbsent[i] = absent[i].toArray();
        }
        for (int i = 0; i < KEYS; i += TOGETHER) {
            List<Write> batch = new ArrayList<>();
            for (int k = i; k < i + TOGETHER; k++) {
                batch.add(new Write.Put(Space.STATE, keys[k], value));
            }
            ours.commit(new Batch(batch, WriteMode.BUFFERED, null)).orThrow();
            theirs.putAll(List.of(bareKeys).subList(i, i + TOGETHER), bareValue, false);
        }
        ours.flush();
    }

    static byte[] halfNoise() {
        byte[] noise = new byte[1_024];
        new Random(1).nextBytes(noise);
        for (int i = 0; i < noise.length; i += 2) {
            noise[i] = 'x';
        }
        return noise;
    }

    private static int any() {
        return ThreadLocalRandom.current().nextInt(KEYS);
    }

    private StorageBackend ours() {
        return Objects.requireNonNull(store);
    }

    private BareStore theirs() {
        return Objects.requireNonNull(bare);
    }

    private Batch put(WriteMode mode) {
        return Batch.of(mode, new Write.Put(Space.STATE, keys[any()], value));
    }

    /**
     * Reads a key.
     *
     * @return the revision
     */
    @Benchmark
    public long get() {
        return ours().get(Space.STATE, keys[any()]).orElseThrow().revision();
    }

    /**
     * Reads a key.
     *
     * @return the value
     * @throws RocksDBException if it fails
     */
    @Benchmark
    public byte @Nullable [] bareGet() throws RocksDBException {
        return theirs().get(bareKeys[any()]);
    }

    /**
     * Reads a key that is not there.
     *
     * @return whether it is
     */
    @Benchmark
    public boolean getAbsent() {
        return ours().get(Space.STATE, absent[any()]).isPresent();
    }

    /**
     * Reads a key that is not there.
     *
     * @return nothing
     * @throws RocksDBException if it fails
     */
    @Benchmark
    public byte @Nullable [] bareGetAbsent() throws RocksDBException {
        return theirs().get(bareAbsent[any()]);
    }

    /**
     * Lists a prefix that no key has.
     *
     * @return whether there is one
     */
    @Benchmark
    public boolean listAbsent() {
        try (Cursor none = ours().scan(Space.STATE, Range.prefix(absent[any()]))) {
            return none.next();
        }
    }

    /**
     * Looks for a prefix that no key has.
     *
     * @return the length of what follows
     */
    @Benchmark
    public long bareListAbsent() {
        return theirs().scan(bareAbsent[any()], 1);
    }

    /**
     * Writes a key, logged.
     *
     * @return the commit
     */
    @Benchmark
    public Commit putBuffered() {
        return ours().commit(put(WriteMode.BUFFERED)).orThrow();
    }

    /**
     * Writes a key, logged.
     *
     * @throws RocksDBException if it fails
     */
    @Benchmark
    public void barePut() throws RocksDBException {
        theirs().put(bareKeys[any()], bareValue, false);
    }

    /**
     * Writes a key and syncs.
     *
     * @return the commit
     */
    @Benchmark
    public Commit putDurable() {
        return ours().commit(put(WriteMode.DURABLE)).orThrow();
    }

    /**
     * Writes a key and syncs.
     *
     * @throws RocksDBException if it fails
     */
    @Benchmark
    public void bareSyncedPut() throws RocksDBException {
        theirs().put(bareKeys[any()], bareValue, true);
    }

    /**
     * Writes a key and syncs, on 32 threads.
     *
     * @return the commit
     */
    @Benchmark
    @Threads(32)
    public Commit putDurable32() {
        return ours().commit(put(WriteMode.DURABLE)).orThrow();
    }

    /**
     * Writes a key and syncs, on 32 threads.
     *
     * @throws RocksDBException if it fails
     */
    @Benchmark
    @Threads(32)
    public void bareSyncedPut32() throws RocksDBException {
        theirs().put(bareKeys[any()], bareValue, true);
    }

    /**
     * Writes a thousand keys from one thread, each durable and a commit of its own, without waiting for each.
     *
     * @throws InterruptedException if the benchmark is stopped
     */
    @Benchmark
    @OperationsPerInvocation(TOGETHER)
    public void putAsync() throws InterruptedException {
        CountDownLatch left = new CountDownLatch(TOGETHER);
        for (int i = 0; i < TOGETHER; i++) {
            ours().commitAsync(put(WriteMode.DURABLE)).subscribe(commit -> left.countDown());
        }
        left.await();
    }

    /**
     * The same with an operator of Reactor around it, as programs do it.
     *
     * @return how many
     */
    @Benchmark
    @OperationsPerInvocation(TOGETHER)
    public Long putAsyncFlatMap() {
        return Objects.requireNonNull(Flux.range(0, TOGETHER)
                .flatMap(n -> ours().commitAsync(put(WriteMode.DURABLE)), TOGETHER)
                .count()
                .block());
    }

    /**
     * Writes a thousand keys as one native batch and syncs.
     *
     * @throws RocksDBException if it fails
     */
    @Benchmark
    @OperationsPerInvocation(TOGETHER)
    public void bareSyncedBatch() throws RocksDBException {
        List<byte[]> chosen = new ArrayList<>(TOGETHER);
        for (int i = 0; i < TOGETHER; i++) {
            chosen.add(bareKeys[any()]);
        }
        theirs().putAll(chosen, bareValue, true);
    }

    /**
     * Lists a thousand keys with their values.
     *
     * @return the sum of their lengths
     */
    @Benchmark
    public long list() {
        int first = ThreadLocalRandom.current().nextInt(KEYS - LISTED);
        long bytes = 0;
        try (Cursor each = ours().scan(Space.STATE, new Range(keys[first], keys[first + LISTED], false))) {
            while (each.next()) {
                bytes += each.entry().key().length()
                        + each.entry().stored().value().length();
            }
        }
        return bytes;
    }

    /**
     * Lists a thousand keys with their values.
     *
     * @return the sum of their lengths
     */
    @Benchmark
    public long bareList() {
        return theirs().scan(bareKeys[ThreadLocalRandom.current().nextInt(KEYS - LISTED)], LISTED);
    }

    /**
     * Closes both stores and checks that ours wrote.
     *
     * @throws IOException if the disk fails
     */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        long commits = ours().statistics().getOrDefault("commits", 0L);
        ours().close();
        theirs().close();
        time.close();
        Objects.requireNonNull(folder).close();
        if (commits < KEYS / TOGETHER) {
            throw new AssertionError("only " + commits + " commits");
        }
    }
}

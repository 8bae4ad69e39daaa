package io.llmspell.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.state.StateView;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.RecordHeader;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.hooks.Hooks;
import io.llmspell.state.States;
import io.llmspell.storage.RecordCodecs;
import io.llmspell.storage.rocksdb.RocksDbStorage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.rocksdb.RocksDBException;

/**
 * What the manager of state costs, on the gate without hooks and without events: cached reads beside
 * {@code ConcurrentHashMap} and Caffeine, writes of 1 KiB and listings beside RocksDB alone with the same bytes.
 *
 * <p>1,000 keys in one scope, all within the cache. Rows that begin with {@code bare} are the baselines; those of RocksDB
 * write the record that the manager writes.
 *
 * <p>Command: {@code llmspell-benchmarks/llmspell-bench StateManagerBenchmark}, with {@code
 * -jvmArgs -Dllmspell.bench.folder=PATH} to choose a disk.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class StateManagerBenchmark {
    private static final int KEYS = 1_000;
    private static final Caller CALLER = Caller.host(new CorrelationId("bench"));

    private final SystemTimeSource time = new SystemTimeSource();
    private final Hooks hooks = Hooks.builder().time(time).build();
    private final RecordCodec codec = RecordCodecs.create(JsonCodec.create());
    private final StateKey[] keys = new StateKey[KEYS];
    private final StateKey[] memoryKeys = new StateKey[KEYS];
    private final byte[][] bareKeys = new byte[KEYS][];
    private final ConcurrentHashMap<StateKey, Optional<StateValue>> map = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<StateKey, Optional<StateValue>> memoryMap = new ConcurrentHashMap<>();
    private final Cache<StateKey, Optional<StateValue>> cache =
            Caffeine.newBuilder().maximumSize(10_000).build();
    private final @Nullable Object value = JsonValues.checked(kibibyte(), JsonLimits.VALUE);
    private byte[] record = new byte[0];
    private @Nullable BenchFolder folder;
    private @Nullable StorageBackend store;
    private @Nullable StateManager manager;
    private @Nullable StateView buffered;
    private @Nullable StateView durable;
    private @Nullable StateManager durableManager;
    private @Nullable BareStore bare;

    /** Makes the benchmark. */
    public StateManagerBenchmark() {}

    private static String kibibyte() {
        byte[] noise = new byte[256];
        new Random(1).nextBytes(noise);
        return HexFormat.of().formatHex(noise) + "x".repeat(400);
    }

    /**
     * Fills the stores.
     *
     * @throws IOException if the disk fails
     * @throws RocksDBException if RocksDB fails
     */
    @Setup(Level.Trial)
    public void fill() throws IOException, RocksDBException {
        BenchFolder made = new BenchFolder();
        folder = made;
        StorageBackend ours =
                RocksDbStorage.at(made.resolve("ours")).createIfMissing().open(Set.of(Space.STATE), time);
        store = ours;
        manager = manager(ours, WriteMode.BUFFERED);
        durableManager = manager(ours, WriteMode.DURABLE);
        buffered = manager.as(CALLER);
        durable = durableManager.as(CALLER);
        bare = new BareStore(made.resolve("bare"));
        for (int i = 0; i < KEYS; i++) {
            keys[i] = StateKey.of(io.llmspell.core.state.Scope.custom("bench"), String.format("key/%06d", (long) i));
            memoryKeys[i] = StateKey.of(io.llmspell.core.state.Scope.custom("bench2"), "temp:" + i);
            bareKeys[i] = keys[i].encoded().toArray();
            buffered.put(keys[i], value);
            buffered.put(memoryKeys[i], value);
            Optional<StateValue> read = buffered.get(keys[i]);
            map.put(keys[i], read);
            memoryMap.put(memoryKeys[i], buffered.get(memoryKeys[i]));
            cache.put(keys[i], read);
        }
        record = codec.encode(keys[0].encoded(), RecordHeader.of("standard", CALLER.correlation()), value)
                .toArray();
        for (byte[] key : bareKeys) {
            theirs().put(key, record, false);
        }
        ours.flush();
    }

    private StateManager manager(StorageBackend ours, WriteMode mode) {
        return States.builder()
                .storage(ours)
                .codec(codec)
                .gate(hooks.gate())
                .time(time)
                .writeMode(mode)
                .build();
    }

    private static int any() {
        return ThreadLocalRandom.current().nextInt(KEYS);
    }

    private BareStore theirs() {
        return Objects.requireNonNull(bare);
    }

    private StateView view() {
        return Objects.requireNonNull(buffered);
    }

    /**
     * Reads a stored value from the cache.
     *
     * @return the value
     */
    @Benchmark
    public Optional<StateValue> get() {
        return view().get(keys[any()]);
    }

    /**
     * Reads an ephemeral value.
     *
     * @return the value
     */
    @Benchmark
    public Optional<StateValue> getEphemeral() {
        return view().get(memoryKeys[any()]);
    }

    /**
     * Reads from a map.
     *
     * @return the value
     */
    @Benchmark
    public @Nullable Object bareMap() {
        return map.get(keys[any()]);
    }

    /**
     * Reads from a map with the keys of the ephemeral values.
     *
     * @return the value
     */
    @Benchmark
    public @Nullable Object bareMapEphemeral() {
        return memoryMap.get(memoryKeys[any()]);
    }

    /**
     * Reads from a cache.
     *
     * @return the value
     */
    @Benchmark
    public @Nullable Object bareCaffeine() {
        return cache.getIfPresent(keys[any()]);
    }

    /**
     * Stores 1 KiB, buffered.
     *
     * @return the version
     */
    @Benchmark
    public long putBuffered() {
        return view().put(keys[any()], value);
    }

    /**
     * Stores the same record in RocksDB.
     *
     * @throws RocksDBException if it fails
     */
    @Benchmark
    public void barePut() throws RocksDBException {
        theirs().put(bareKeys[any()], record, false);
    }

    /**
     * Stores 1 KiB, durable.
     *
     * @return the version
     */
    @Benchmark
    public long putDurable() {
        return Objects.requireNonNull(durable).put(keys[any()], value);
    }

    /**
     * Stores the same record in RocksDB, synced.
     *
     * @throws RocksDBException if it fails
     */
    @Benchmark
    public void bareSyncedPut() throws RocksDBException {
        theirs().put(bareKeys[any()], record, true);
    }

    /**
     * Stores 1 KiB, durable, from 32 threads.
     *
     * @return the version
     */
    @Benchmark
    @Threads(32)
    public long putDurable32() {
        return Objects.requireNonNull(durable).put(keys[any()], value);
    }

    /**
     * Stores the same record in RocksDB, synced, from 32 threads.
     *
     * @throws RocksDBException if it fails
     */
    @Benchmark
    @Threads(32)
    public void bareSyncedPut32() throws RocksDBException {
        theirs().put(bareKeys[any()], record, true);
    }

    /**
     * Lists the 1,000 keys of the scope.
     *
     * @return the keys
     */
    @Benchmark
    public List<String> list() {
        return view().keys(keys[0].scope());
    }

    /**
     * Reads the same keys with an iterator.
     *
     * @return their number
     */
    @Benchmark
    public long bareList() {
        return theirs().scan(bareKeys[0], KEYS);
    }

    /**
     * Two changes in one transaction, of which each reads what it changes.
     *
     * @return how many changes there were
     */
    @Benchmark
    public int transact() {
        return view().transact(transaction -> {
            StateKey one = keys[any()];
            StateKey other = keys[any()];
            transaction.get(one);
            transaction.get(other);
            transaction.put(one, value);
            transaction.put(other, value);
            return transaction.changes().size();
        });
    }

    /**
     * The same two changes without reading.
     *
     * @return the version
     */
    @Benchmark
    public long applyTwo() {
        List<StateChange> changes = new ArrayList<>();
        changes.add(StateChange.Put.of(keys[any()], value));
        changes.add(StateChange.Put.of(keys[any()], value));
        return view().apply(changes).orThrow().version();
    }

    /**
     * Closes everything.
     *
     * @throws IOException if the disk fails
     */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        Objects.requireNonNull(manager).close();
        Objects.requireNonNull(durableManager).close();
        Objects.requireNonNull(store).close();
        theirs().close();
        hooks.close();
        time.close();
        Objects.requireNonNull(folder).close();
    }
}

package io.llmspell.benchmarks;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateView;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.RecordHeader;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.hooks.Hooks;
import io.llmspell.state.States;
import io.llmspell.storage.KeyRing;
import io.llmspell.storage.RecordCodecs;
import io.llmspell.storage.rocksdb.RocksDbStorage;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a write of each class costs beside a commit of the finished record to the same store: the gate without hooks, the
 * class, the look for secrets, the record and its seal, the cache. Without a bus, so there is no event on either side.
 *
 * <p>1,000 keys; a value has members of 100 bytes of text under harmless names, so it is sealed in class sensitive
 * alone. The rows {@code bare} commit the record that the manager has written. {@code mode} is what each write waits for.
 *
 * <p>Command: {@code llmspell-benchmarks/llmspell-bench StateClassBenchmark}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 8, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
@State(Scope.Benchmark)
public class StateClassBenchmark {
    private static final int KEYS = 1_000;
    private static final int MEMBER = 100;

    /** The class of the values. */
    @Param({"EPHEMERAL", "TRUSTED", "STANDARD", "EXTERNAL", "SENSITIVE"})
    private StateClass stateClass = StateClass.STANDARD;

    /** The size of a value. */
    @Param({"1024", "10240"})
    private int bytes;

    /** What a write waits for. */
    @Param({"BUFFERED", "DURABLE"})
    private WriteMode mode = WriteMode.DURABLE;

    private final SystemTimeSource time = new SystemTimeSource();
    private final RecordCodec codec = RecordCodecs.create(JsonCodec.create(), KeyRing.inMemory());
    private final StateKey[] keys = new StateKey[KEYS];
    private final Bytes[] records = new Bytes[KEYS];
    private JsonObject value = JsonObject.empty();
    private @Nullable BenchFolder folder;
    private @Nullable StorageBackend store;
    private @Nullable StateManager manager;
    private @Nullable StateView view;
    private @Nullable Hooks hooks;

    /** Makes the benchmark. */
    public StateClassBenchmark() {}

    /**
     * Opens a store and writes each key once.
     *
     * @throws IOException if the disk fails
     */
    @Setup(Level.Trial)
    public void fill() throws IOException {
        BenchFolder made = new BenchFolder();
        folder = made;
        StorageBackend opened =
                RocksDbStorage.at(made.resolve("store")).createIfMissing().open(Set.of(Space.STATE, Space.META), time);
        store = opened;
        Hooks gate = Hooks.builder()
                .time(time)
                .ids(IdGenerator.timeOrdered(time))
                .awaiter(Awaiter.blocking(time))
                .build();
        hooks = gate;
        StateManager states = States.builder()
                .storage(opened)
                .codec(codec)
                .gate(gate.gate())
                .time(time)
                .writeMode(mode)
                .build();
        manager = states;
        view = states.as(Caller.host(new CorrelationId("bench")));
        value = value();
        for (int i = 0; i < KEYS; i++) {
            keys[i] = StateKey.of(io.llmspell.core.state.Scope.GLOBAL, "key" + i);
            records[i] = record(keys[i].encoded());
        }
    }

    private JsonObject value() {
        Map<String, Object> members = new LinkedHashMap<>();
        for (int i = 0; (i + 1) * (MEMBER + 12) < bytes; i++) {
            members.put(
                    "member" + i % 1_000,
                    "some plain text, ".repeat(MEMBER / 17 + 1).substring(0, MEMBER - 2));
        }
        return JsonValues.object(members, JsonLimits.VALUE);
    }

    private Bytes record(Bytes key) {
        RecordHeader header = RecordHeader.of(stateClass.id(), new CorrelationId("bench"));
        return stateClass == StateClass.SENSITIVE ? codec.seal(key, header, value) : codec.encode(key, header, value);
    }

    private static int any() {
        return ThreadLocalRandom.current().nextInt(KEYS);
    }

    /**
     * A write through the manager.
     *
     * @return the version
     */
    @Benchmark
    public long put() {
        StateChange change = new StateChange.Put(keys[any()], value, null, stateClass);
        return Objects.requireNonNull(view).apply(List.of(change)).orThrow().version();
    }

    /**
     * A commit of the finished record, also for ephemeral values, which have none of their own.
     *
     * @return the number of the commit
     */
    @Benchmark
    public long bare() {
        int i = any();
        Write write = new Write.Put(Space.STATE, keys[i].encoded(), records[i]);
        return Objects.requireNonNull(store)
                .commit(Batch.of(mode, write))
                .orThrow()
                .number();
    }

    /**
     * Closes everything.
     *
     * @throws IOException if the disk fails
     */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        Objects.requireNonNull(manager).close();
        Objects.requireNonNull(store).close();
        Objects.requireNonNull(hooks).close();
        Objects.requireNonNull(folder).close();
        time.close();
    }
}

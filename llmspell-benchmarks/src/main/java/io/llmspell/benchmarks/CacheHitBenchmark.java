package io.llmspell.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.state.StateView;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.hooks.Hooks;
import io.llmspell.state.States;
import io.llmspell.storage.MemoryStorage;
import io.llmspell.storage.RecordCodecs;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
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

/**
 * How much of a trace the cache of the manager of state holds, beside Caffeine with the same number of entries.
 *
 * <p>20,000 keys, a cache of 1,000, reads after Zipf with the exponent {@code skew}; with {@code scans} each tenth thousand
 * of reads goes once through keys that nobody else reads. A read of the manager is a miss if it reaches the code that reads
 * records. {@code hits} beside {@code reads} is the figure; the time is that of a store in memory and says little.
 *
 * <p>Command: {@code llmspell-benchmarks/llmspell-bench CacheHitBenchmark}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 2, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class CacheHitBenchmark {
    private static final int KEYS = 20_000;
    private static final int CACHE = 1_000;
    private static final int TRACE = 1 << 20;
    private static final int ROUND = 10_000;
    private static final int SCAN = 1_000;
    private static final Caller CALLER = Caller.host(new CorrelationId("bench"));

    /** The exponent. */
    @Param({"0.7", "0.9", "1.1"})
    private double skew;

    /** Whether something reads through other keys now and then. */
    @Param({"false", "true"})
    private boolean scans;

    private final SystemTimeSource time = new SystemTimeSource();
    private final Hooks hooks = Hooks.builder().time(time).build();
    private final StateKey[] keys = new StateKey[2 * KEYS];
    private final int[] trace = new int[TRACE];
    private final Cache<StateKey, Optional<StateValue>> caffeine =
            Caffeine.newBuilder().maximumSize(CACHE).build();
    private int at;
    private long missed;
    private @Nullable StorageBackend store;
    private @Nullable StateManager manager;
    private @Nullable StateView view;

    /** Makes the benchmark. */
    public CacheHitBenchmark() {}

    /** What is counted. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Counts {
        /** Reads that the cache answered. */
        public long hits;

        /** All reads. */
        public long reads;

        /** Makes counters. */
        public Counts() {}
    }

    /** Fills the store and draws the trace. */
    @Setup(Level.Trial)
    public void fill() {
        StorageBackend made = MemoryStorage.create(Set.of(Space.STATE));
        store = made;
        RecordCodec codec = RecordCodecs.create(JsonCodec.create());
        StateManager opened = States.builder()
                .storage(made)
                .codec(new CountingCodec(codec, () -> missed++))
                .gate(hooks.gate())
                .time(time)
                .writeMode(WriteMode.MEMORY)
                .cacheSize(CACHE)
                .build();
        manager = opened;
        view = opened.as(CALLER);
        for (int i = 0; i < keys.length; i++) {
            keys[i] = StateKey.of(io.llmspell.core.state.Scope.custom("bench"), "key" + i);
            view.put(keys[i], i);
        }
        draw();
    }

    private void draw() {
        double[] sums = new double[KEYS];
        double sum = 0;
        for (int i = 0; i < KEYS; i++) {
            sum += 1 / Math.pow(i + 1.0, skew);
            sums[i] = sum;
        }
        Random random = new Random(1);
        int scanned = KEYS;
        for (int i = 0; i < TRACE; i++) {
            if (scans && i % ROUND < SCAN) {
                trace[i] = scanned;
                scanned = scanned + 1 == keys.length ? KEYS : scanned + 1;
            } else {
                int found = Arrays.binarySearch(sums, random.nextDouble() * sum);
                trace[i] = Math.min(KEYS - 1, found < 0 ? -found - 1 : found);
            }
        }
    }

    private StateKey next() {
        int place = at;
        at = (place + 1) & (TRACE - 1);
        return keys[trace[place]];
    }

    /**
     * Reads through the manager.
     *
     * @param counts the counters
     * @return the value
     */
    @Benchmark
    public Optional<StateValue> ours(Counts counts) {
        long before = missed;
        Optional<StateValue> value = Objects.requireNonNull(view).get(next());
        counts.reads++;
        counts.hits += missed == before ? 1 : 0;
        return value;
    }

    /**
     * Reads through Caffeine.
     *
     * @param counts the counters
     * @return the value
     */
    @Benchmark
    public @Nullable Object caffeine(Counts counts) {
        StateKey key = next();
        Optional<StateValue> value = caffeine.getIfPresent(key);
        counts.reads++;
        if (value == null) {
            caffeine.put(key, Optional.empty());
        } else {
            counts.hits++;
        }
        return value;
    }

    /** Closes everything. */
    @TearDown(Level.Trial)
    public void close() {
        Objects.requireNonNull(manager).close();
        Objects.requireNonNull(store).close();
        hooks.close();
        time.close();
    }
}

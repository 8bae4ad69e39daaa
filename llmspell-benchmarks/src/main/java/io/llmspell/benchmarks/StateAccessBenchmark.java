package io.llmspell.benchmarks;

import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.state.GrantAccess;
import io.llmspell.core.state.StateAccess;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateOperation;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.hooks.Hooks;
import io.llmspell.state.States;
import io.llmspell.storage.MemoryStorage;
import io.llmspell.storage.RecordCodecs;
import io.llmspell.storage.StoreAuditLog;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to decide whether an agent may use a scope, beside one look-up in a {@code ConcurrentHashMap}, with the
 * key at hand and with the key made for it.
 *
 * <p>1,000 agents with two grants each, as ids as the runtime makes them.
 *
 * <p>Command: {@code llmspell-benchmarks/llmspell-bench StateAccessBenchmark}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class StateAccessBenchmark {
    private static final int AGENTS = 1_000;
    private static final String ME = id(7);
    private static final io.llmspell.core.state.Scope OWN = io.llmspell.core.state.Scope.agent(ME);
    private static final io.llmspell.core.state.Scope OTHER = io.llmspell.core.state.Scope.agent(id(8));
    private static final io.llmspell.core.state.Scope GRANTED = io.llmspell.core.state.Scope.custom("board");
    private static final io.llmspell.core.state.Scope LENT = io.llmspell.core.state.Scope.custom("lent");
    private static final StateKey KEY = StateKey.of(GRANTED, "key");
    private static final StateKey EQUAL = StateKey.of(GRANTED, "key");
    private static final Caller HOST = Caller.host(new CorrelationId("bench"));

    private final ConcurrentHashMap<StateKey, Object> map = new ConcurrentHashMap<>();
    private final SystemTimeSource time = new SystemTimeSource();
    private @Nullable StorageBackend store;
    private @Nullable StateManager manager;
    private @Nullable StateAccess mine;

    /** Makes the benchmark. */
    public StateAccessBenchmark() {}

    private static String id(int agent) {
        return "01a1ffe0-a5d7-7000-989d-98cca515" + (1_000 + agent);
    }

    /** Makes agents, grants and the map. */
    @Setup
    public void setUp() {
        RecordCodec codec = RecordCodecs.create(JsonCodec.create());
        StorageBackend made = MemoryStorage.create(Set.of(Space.STATE, Space.META, Space.AUDIT));
        AuditLog audit = StoreAuditLog.on(made, codec);
        Hooks hooks = Hooks.builder().time(time).build();
        StateManager opened = States.builder()
                .storage(made)
                .codec(codec)
                .gate(hooks.gate())
                .audit(audit)
                .time(time)
                .build();
        for (int agent = 0; agent < AGENTS; agent++) {
            opened.access(HOST).grant(GRANTED, id(agent), GrantAccess.READ, null);
            opened.access(HOST).grant(LENT, id(agent), GrantAccess.READ, Duration.ofDays(1));
            map.put(StateKey.of(io.llmspell.core.state.Scope.agent(id(agent)), "key"), id(agent));
        }
        map.put(KEY, "value");
        store = made;
        manager = opened;
        mine = opened.access(HOST.as(new Principal.Agent(ME)));
    }

    /** Closes what was opened. */
    @TearDown
    public void tearDown() {
        Objects.requireNonNull(manager, "manager").close();
        Objects.requireNonNull(store, "store").close();
        time.close();
    }

    private StateAccess access() {
        return Objects.requireNonNull(mine, "mine");
    }

    /**
     * The baseline: a look-up with a key at hand, which is equal to that in the map.
     *
     * @return what was found
     */
    @Benchmark
    public @Nullable Object bareLookUp() {
        return map.get(EQUAL);
    }

    /**
     * A look-up with a key that is made of scope and name, as the reads of scripts do.
     *
     * @return what was found
     */
    @Benchmark
    public @Nullable Object bareLookUpWithKeyMade() {
        return map.get(StateKey.of(GRANTED, "key"));
    }

    /**
     * An agent and its own scope.
     *
     * @return that it may
     */
    @Benchmark
    public boolean own() {
        return access().allows(OWN, StateOperation.READ, "key");
    }

    /**
     * An agent and the scope that all share.
     *
     * @return that it may
     */
    @Benchmark
    public boolean global() {
        return access().allows(io.llmspell.core.state.Scope.GLOBAL, StateOperation.READ, "key");
    }

    /**
     * An agent and a scope that it was granted.
     *
     * @return that it may
     */
    @Benchmark
    public boolean granted() {
        return access().allows(GRANTED, StateOperation.READ, "key");
    }

    /**
     * An agent and a scope that it was granted for a day; asks the clock.
     *
     * @return that it may
     */
    @Benchmark
    public boolean grantedForATime() {
        return access().allows(LENT, StateOperation.READ, "key");
    }

    /**
     * An agent and the scope of another.
     *
     * @return that it may not
     */
    @Benchmark
    public boolean denied() {
        return access().allows(OTHER, StateOperation.READ, "key");
    }

    /** A use by grant as an operation makes it: decided and counted for the audit log. */
    @Benchmark
    public void grantedAndCounted() {
        access().check(GRANTED, StateOperation.READ, "key");
    }
}

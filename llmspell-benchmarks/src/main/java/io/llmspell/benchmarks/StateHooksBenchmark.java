package io.llmspell.benchmarks;

import io.llmspell.LlmSpell;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.state.StateView;
import io.llmspell.hooks.builtin.StateAuditConfig;
import io.llmspell.hooks.builtin.StateMetricsConfig;
import io.llmspell.hooks.builtin.StateValidationConfig;
import io.llmspell.storage.rocksdb.RocksDbStorage;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
 * What each built-in hook of state costs a read from the cache and a durable write, in a whole runtime on RocksDB.
 *
 * <p>Command: {@code llmspell-benchmarks/llmspell-bench StateHooksBenchmark}, {@code -jvmArgs
 * -Dllmspell.bench.folder=PATH} to choose a disk.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class StateHooksBenchmark {
    private static final int KEYS = 100;
    private static final JsonObject SCHEMA = JsonObject.of(
            "type",
            "object",
            "required",
            List.of("name"),
            "properties",
            JsonObject.of("name", JsonObject.of("type", "string"), "age", JsonObject.of("type", "integer")));
    private static final JsonObject VALUE = JsonObject.of("name", "Ann", "age", 30L);

    /** Which hooks run; {@code elsewhere} is a rule of state_validation for other keys. */
    @Param({"none", "elsewhere", "state_validation", "state_audit", "state_metrics"})
    public String hooks = "none";

    private final StateKey[] keys = new StateKey[KEYS];
    private @Nullable BenchFolder folder;
    private @Nullable LlmSpell spell;
    private @Nullable StateView state;

    /** Makes the benchmark. */
    public StateHooksBenchmark() {}

    /**
     * Opens the runtime and writes each key once.
     *
     * @throws IOException if the disk fails
     */
    @Setup(Level.Trial)
    public void open() throws IOException {
        BenchFolder made = new BenchFolder();
        folder = made;
        LlmSpell opened = LlmSpell.builder()
                .storage(RocksDbStorage.at(made.resolve("ours")).createIfMissing())
                .build();
        spell = opened;
        switch (hooks) {
            case "elsewhere" -> opened.builtins().enable(rule("other:*"));
            case "state_validation" -> opened.builtins().enable(rule("profile:*"));
            case "state_audit" -> opened.builtins().enable(new StateAuditConfig(false));
            case "state_metrics" -> opened.builtins().enable(new StateMetricsConfig(true));
            default -> {}
        }
        StateView view = opened.state().as(opened.caller());
        state = view;
        for (int i = 0; i < KEYS; i++) {
            keys[i] = StateKey.of(io.llmspell.core.state.Scope.agent("ann"), "profile:" + i);
            view.put(keys[i], VALUE);
        }
    }

    private static StateValidationConfig rule(String keys) {
        return StateValidationConfig.builder().schema("agent:*", keys, SCHEMA).build();
    }

    private StateKey any() {
        return keys[ThreadLocalRandom.current().nextInt(KEYS)];
    }

    private StateView view() {
        return Objects.requireNonNull(state, "state");
    }

    /**
     * Reads a value from the cache.
     *
     * @return the value
     */
    @Benchmark
    public Optional<StateValue> get() {
        return view().get(any());
    }

    /**
     * Writes a small value; when the call returns it is on the disk.
     *
     * @return the version
     */
    @Benchmark
    public long put() {
        return view().put(any(), VALUE);
    }

    /**
     * Writes an ephemeral value.
     *
     * @return the version
     */
    @Benchmark
    public long putEphemeral() {
        return view().put(StateKey.of(io.llmspell.core.state.Scope.agent("ann"), "temp:profile"), VALUE);
    }

    /**
     * Closes everything.
     *
     * @throws IOException if the disk fails
     */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        Objects.requireNonNull(spell, "spell").close();
        Objects.requireNonNull(folder, "folder").close();
    }
}

package io.llmspell.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.llmspell.core.agent.AgentRecord;
import io.llmspell.core.agent.AgentStore;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.hooks.Hooks;
import io.llmspell.state.agent.AgentStores;
import io.llmspell.storage.MemoryStorage;
import io.llmspell.storage.RecordCodecs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
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
 * What it costs to save an agent with a conversation of 200 messages, as a whole and after one more message, beside what a
 * program would do itself: JSON by Jackson, compressed by gzip.
 *
 * <p>A message has some 300 characters of words. The store is in memory, so that no sync counts. The whole is written by
 * saves of two conversations in turn that share no message. At the end it prints the bytes of the JSON, of the whole and of
 * what one more message writes.
 *
 * <p>Command: {@code llmspell-benchmarks/llmspell-bench AgentStateBenchmark}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class AgentStateBenchmark {
    private static final int MESSAGES = 200;
    private static final Caller CALLER = Caller.host(new CorrelationId("benchmark"));
    private static final String[] WORDS = {
        "tide", "water", "moon", "coast", "harbour", "boat", "wind", "current", "the", "of", "and", "high", "low",
        "when", "rises", "falls", "twice", "a", "day", "because", "gravity", "pulls", "ocean", "towards", "it",
        "slowly", "again"
    };

    private final Hooks hooks = Hooks.builder().time(new SystemTimeSource()).build();
    private final StorageBackend backend = MemoryStorage.create(Set.of(Space.AGENTS));
    private final RecordCodec codec = RecordCodecs.compressed(RecordCodecs.create(JsonCodec.create()), 1 << 10);
    private final AgentStore store = AgentStores.builder()
            .storage(backend)
            .codec(codec)
            .gate(hooks.gate())
            .time(new SystemTimeSource())
            .writeMode(WriteMode.MEMORY)
            .build();
    private final Component whole = Component.named(ComponentType.AGENT, "whole");
    private final Component grown = Component.named(ComponentType.AGENT, "grown");
    private final ObjectMapper jackson = new ObjectMapper();
    private final Random random = new Random(1);
    private final AgentRecord[] records = new AgentRecord[2];
    private final List<JsonObject> conversation = new ArrayList<>();
    private int turn;

    /** Makes the benchmark. */
    public AgentStateBenchmark() {}

    /** Makes two conversations, and saves one that will grow. */
    @Setup
    public void fill() {
        records[0] = new AgentRecord(members("whole"), messages());
        records[1] = new AgentRecord(members("whole"), messages());
        conversation.addAll(messages());
        long unused = store.save(grown, () -> new AgentRecord(members("grown"), conversation), CALLER) + save();
    }

    private static JsonObject members(String name) {
        return JsonObject.of(
                "schema_version",
                AgentRecord.SCHEMA_VERSION,
                "agent_id",
                "00000000-0000-0000-0000-000000000001",
                "agent_name",
                name,
                "agent_type",
                "llm",
                "config",
                JsonObject.of("model", "offline/echo", "system_prompt", "You know the sea."),
                "context_variables",
                JsonObject.of("topic", "tides"),
                "tool_usage",
                JsonObject.of("total", 1, "succeeded", 1, "failed", 0, "by_tool", JsonObject.empty()),
                "usage",
                JsonObject.of("input_tokens", 300, "output_tokens", 400, "cost", 0),
                "execution_state",
                "idle",
                "custom_data",
                JsonObject.empty(),
                "metadata",
                JsonObject.empty(),
                "created_at",
                "2026-01-01T00:00:00Z",
                "modified_at",
                "2026-01-01T00:00:01Z");
    }

    private List<JsonObject> messages() {
        List<JsonObject> messages = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            messages.add(message());
        }
        return messages;
    }

    private JsonObject message() {
        StringBuilder text = new StringBuilder(300);
        while (text.length() < 300) {
            text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
        }
        return JsonObject.of(
                "role",
                random.nextBoolean() ? "user" : "assistant",
                "content",
                text.toString(),
                "timestamp",
                "2026-01-01T00:00:00." + (100_000_000 + random.nextInt(899_999_999)) + "Z");
    }

    /**
     * Closes the store after it has told the sizes.
     *
     * @throws IOException if Jackson fails
     */
    @TearDown
    public void close() throws IOException {
        AgentRecord kept = store.load(whole, CALLER).orElseThrow();
        if (kept.conversation().size() != MESSAGES) {
            throw new InvalidStateException(
                    "the store kept " + kept.conversation().size() + " messages");
        }
        byte[] json = jackson.writeValueAsBytes(records[0].json());
        long all = bytes(whole.name(), 0);
        long before = lastRevision();
        long unused = saveAfterOneMore();
        System.out.printf(
                java.util.Locale.ROOT,
                "%nJSON %d bytes, gzip %d; the whole save %d (%.3f of the JSON); one more message %d (%.3f of the whole)%n",
                json.length,
                gzip(json).length,
                all,
                (double) all / json.length,
                bytes(grown.name(), before),
                (double) bytes(grown.name(), before) / all);
        backend.close();
        hooks.close();
    }

    private long lastRevision() {
        long last = 0;
        try (Cursor cursor = backend.scan(Space.AGENTS, Range.all())) {
            while (cursor.next()) {
                last = Math.max(last, cursor.entry().stored().revision());
            }
        }
        return last;
    }

    private long bytes(String name, long after) {
        long bytes = 0;
        try (Cursor cursor = backend.scan(Space.AGENTS, Range.all())) {
            while (cursor.next()) {
                boolean counts = cursor.entry().key().text().contains(name)
                        && cursor.entry().stored().revision() > after;
                bytes += counts ? cursor.entry().stored().value().length() : 0;
            }
        }
        return bytes;
    }

    private static byte[] gzip(byte[] json) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(json.length / 3);
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(json);
        }
        return bytes.toByteArray();
    }

    /**
     * The baseline: the record as JSON, compressed.
     *
     * @return the bytes
     * @throws IOException if Jackson fails
     */
    @Benchmark
    public byte[] bareJsonAndGzip() throws IOException {
        return gzip(jackson.writeValueAsBytes(record()));
    }

    private JsonObject record() {
        return Objects.requireNonNull(records[turn++ & 1]).json();
    }

    /**
     * A save of the whole agent.
     *
     * @return the version
     */
    @Benchmark
    public long save() {
        AgentRecord record = Objects.requireNonNull(records[turn++ & 1]);
        return store.save(whole, () -> record, CALLER);
    }

    /**
     * A save after one more message; the oldest one goes.
     *
     * @return the version
     */
    @Benchmark
    public long saveAfterOneMore() {
        conversation.remove(0);
        conversation.add(message());
        return store.save(grown, () -> new AgentRecord(members("grown"), conversation), CALLER);
    }
}

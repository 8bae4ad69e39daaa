package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.agent.AgentRecord;
import io.llmspell.core.agent.AgentStore;
import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.session.Session;
import io.llmspell.core.session.SessionManager;
import io.llmspell.core.session.SessionOptions;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.state.agent.AgentStores;
import io.llmspell.state.session.Sessions;
import io.llmspell.storage.KeyRing;
import io.llmspell.storage.MemoryStorage;
import io.llmspell.storage.RecordCodecs;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.testing.time.ManualTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a key with all that it seals: the store asks for it as long as it is needed, and no longer. */
class KeyLifeTest {
    private static final String SECRET = "password=hunter2canary";
    private static final Component WRITER = Component.named(ComponentType.AGENT, "writer");

    @TempDir
    private Path folder;

    private final ManualTime time = new ManualTime();
    private final StorageBackend store = Fixture.newStore();

    @AfterEach
    void close() {
        store.close();
    }

    private Path file() {
        return folder.resolve("keys");
    }

    /** A process over the store. */
    private final class Start {
        final KeyRing keys = KeyRing.file(file());
        final RecordCodec codec = RecordCodecs.create(JsonCodec.create(), keys);
        final StateManager state = States.builder()
                .storage(store)
                .codec(codec)
                .gate(new PassThroughGate())
                .time(time)
                .build();
        final AgentStore agents = AgentStores.builder()
                .storage(store)
                .codec(RecordCodecs.compressed(codec, 100))
                .rights(state)
                .gate(new PassThroughGate())
                .time(time)
                .awaiter(Awaiter.blocking(time))
                .build();
        final SessionManager sessions = Sessions.builder()
                .storage(store)
                .codec(codec)
                .gate(new PassThroughGate())
                .state(state)
                .time(time)
                .build();

        void put(Scope scope, String key, Object value) {
            state.as(Fixture.HOST).put(StateKey.of(scope, key), value);
        }

        @Nullable Object get(Scope scope, String key) {
            return state.as(Fixture.HOST)
                    .get(StateKey.of(scope, key))
                    .map(StateValue::json)
                    .orElse(null);
        }

        void save(AgentRecord record) {
            agents.save(WRITER, () -> record, Fixture.HOST);
        }

        AgentRecord writer() {
            return agents.load(WRITER, Fixture.HOST).orElseThrow();
        }

        int neededKeys() {
            return States.checkKeys(store, codec);
        }
    }

    private static AgentRecord record(String type, String... messages) {
        JsonObject members = JsonObject.of(
                "schema_version",
                AgentRecord.SCHEMA_VERSION,
                "agent_id",
                "00000000-0000-0000-0000-000000000001",
                "agent_name",
                "writer",
                "agent_type",
                type,
                "config",
                JsonObject.empty(),
                "context_variables",
                JsonObject.of("text", "of some length ".repeat(20)),
                "custom_data",
                JsonObject.empty(),
                "metadata",
                JsonObject.empty(),
                "tool_usage",
                JsonObject.of("total", 0, "succeeded", 0, "failed", 0, "by_tool", JsonObject.empty()),
                "usage",
                JsonObject.of("input_tokens", 0, "output_tokens", 0, "cost", 0),
                "execution_state",
                "idle",
                "created_at",
                "2026-01-01T00:00:00Z",
                "modified_at",
                "2026-01-01T00:00:01Z");
        return new AgentRecord(
                members,
                List.of(messages).stream()
                        .map(text ->
                                JsonObject.of("role", "user", "content", text, "timestamp", "2026-01-01T00:00:00Z"))
                        .toList());
    }

    private static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StorageException.class,
                        error -> assertThat(error.code()).isEqualTo(code));
    }

    private boolean inClear(String text) {
        for (Space space : Set.of(Space.STATE, Space.AGENTS, Space.SESSIONS, Space.META)) {
            try (var cursor = store.scan(space, Range.all())) {
                while (cursor.next()) {
                    byte[] bytes = cursor.entry().stored().value().toArray();
                    if (new String(bytes, StandardCharsets.ISO_8859_1).contains(text)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Leaves the newest key alone in the file, as somebody does who trusts that the old ones may go. */
    private void forgetOldKeys(String active) throws IOException {
        List<String> lines = Files.readAllLines(file());
        Files.write(
                file(), lines.stream().filter(line -> line.startsWith(active)).toList());
    }

    @Test
    void secretOfAnAgentAlone_keepsItsKeyNeeded() throws IOException {
        new Start().save(record("llm", "hello", SECRET));
        assertThat(inClear("hunter2")).isFalse();
        assertThat(new Start().neededKeys()).isOne();
        byte[] right = Files.readAllBytes(file());
        Files.delete(file());
        Start without = new Start();

        assertCode(ErrorCode.STORE_KEY_MISSING, without::neededKeys);
        assertCode(ErrorCode.STORE_KEY_MISSING, () -> without.put(Scope.GLOBAL, "api_key", "v"));
        assertCode(ErrorCode.STORE_KEY_MISSING, () -> without.save(record("llm", "password=another1canary")));
        assertThat(file()).as("a new key beside one that is only mislaid").doesNotExist();
        Files.write(file(), right);
        assertThat(new Start().writer().conversation().get(1).text("content")).isEqualTo(SECRET);
    }

    @Test
    void newKey_everythingIsSealedAgainAndTheOldOneMayGo() throws IOException {
        Start first = new Start();
        first.save(record("llm", "hello", SECRET));
        Session session = first.sessions.start(SessionOptions.DEFAULT, Fixture.HOST);
        Scope scope = Scope.session(session.id());
        first.put(scope, "api_key", SECRET);
        first.put(scope, "plain", 1);
        session.checkpoint("before", Fixture.HOST);
        first.put(scope, "api_key", "other");
        String fresh = first.keys.newKey();
        assertThat(first.state.reseal(Fixture.HOST)).isEqualTo(3);
        assertThat(first.neededKeys())
                .as("this process has sealed with the old one")
                .isEqualTo(2);

        Start second = new Start();
        assertThat(second.state.reseal(Fixture.HOST)).isZero();
        assertThat(second.neededKeys()).isOne();
        forgetOldKeys(fresh);
        Start third = new Start();
        assertThat(third.neededKeys()).isOne();
        assertThat(third.writer().conversation().get(1).text("content")).isEqualTo(SECRET);
        assertThat(third.get(scope, "api_key")).isEqualTo("other");
        third.sessions.get(session.id(), Fixture.HOST).restore("before", Fixture.HOST);
        assertThat(third.get(scope, "api_key")).isEqualTo(SECRET);
        assertThat(inClear("hunter2")).isFalse();
    }

    @Test
    void recordOfAnAgentSealedAgain_isSavedOn() {
        Start start = new Start();
        start.save(record(SECRET, "hello"));
        start.keys.newKey();
        assertThat(start.state.reseal(Fixture.HOST)).isOne();
        start.save(record(SECRET, "hello", "again"));

        assertThat(start.writer().conversation()).hasSize(2);
    }

    @Test
    void storeOpenedWithoutASpace_retiresNoKey() {
        try (StorageBackend part = MemoryStorage.create(Set.of(Space.STATE, Space.META))) {
            KeyRing keys = KeyRing.inMemory();
            RecordCodec codec = RecordCodecs.create(JsonCodec.create(), keys);
            for (int start = 0; start < 3; start++) {
                StateManager state = States.builder()
                        .storage(part)
                        .codec(codec)
                        .gate(new PassThroughGate())
                        .time(time)
                        .build();
                if (start == 0) {
                    state.as(Fixture.HOST).put(StateKey.of(Scope.GLOBAL, "api_key"), "v");
                    keys.newKey();
                }
                assertThat(state.reseal(Fixture.HOST)).isEqualTo(start == 0 ? 1 : 0);
            }
            assertThat(States.checkKeys(part, codec)).isEqualTo(2);
        }
    }

    /** A record that comes while its key is being retired brings the probe again. */
    @Test
    void retire_recordComesMeanwhile_keepsTheProbe() {
        KeyRing keys = KeyRing.inMemory();
        RecordCodec codec = RecordCodecs.create(JsonCodec.create(), keys);
        KeyProbes before = new KeyProbes(store, codec);
        String old = keys.activeKey();
        store.commit(Batch.of(WriteMode.DURABLE, before.with(old).orElseThrow()));
        KeyProbes probes = new KeyProbes(store, codec);
        long revision = Objects.requireNonNull(probes.revisions().get(old));
        store.commit(Batch.of(
                WriteMode.DURABLE, new KeyProbes(store, codec).with(old).orElseThrow()));

        assertThat(probes.retire(old, revision))
                .as("the probe was written again")
                .isFalse();
        assertThat(probes.known()).containsExactly(old);
        assertThat(probes.with(old)).as("it is there").isEmpty();
        long now = Objects.requireNonNull(probes.revisions().get(old));
        assertThat(probes.retire(old, now)).as("this process has used it").isFalse();
        assertThat(probes.known()).containsExactly(old);
        assertThat(new KeyProbes(store, codec).retire(old, now)).isTrue();
        assertThat(States.checkKeys(store, codec)).isZero();
    }
}

package io.llmspell.state;

import static io.llmspell.state.Fixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.state.StateView;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.RecordHeader;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.storage.KeyRing;
import io.llmspell.storage.RecordCodecs;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.testing.time.ManualTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateKeysTest {
    private static final StateKey SECRET = key("api_key");

    @TempDir
    private Path folder;

    private final StorageBackend store = Fixture.newStore();

    @AfterEach
    void close() {
        store.close();
    }

    private static RecordCodec codec(KeyRing keys) {
        return RecordCodecs.create(JsonCodec.create(), keys);
    }

    private Path file() {
        return folder.resolve("keys");
    }

    private StateManager manager(KeyRing keys) {
        return States.builder()
                .storage(store)
                .codec(codec(keys))
                .gate(new PassThroughGate())
                .time(new ManualTime())
                .build();
    }

    private Set<String> keysInUse() {
        Set<String> ids = new TreeSet<>();
        try (var cursor = store.scan(Space.STATE, Range.all())) {
            while (cursor.next()) {
                String id = codec(KeyRing.inMemory())
                        .header(cursor.entry().stored().value())
                        .keyId();
                if (id != null) {
                    ids.add(id);
                }
            }
        }
        return ids;
    }

    private static void assertCode(ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StorageException.class,
                        error -> assertThat(error.code()).isEqualTo(code));
    }

    @Test
    void checkKeys_storeWithoutSecrets_needsNone() {
        manager(KeyRing.file(file())).as(Fixture.HOST).put(key("plain"), 1);

        assertThat(States.checkKeys(store, codec(KeyRing.none("no keys")))).isZero();
        assertThat(file()).doesNotExist();
    }

    @Test
    void checkKeys_lostAndWrongKey_areToldApartAndNothingIsLost() throws Exception {
        manager(KeyRing.file(file())).as(Fixture.HOST).put(SECRET, "v");
        byte[] right = Files.readAllBytes(file());

        assertThat(States.checkKeys(store, codec(KeyRing.file(file())))).isOne();
        Files.delete(file());
        assertCode(ErrorCode.STORE_KEY_MISSING, () -> States.checkKeys(store, codec(KeyRing.file(file()))));
        assertThat(file()).doesNotExist();
        KeyRing.file(file()).newKey();
        assertCode(ErrorCode.STORE_KEY_WRONG, () -> States.checkKeys(store, codec(KeyRing.file(file()))));
        Files.write(file(), right);
        assertThat(manager(KeyRing.file(file())).as(Fixture.HOST).get(SECRET).map(StateValue::json))
                .contains("v");
    }

    @Test
    void put_secretWhileTheKeyOfOthersIsLost_isRefusedAndMakesNoNewKey() throws Exception {
        manager(KeyRing.file(file())).as(Fixture.HOST).put(SECRET, "v");
        Files.delete(file());
        StateView state = manager(KeyRing.file(file())).as(Fixture.HOST);

        assertCode(ErrorCode.STORE_KEY_MISSING, () -> state.put(key("password"), "other"));
        assertCode(ErrorCode.STORE_KEY_MISSING, () -> state.get(SECRET));
        assertThat(file()).doesNotExist();
        assertThat(state.exists(key("password"))).isFalse();
        state.put(key("plain"), 1);
    }

    @Test
    void put_withoutKeys_refusesSecretsAlone() {
        StateView state = manager(KeyRing.none("set storage.key_ref")).as(Fixture.HOST);
        state.put(key("plain"), 1);

        assertThatThrownBy(() -> state.put(SECRET, "v"))
                .hasMessageContaining("set storage.key_ref")
                .hasMessageNotContaining("\"v\"");
        assertThat(state.keys(Scope.GLOBAL)).containsExactly("plain");
    }

    @Test
    void get_movedRecord_isRefused() {
        KeyRing keys = KeyRing.inMemory();
        StateView state = manager(keys).as(Fixture.HOST);
        state.put(SECRET, "v");
        Bytes record = store.get(Space.STATE, SECRET.encoded()).orElseThrow().value();
        StateKey other = key("password");
        store.commit(Batch.of(WriteMode.DURABLE, new Write.Put(Space.STATE, other.encoded(), record)));

        assertCode(ErrorCode.STORE_CORRUPT, () -> state.get(other));
    }

    @Test
    void reseal_newKey_replacesAllRecordsAndTheOldKeyIsNeededNoMoreAfterTheNextStart() {
        KeyRing keys = KeyRing.file(file());
        StateManager manager = manager(keys);
        StateView state = manager.as(Fixture.HOST);
        Map<String, StateValue> before = fill(state);
        String old = keys.activeKey();
        String fresh = keys.newKey();

        assertThat(manager.reseal(Fixture.HOST)).isEqualTo(200);
        assertThat(keysInUse()).containsExactly(fresh);
        before.forEach((name, value) ->
                assertThat(state.get(key(name)).map(StateValue::json)).contains(value.json()));
        assertThat(manager.reseal(Fixture.HOST)).isZero();

        StateManager next = manager(KeyRing.file(file()));
        assertThat(States.checkKeys(store, codec(KeyRing.file(file())))).isEqualTo(2);
        assertThat(next.reseal(Fixture.HOST)).isZero();
        assertThat(States.checkKeys(store, codec(KeyRing.file(file())))).isOne();
        assertThat(old).isNotEqualTo(fresh);
    }

    private static Map<String, StateValue> fill(StateView state) {
        for (int i = 0; i < 200; i++) {
            state.put(key("secret" + i), "v" + i);
            state.put(key("plain" + i), i);
        }
        return state.all(Scope.GLOBAL);
    }

    @Test
    void reseal_whileOthersReadAndWrite_losesNothing() throws InterruptedException {
        KeyRing keys = KeyRing.inMemory();
        StateManager manager = manager(keys);
        StateView state = manager.as(Fixture.HOST);
        fill(state);
        AtomicBoolean end = new AtomicBoolean();
        List<String> problems = new ArrayList<>();
        long[] last = new long[4];
        Thread[] writers = new Thread[4];
        CountDownLatch begun = new CountDownLatch(writers.length);
        for (int t = 0; t < writers.length; t++) {
            int id = t;
            writers[t] = new Thread(() -> {
                for (long n = 1; n == 1 || !end.get(); n++) {
                    StateKey mine = key("secret" + (id * 50 + n % 50));
                    state.put(mine, n);
                    last[id] = n;
                    if (n == 1) {
                        begun.countDown();
                    }
                    if (!state.get(mine).map(StateValue::json).equals(java.util.Optional.of(n))) {
                        synchronized (problems) {
                            problems.add(mine + " at " + n);
                        }
                    }
                }
            });
            writers[t].start();
        }
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 5; i++) {
            keys.newKey();
            manager.reseal(Fixture.HOST);
        }
        end.set(true);
        for (Thread writer : writers) {
            writer.join();
        }
        manager.reseal(Fixture.HOST);

        assertThat(problems).isEmpty();
        assertThat(keysInUse()).containsExactly(keys.activeKey());
        for (int t = 0; t < writers.length; t++) {
            assertThat(state.get(key("secret" + (t * 50 + last[t] % 50))).map(StateValue::json))
                    .contains(last[t]);
        }
    }

    @Test
    void reseal_byAScript_isRefused() {
        StateManager manager = manager(KeyRing.inMemory());

        assertThatThrownBy(() -> manager.reseal(Fixture.SCRIPT))
                .isInstanceOfSatisfying(
                        StateException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.ACCESS_DENIED));
        assertThatThrownBy(() -> manager.reseal(Fixture.HOST.as(new Principal.Agent("a"))))
                .isInstanceOf(StateException.class);
    }

    @Test
    void recordsOfOlderReleases_secretsInClear_areReadAndSealedWhenTheyAreWrittenAgain() {
        RecordCodec codec = codec(KeyRing.inMemory());
        Bytes encoded = key("db").encoded();
        Bytes clear = codec.encode(
                encoded,
                RecordHeader.of(StateClass.STANDARD.id(), null),
                io.llmspell.core.json.JsonObject.of("password", "old"));
        store.commit(Batch.of(WriteMode.DURABLE, new Write.Put(Space.STATE, encoded, clear)));
        StateView state = manager(KeyRing.inMemory()).as(Fixture.HOST);
        Object value = state.get(key("db")).orElseThrow().json();
        state.put(key("db"), value);

        assertThat(keysInUse()).hasSize(1);
    }
}

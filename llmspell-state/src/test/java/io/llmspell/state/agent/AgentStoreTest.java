package io.llmspell.state.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.agent.AgentRecord;
import io.llmspell.core.agent.AgentStore;
import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.events.Events;
import io.llmspell.hooks.HookSettings;
import io.llmspell.hooks.Hooks;
import io.llmspell.storage.MemoryStorage;
import io.llmspell.storage.RecordCodecs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class AgentStoreTest {
    /** A machine under load must not cut the hooks under test off. */
    private static final HookSettings PATIENT =
            HookSettings.DEFAULT.toBuilder().deadline(Duration.ofSeconds(30)).build();

    private static final Caller HOST = Caller.host(new CorrelationId("run-1"));
    private static final RecordCodec CODEC = RecordCodecs.create(JsonCodec.create());
    private static final Component WRITER = Component.named(ComponentType.AGENT, "writer");

    private final SystemTimeSource time = new SystemTimeSource();
    private final Hooks hooks = Hooks.builder()
            .time(time)
            .settings(PATIENT)
            .awaiter(Awaiter.blocking(time))
            .build();
    private final StorageBackend backend =
            MemoryStorage.create(Set.of(Space.AGENTS, Space.STATE, Space.META, Space.EVENTS));
    private final EventBus bus = Events.builder()
            .time(time)
            .ids(IdGenerator.timeOrdered(time))
            .gate(hooks.gate())
            .awaiter(Awaiter.blocking(time))
            .journal(backend, CODEC, Space.EVENTS)
            .build();
    private final AgentStore store = newStore();

    private AgentStore newStore() {
        return AgentStores.builder()
                .storage(backend)
                .codec(CODEC)
                .gate(hooks.gate())
                .time(time)
                .events(bus)
                .build();
    }

    @AfterEach
    void close() {
        bus.close();
        backend.close();
        hooks.close();
        time.close();
    }

    private static Component agent(String name) {
        return Component.named(ComponentType.AGENT, name);
    }

    private long save(AgentRecord record) {
        return store.save(agent(record.name()), () -> record, HOST);
    }

    private AgentRecord stored(String name) {
        return newStore().load(agent(name), HOST).orElseThrow();
    }

    private static void refused(ThrowingCallable call, ErrorCode code, String... named) {
        assertThatThrownBy(call).isInstanceOfSatisfying(LlmSpellException.class, error -> {
            assertThat(error.code()).isEqualTo(code);
            List.of(named).forEach(name -> assertThat(error.getMessage()).contains(name));
        });
    }

    private List<Entry> entries() {
        List<Entry> all = new ArrayList<>();
        try (Cursor cursor = backend.scan(Space.AGENTS, Range.all())) {
            while (cursor.next()) {
                all.add(cursor.entry());
            }
        }
        return all;
    }

    private long bytes() {
        return entries().stream()
                .mapToLong(entry -> entry.stored().value().length())
                .sum();
    }

    @Test
    void save_thenLoadInAnotherStore_givesTheSameRecord() {
        AgentRecord record = Records.of("writer", 7);
        save(record);
        AgentRecord found = stored("writer");
        assertThat(found.conversation()).isEqualTo(record.conversation());
        assertThat(found.map("context_variables")).isEqualTo(record.map("context_variables"));
        assertThat(found.map("usage")).isEqualTo(record.map("usage"));
        assertThat(found.createdAt()).isEqualTo(record.createdAt());
        assertThat(found.members().keySet())
                .containsExactlyInAnyOrderElementsOf(record.members().keySet());
    }

    @Test
    void load_withoutRecord_isEmpty() {
        assertThat(store.load(WRITER, HOST)).isEmpty();
        assertThat(store.delete(WRITER, HOST)).isFalse();
    }

    @Test
    void save_secretOfTheConfiguration_isNowhereInTheStore() {
        save(Records.of("writer", 1));
        assertThat(entries()).noneMatch(entry -> entry.stored().value().text().contains("sk-canary"));
        assertThat(stored("writer").map("config").text("api_key")).contains("REDACTED");
    }

    @Test
    void save_afterOneMoreMessage_writesATenthOfTheWhole() {
        save(Records.of("writer", 200));
        long whole = bytes();
        long before = backend.get(Space.AGENTS, AgentKeys.of("writer").head())
                .orElseThrow()
                .revision();
        save(Records.of("writer", 201));
        long written = entries().stream()
                .filter(entry -> entry.stored().revision() > before)
                .mapToLong(entry -> entry.stored().value().length())
                .sum();
        assertThat(written).isPositive().isLessThan(whole / 10);
        assertThat(stored("writer").conversation()).isEqualTo(Records.conversation(0, 201));
    }

    @Test
    void save_conversationCutAtTheFront_dropsWhatIsGone() {
        for (int i = 0; i < 10; i++) {
            save(Records.of("writer", i));
        }
        AgentRecord cut = new AgentRecord(Records.members("writer"), Records.conversation(6, 11));
        save(cut);
        assertThat(stored("writer").conversation()).isEqualTo(cut.conversation());
        assertThat(entries()).hasSize(2 + 4);
    }

    @Test
    void save_conversationChangedInTheMiddle_writesItAnew() {
        save(Records.of("writer", 5));
        List<JsonObject> other = new ArrayList<>(Records.conversation(0, 5));
        other.set(2, Records.message(77));
        save(new AgentRecord(Records.members("writer"), other));
        assertThat(stored("writer").conversation()).isEqualTo(other);
        save(new AgentRecord(Records.members("writer"), List.of()));
        assertThat(stored("writer").conversation()).isEmpty();
        assertThat(entries()).hasSize(2);
    }

    @Test
    void save_manyTimesWithOneMoreMessage_keepsFewPieces() {
        for (int i = 1; i <= 200; i++) {
            save(Records.of("writer", i));
        }
        assertThat(entries()).hasSizeLessThan(70);
        assertThat(stored("writer").conversation()).isEqualTo(Records.conversation(0, 200));
    }

    @Test
    void names_severalAgents_inOrderWithoutDoubles() {
        save(Records.of("b", 3));
        save(Records.of("a", 0));
        save(Records.of("b", 4));
        assertThat(store.names(HOST)).containsExactly("a", "b");
        assertThat(store.delete(agent("b"), HOST)).isTrue();
        assertThat(store.names(HOST)).containsExactly("a");
        assertThat(store.load(agent("b"), HOST)).isEmpty();
        assertThat(entries()).hasSize(2);
    }

    @Test
    void names_thatLookAlike_doNotMeet() {
        List<String> names = List.of("a", "a:b", "a b", "ab", "A");
        names.forEach(name -> save(Records.of(name, name.length())));
        names.forEach(name -> assertThat(stored(name).conversation()).hasSize(name.length()));
    }

    @Test
    void name_thatIsNoKey_isRefused() {
        refused(() -> save(Records.of("a..b", 0)), ErrorCode.INVALID_KEY);
        refused(() -> save(Records.of("a\u202eb", 0)), ErrorCode.INVALID_KEY);
    }

    @Test
    void record_oversizeOrMalformed_isRefused() {
        refused(
                () -> new AgentRecord(
                        Records.members("w").with("custom_data", JsonObject.of("a", "x".repeat(1 << 20))), List.of()),
                ErrorCode.VALUE_TOO_LARGE);
        refused(
                () -> new AgentRecord(
                        Records.members("w"), List.of(Records.message(1).with("content", "x".repeat(1 << 20)))),
                ErrorCode.VALUE_TOO_LARGE);
        refused(
                () -> new AgentRecord(
                        Records.members("w"), List.of(Records.message(1).with("role", "judge"))),
                ErrorCode.INVALID_ARGUMENT,
                "judge",
                "assistant");
        refused(
                () -> new AgentRecord(Records.members("w").with("execution_state", "dozing"), List.of()),
                ErrorCode.INVALID_ARGUMENT,
                "dozing");
        refused(
                () -> new AgentRecord(Records.members("w").with("created_at", "yesterday"), List.of()),
                ErrorCode.INVALID_ARGUMENT,
                "yesterday");
        refused(() -> AgentRecord.of(Records.members("w")), ErrorCode.TYPE_MISMATCH, "conversation");
        refused(
                () -> new AgentRecord(Records.members("w").with("usage", 1), List.of()),
                ErrorCode.TYPE_MISMATCH,
                "usage");
    }

    @Test
    void record_throughJson_staysTheSame() {
        AgentRecord record = Records.of("writer", 3);
        assertThat(AgentRecord.of(record.json())).isEqualTo(record);
    }

    @Test
    void load_flippedByteInAnyPart_isCorruptAndCanBeDeleted() {
        save(Records.of("writer", 3));
        for (Entry entry : entries()) {
            byte[] bytes = entry.stored().value().toArray();
            bytes[bytes.length / 2] ^= 1;
            put(entry.key(), Bytes.own(bytes));
            refused(() -> stored("writer"), ErrorCode.STORE_CORRUPT);
            put(entry.key(), entry.stored().value());
        }
        Bytes messages = entries().get(2).key();
        Bytes there = entries().get(2).stored().value();
        backend.commit(Batch.of(WriteMode.MEMORY, new Write.Delete(Space.AGENTS, messages)));
        refused(() -> stored("writer"), ErrorCode.STORE_CORRUPT, "0 of 3");
        put(messages, Bytes.own(new byte[] {1, 2, 3}));
        hook("agent_state_delete", HookResult.proceed());
        assertThat(store.delete(WRITER, HOST)).isTrue();
        assertThat(there.length()).isPositive();
        assertThat(entries()).isEmpty();
    }

    private void put(Bytes key, Bytes value) {
        backend.commit(Batch.of(WriteMode.MEMORY, new Write.Put(Space.AGENTS, key, value)));
    }

    private void hook(String point, HookResult result) {
        hooks.registry().register(new HookPoint(point), "test-" + point, context -> result);
    }

    @Test
    void hooks_changeTheRecordThatIsSavedAndTheOneThatIsRead() {
        hooks.registry().register(new HookPoint("agent_state_save"), "stamps", context -> {
            JsonObject record = (JsonObject) Objects.requireNonNull(context.data());
            return HookResult.modified(record.with("metadata", JsonObject.of("stamped", true)));
        });
        save(Records.of("writer", 2));
        assertThat(stored("writer").map("metadata")).containsEntry("stamped", true);

        hooks.registry().register(new HookPoint("agent_state_load"), "cuts", context -> {
            JsonObject record = (JsonObject) Objects.requireNonNull(context.data());
            return HookResult.modified(record.with("conversation", List.of()));
        });
        assertThat(stored("writer").conversation()).isEmpty();
    }

    @Test
    void hooks_thatRefuse_leaveTheRecordAsItIs() {
        save(Records.of("writer", 2));
        hook("agent_state_save", HookResult.cancel("not now"));
        hook("agent_state_delete", HookResult.cancel("not that"));
        refused(() -> save(Records.of("writer", 3)), ErrorCode.OPERATION_CANCELLED, "not now");
        refused(() -> store.delete(WRITER, HOST), ErrorCode.OPERATION_CANCELLED, "not that");
        assertThat(stored("writer").conversation()).hasSize(2);
    }

    @Test
    void hook_thatGivesAnotherName_hasFailed() {
        hooks.registry()
                .register(
                        new HookPoint("agent_state_save"),
                        "renames",
                        context -> HookResult.modified(Records.of("other", 0).json()));
        save(Records.of("writer", 1));
        assertThat(store.names(HOST)).containsExactly("writer");
        assertThat(stored("writer").conversation()).hasSize(1);
    }

    @Test
    void hook_thatSavesTheSameAgent_isToldSo() {
        List<String> told = new CopyOnWriteArrayList<>();
        hooks.registry().register(new HookPoint("agent_state_save"), "again", context -> {
            try {
                save(Records.of("writer", 9));
            } catch (LlmSpellException refused) {
                told.add(refused.code().id());
            }
            return HookResult.proceed();
        });
        save(Records.of("writer", 1));
        assertThat(told).containsExactly("invalid_state");
        assertThat(stored("writer").conversation()).hasSize(1);
    }

    @Test
    void events_ofEachChange_standInItsCommit() {
        List<UniversalEvent> seen = new CopyOnWriteArrayList<>();
        bus.subscribe("agent.state.*", SubscribeOptions.DEFAULT, (event, again) -> seen.add(event), HOST);
        long version = save(Records.of("writer", 1));
        store.load(WRITER, HOST);
        store.delete(WRITER, HOST);
        Awaitility.await().until(() -> seen.size() == 3);
        assertThat(seen)
                .extracting(UniversalEvent::type)
                .containsExactly("agent.state.saved", "agent.state.loaded", "agent.state.deleted");
        JsonObject saved = (JsonObject) Objects.requireNonNull(seen.get(0).payload());
        assertThat(saved)
                .containsEntry("version", version)
                .containsEntry("agent_name", "writer")
                .containsEntry("schema_version", "1.0.0");
        assertThat((Long) saved.get("size_bytes")).isPositive();
    }

    @Test
    void agent_mayUseItsOwnRecordAlone() {
        save(Records.of("writer", 1));
        Caller own = HOST.as(new Principal.Agent(WRITER.id().toString()));
        Caller foreign = HOST.as(new Principal.Agent("somebody"));
        assertThat(store.load(WRITER, own)).isPresent();
        refused(() -> store.load(WRITER, foreign), ErrorCode.ACCESS_DENIED, "agent:somebody", "load");
        refused(() -> store.delete(WRITER, foreign), ErrorCode.ACCESS_DENIED);
        refused(() -> store.save(WRITER, () -> Records.of("writer", 2), foreign), ErrorCode.ACCESS_DENIED);
        refused(() -> store.names(own), ErrorCode.ACCESS_DENIED, "list");
    }

    /** Each save counts up when it is its turn; the last one that was made must be the one that stays. */
    @Test
    void saves_ofOneAgentFromManyThreads_neverGoBack() throws Exception {
        AtomicInteger length = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                all.add(threads.submit(() -> {
                    for (int i = 0; i < 50; i++) {
                        store.save(WRITER, () -> Records.of("writer", length.incrementAndGet()), HOST);
                        int seen = store.load(WRITER, HOST)
                                .orElseThrow()
                                .conversation()
                                .size();
                        assertThat(seen).isLessThanOrEqualTo(length.get());
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            threads.shutdown();
        }
        assertThat(stored("writer").conversation()).isEqualTo(Records.conversation(0, 200));
    }

    @Test
    void save_ofAnotherAgent_doesNotWait() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> slow = thread.submit(() -> store.save(
                    WRITER,
                    () -> {
                        inside.countDown();
                        waited(goOn);
                        return Records.of("writer", 1);
                    },
                    HOST));
            waited(inside);
            save(Records.of("reader", 1));
            assertThat(slow.isDone()).isFalse();
            goOn.countDown();
            slow.get();
        } finally {
            goOn.countDown();
            thread.shutdown();
        }
        assertThat(store.names(HOST)).containsExactly("reader", "writer");
    }

    private static void waited(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

package io.llmspell.state;

import static io.llmspell.state.Fixture.KEY;
import static io.llmspell.state.Fixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateChange.Check;
import io.llmspell.core.state.StateChange.Delete;
import io.llmspell.core.state.StateChange.Put;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.state.StateView;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.events.Events;
import io.llmspell.hooks.HookSettings;
import io.llmspell.hooks.Hooks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StateEventsTest {
    /** A machine under load must not cut the hooks under test off. */
    private static final HookSettings PATIENT =
            HookSettings.DEFAULT.toBuilder().deadline(Duration.ofSeconds(30)).build();

    private final SystemTimeSource time = new SystemTimeSource();
    private final IdGenerator ids = IdGenerator.timeOrdered(time);
    private final Hooks hooks = Hooks.builder()
            .time(time)
            .ids(ids)
            .settings(PATIENT)
            .awaiter(Awaiter.blocking(time))
            .build();
    private final StorageBackend store = Fixture.newStore();
    private final EventBus bus = Events.builder()
            .time(time)
            .ids(ids)
            .gate(hooks.gate())
            .awaiter(Awaiter.blocking(time))
            .journal(store, Fixture.CODEC, Space.EVENTS)
            .build();
    private final Fixture fixture = new Fixture(store, hooks.gate(), time, bus);
    private final StateView state = fixture.host();
    private final List<UniversalEvent> events = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        fixture.manager.close();
        bus.close();
        store.close();
        hooks.close();
        time.close();
    }

    private void listen() {
        bus.subscribe("state.*", SubscribeOptions.DEFAULT, (event, redelivered) -> events.add(event), Fixture.HOST);
    }

    private JsonObject payload(int index) {
        Awaitility.await().pollDelay(Duration.ZERO).until(() -> events.size() > index);
        return (JsonObject) Objects.requireNonNull(events.get(index).payload());
    }

    private int journaled() {
        int count = 0;
        try (var cursor = store.scan(Space.EVENTS, Range.all())) {
            while (cursor.next()) {
                count++;
            }
        }
        return count;
    }

    /** The commits that wrote what is in a space. */
    private Set<Long> revisions(Space space) {
        Set<Long> revisions = new HashSet<>();
        try (var cursor = store.scan(space, Range.all())) {
            while (cursor.next()) {
                revisions.add(cursor.entry().stored().revision());
            }
        }
        return revisions;
    }

    @Test
    void set_tellsOldAndNewValue() {
        state.put(KEY, 1);
        listen();
        state.put(KEY, JsonObject.of("a", 2));

        long version = state.get(KEY).orElseThrow().version();
        assertThat(payload(0))
                .isEqualTo(JsonObject.of(
                        "scope", "global",
                        "key", "key",
                        "class", "standard",
                        "principal", "host",
                        "change", "set",
                        "old_value", 1,
                        "new_value", JsonObject.of("a", 2),
                        "version", version));
        assertThat(events.get(0).type()).isEqualTo("state.changed");
        assertThat(events.get(0).correlation()).isEqualTo(Fixture.RUN);
        assertThat(events.get(0).source().toString()).isEqualTo("system/state");
    }

    @Test
    void firstSet_hasNoOldValue_andDeleteNoNewOne() {
        listen();
        state.put(KEY, 1);
        state.delete(KEY);
        state.put(KEY, 2);
        state.clear(Scope.GLOBAL);

        assertThat(payload(0)).doesNotContainKey("old_value").containsEntry("new_value", 1L);
        assertThat(payload(1)).containsEntry("change", "delete").containsEntry("old_value", 1L);
        assertThat(payload(1)).doesNotContainKey("new_value");
        assertThat(payload(3)).containsEntry("change", "clear").containsEntry("old_value", 2L);
    }

    @Test
    void deleteOfAbsentKey_tellsNothing() {
        listen();
        state.delete(KEY);
        state.put(KEY, 1);

        assertThat(payload(0)).containsEntry("change", "set");
    }

    @Test
    void largeValues_areToldBySizeAndHashOnly() {
        listen();
        state.put(KEY, "x".repeat(1022));
        state.put(KEY, "x".repeat(1023));

        assertThat(payload(0)).containsEntry("new_value", "x".repeat(1022));
        assertThat(payload(1))
                .containsEntry("old_value", "x".repeat(1022))
                .doesNotContainKey("new_value")
                .containsEntry("new_value_bytes", 1025L);
        assertThat((String) payload(1).get("new_value_sha256")).hasSize(64);
    }

    @Test
    void secretsInValues_areMaskedInTheEventAndKeptInTheRecord() {
        listen();
        JsonObject value = JsonObject.of("user", "ada", "password", "hunter2hunter2");
        state.put(KEY, value);

        assertThat(payload(0).toString()).doesNotContain("hunter2").contains("ada");
        assertThat(state.get(KEY).map(StateValue::json)).contains(value);
    }

    @Test
    void ephemeralAndTrusted_tellNothing() {
        listen();
        state.put(key("cache:a"), 1);
        state.delete(key("cache:a"));
        state.apply(List.of(new Put(key("t"), 1, null, StateClass.TRUSTED))).orThrow();
        state.delete(key("t"));
        state.put(KEY, 1);

        assertThat(payload(0)).containsEntry("key", "key");
        assertThat(journaled()).isEqualTo(1);
    }

    @Test
    void principal_isNamed() {
        listen();
        fixture.as(new Principal.Agent("a")).put(StateKey.of(Scope.agent("a"), "k"), 1);

        assertThat(payload(0)).containsEntry("principal", "agent:a").containsEntry("scope", "agent:a");
    }

    @Test
    void batch_eventsAreInTheBatchAndInItsOrder() {
        listen();
        state.apply(List.of(Put.of(key("a"), 1), Put.of(key("b"), 2), Put.of(key("a"), 3)))
                .orThrow();

        assertThat(payload(0)).containsEntry("key", "a").containsEntry("new_value", 1L);
        assertThat(payload(1)).containsEntry("key", "b");
        assertThat(payload(2)).containsEntry("old_value", 1L).containsEntry("new_value", 3L);
        assertThat(journaled()).isEqualTo(3);
        // not a count of commits: the bus reserves numbers in the same store, whenever it likes
        assertThat(revisions(Space.EVENTS))
                .as("the commits that wrote the events and the values")
                .hasSize(1)
                .isEqualTo(revisions(Space.STATE));
    }

    @Test
    void refusedWrites_leaveNoEvent() {
        listen();
        hooks.registry().register(HookPoint.BEFORE_STATE_WRITE, HookOptions.named("no"), c -> HookResult.cancel("no"));

        assertThatThrownBy(() -> state.put(KEY, 1)).isInstanceOf(OperationCancelledException.class);
        assertThat(journaled()).isZero();
    }

    @Test
    void conflict_isToldAndLeavesNoChange() {
        long version = state.put(KEY, 1);
        listen();
        state.apply(List.of(new Check(KEY, 5_000), Put.of(KEY, 2), new Delete(key("x"))));

        assertThat(payload(0)).containsEntry("expected", 5_000L).containsEntry("actual", version);
        assertThat(events.get(0).type()).isEqualTo("state.conflict");
    }

    @Test
    void eventHookCancels_liveDeliveryOnly() {
        listen();
        hooks.registry()
                .register(HookPoint.BEFORE_EVENT_EMIT, HookOptions.named("quiet"), c -> HookResult.cancel("quiet"));
        state.put(KEY, 1);

        assertThat(state.exists(KEY)).isTrue();
        assertThat(journaled()).isEqualTo(1);
        assertThat(events).isEmpty();
    }

    @Test
    void failingSubscriber_doesNotFailTheWrite() {
        bus.subscribe(
                "state.*",
                SubscribeOptions.DEFAULT.onPublisherThread(),
                (event, redelivered) -> {
                    throw new ArithmeticException("boom");
                },
                Fixture.HOST);

        state.put(KEY, 1);
        assertThat(state.exists(KEY)).isTrue();
    }

    @Test
    void subscriber_readsTheValueThatTheEventTellsOf_orANewerOne() {
        List<String> stale = new CopyOnWriteArrayList<>();
        CountDownLatch heard = new CountDownLatch(400);
        bus.subscribe(
                "state.changed",
                SubscribeOptions.DEFAULT,
                (event, redelivered) -> {
                    long told = (long) Objects.requireNonNull(
                            ((JsonObject) Objects.requireNonNull(event.payload())).get("new_value"));
                    Optional<StateValue> now = state.get(KEY);
                    if (now.isEmpty() || (long) Objects.requireNonNull(now.get().json()) < told) {
                        stale.add(told + " but " + now);
                    }
                    heard.countDown();
                },
                Fixture.HOST);
        for (int i = 0; i < 400; i++) {
            state.put(KEY, i);
        }

        Awaitility.await().until(() -> heard.getCount() == 0);
        assertThat(stale).isEmpty();
    }

    @Test
    void eightWriters_eventsComeInCommitOrderAndChainOldToNew() throws InterruptedException {
        listen();
        int each = 100;
        List<Thread> writers = new ArrayList<>();
        IntStream.range(0, 8)
                .forEach(writer -> writers.add(new Thread(() -> {
                    for (int i = 0; i < each; i++) {
                        state.put(KEY, writer * 1_000 + i);
                    }
                })));
        writers.forEach(Thread::start);
        for (Thread writer : writers) {
            writer.join();
        }

        Awaitility.await().until(() -> events.size() == 8 * each);
        Object last = null;
        long sequence = 0;
        for (int i = 0; i < events.size(); i++) {
            JsonObject payload = payload(i);
            assertThat(events.get(i).sequence()).isGreaterThan(sequence);
            if (payload.containsKey("old_value")) {
                assertThat(payload.get("old_value")).isEqualTo(last);
            }
            last = payload.get("new_value");
            sequence = events.get(i).sequence();
        }
        assertThat(state.get(KEY).map(StateValue::json)).contains(Objects.requireNonNull(last));
    }
}

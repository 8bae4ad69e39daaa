package io.llmspell.testing.event;

import static io.llmspell.testing.event.Buses.CALLER;
import static io.llmspell.testing.event.Buses.CLOCK;
import static io.llmspell.testing.event.Buses.DRAIN;
import static io.llmspell.testing.event.Buses.QUEUED;
import static io.llmspell.testing.event.Buses.SYNCHRONOUS;
import static io.llmspell.testing.event.Buses.draft;
import static io.llmspell.testing.event.Buses.eventually;
import static io.llmspell.testing.event.Buses.open;
import static io.llmspell.testing.event.Buses.publish;
import static io.llmspell.testing.event.Buses.queue;
import static io.llmspell.testing.event.Buses.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.event.BusStats;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventInbox;
import io.llmspell.core.event.Overflow;
import io.llmspell.core.event.StagedEvent;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.testing.gate.PointGate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Events of changes that are committed, and numbers that outlive the process. */
interface StagingContract extends EventBusFixture {
    /** A commit for buses without a store. */
    Commit.Done DONE = new Commit.Done(1, List.of(), WriteMode.MEMORY);

    private EventBus kept(TinyStore store, Gate gate) {
        return newBus(new BusSettings(CLOCK, gate, DRAIN, store, new TextCodec()));
    }

    /** A staged event reaches queues at the commit and synchronous handlers at the publish, each once. */
    @Test
    default void staged_delivery_waitsForCommitAndPublish() {
        try (EventBus bus = open(this)) {
            List<Long> queued = new CopyOnWriteArrayList<>();
            List<Long> direct = new CopyOnWriteArrayList<>();
            Subscription subscription =
                    bus.subscribe("a", QUEUED, (event, again) -> queued.add(event.sequence()), CALLER);
            bus.subscribe("a", SYNCHRONOUS, (event, again) -> direct.add(event.sequence()), CALLER);
            StagedEvent staged = bus.stage(draft("a", null), CALLER);
            publish(bus, "b", 1);
            assertThat(subscription.stats().offered()).isZero();
            refused(ErrorCode.INVALID_STATE, staged::publish);
            staged.committed(DONE);
            eventually(() -> assertThat(queued).containsExactly(2L));
            assertThat(direct).isEmpty();
            staged.publish();
            staged.publish();
            staged.committed(DONE);
            staged.dropped();
            assertThat(direct).containsExactly(2L);
            assertThat(subscription.stats().offered()).isEqualTo(1);
            assertThat(bus.stats().accepted()).isEqualTo(2);
        }
    }

    /** The number of the commit is in the payload that subscribers get. */
    @Test
    default void staged_versionMember_isTheNumberOfTheCommit() {
        try (EventBus bus = open(this)) {
            List<UniversalEvent> seen = new CopyOnWriteArrayList<>();
            bus.subscribe("a", SYNCHRONOUS, (event, again) -> seen.add(event), CALLER);
            StagedEvent staged = bus.stage(draft("a", JsonObject.of("n", 1)), "version", CALLER);
            staged.committed(DONE);
            staged.publish();
            assertThat(seen.get(0).payload()).isEqualTo(JsonObject.of("n", 1, "version", DONE.number()));
        }
    }

    /** A dropped event leaves no trace. */
    @Test
    default void staged_dropped_neverHappened() {
        try (EventBus bus = open(this)) {
            List<Long> seen = new ArrayList<>();
            bus.subscribe("a", SYNCHRONOUS, (event, again) -> seen.add(event.sequence()), CALLER);
            StagedEvent staged = bus.stage(draft("a", null), CALLER);
            staged.dropped();
            staged.committed(DONE);
            staged.publish();
            assertThat(seen).isEmpty();
            assertThat(bus.stats()).isEqualTo(new BusStats(0, 0, 0, 0, 1, 0, 0, 0, 0, 0));
        }
    }

    /** Without a journal there is nothing to write. */
    @Test
    default void staged_withoutJournal_hasNoWrite() {
        try (EventBus bus = open(this)) {
            assertThat(bus.stage(draft("a", null), CALLER).write()).isEmpty();
        }
    }

    /** The points fire once each: before the commit and after the publish. */
    @Test
    default void staged_points_fireBeforeTheCommitAndAfterThePublish() {
        PointGate gate = new PointGate();
        try (EventBus bus = open(this, gate)) {
            StagedEvent staged = bus.stage(draft("a", null), CALLER);
            assertThat(gate.firings(HookPoint.BEFORE_EVENT_EMIT)).hasSize(1);
            staged.committed(DONE);
            assertThat(gate.firings(HookPoint.AFTER_EVENT_EMIT)).isEmpty();
            staged.publish();
            assertThat(gate.firings(HookPoint.AFTER_EVENT_EMIT)).hasSize(1);
            assertThat(gate.firings(HookPoint.BEFORE_EVENT_EMIT)).hasSize(1);
        }
    }

    /** The record holds the event as delivered, but its secrets. */
    @Test
    default void staged_record_saysWhatTheEventSaysWithSecretsMasked() {
        PointGate gate = new PointGate()
                .on(
                        HookPoint.BEFORE_EVENT_EMIT,
                        data -> HookResult.modified(
                                JsonObject.of("data", JsonObject.of("password", "hunter22", "n", 1L))));
        TinyStore store = new TinyStore();
        try (EventBus bus = kept(store, gate)) {
            List<UniversalEvent> seen = new ArrayList<>();
            bus.subscribe("a", SYNCHRONOUS, (event, again) -> seen.add(event), CALLER);
            StagedEvent staged =
                    bus.stage(draft("a", null).withTags(Set.of("t")).withLinks("before", null), CALLER);
            store.commit(new Batch(List.of(staged.write().orElseThrow()), WriteMode.DURABLE, staged::committed))
                    .orThrow();
            staged.publish();
            UniversalEvent event = seen.get(0);
            assertThat(event.payload()).isEqualTo(JsonObject.of("password", "hunter22", "n", 1L));
            Object kept =
                    new TextCodec().decode(Bytes.utf8("events"), store.log().get(0));
            assertThat(kept)
                    .isEqualTo(JsonObject.of(
                            "id",
                            event.id().toString(),
                            "type",
                            "a",
                            "payload",
                            JsonObject.of("password", Redactor.MASK, "n", 1L),
                            "source",
                            JsonObject.of(
                                    "type",
                                    "system",
                                    "name",
                                    "contract",
                                    "id",
                                    event.source().id().toString()),
                            "language",
                            "java",
                            "timestamp",
                            event.timestamp().toString(),
                            "correlation_id",
                            "run-1",
                            "causation_id",
                            "before",
                            "tags",
                            List.of("t"),
                            "attributes",
                            Map.of(),
                            "schema_version",
                            "1.0"));
        }
    }

    /** A veto stops the delivery; the record stays. */
    @Test
    default void staged_cancelledByAHook_isKeptButNotDelivered() {
        PointGate gate = new PointGate().on(HookPoint.BEFORE_EVENT_EMIT, data -> HookResult.cancel("no"));
        TinyStore store = new TinyStore();
        try (EventBus bus = kept(store, gate)) {
            EventInbox inbox = bus.inbox("a", QUEUED, CALLER);
            StagedEvent staged = bus.stage(draft("a", null), CALLER);
            Write write = staged.write().orElseThrow();
            assertThat(write.space()).isEqualTo(Space.EVENTS);
            staged.committed(DONE);
            staged.publish();
            assertThat(inbox.poll()).isEmpty();
            assertThat(gate.firings(HookPoint.AFTER_EVENT_EMIT)).isEmpty();
            assertThat(bus.stats()).isEqualTo(new BusStats(1, 0, 1, 0, 1, 0, 0, 0, 0, 0));
        }
    }

    /** Subscribers see events of changes in the order of the commits. */
    @Test
    default void staged_manyWriters_areDeliveredInTheOrderOfTheirCommits() {
        TinyStore store = new TinyStore();
        TextCodec codec = new TextCodec();
        try (EventBus bus = kept(store, new PassThroughGate())) {
            List<UniversalEvent> seen = new CopyOnWriteArrayList<>();
            bus.subscribe("a", queue(10_000, Overflow.REJECT), (event, again) -> seen.add(event), CALLER);
            List<Callable<Boolean>> writers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                writers.add(() -> write(bus, store, 200));
            }
            Buses.atOnce(writers);
            eventually(() -> assertThat(seen).hasSize(800));
            List<Object> kept = store.log().stream()
                    .map(record ->
                            ((JsonObject) Objects.requireNonNull(codec.decode(Bytes.utf8("events"), record))).get("id"))
                    .toList();
            assertThat(seen.stream().map(event -> (Object) event.id().toString()))
                    .isEqualTo(kept);
            assertThat(seen).extracting(UniversalEvent::sequence).isSorted().doesNotHaveDuplicates();
        }
    }

    private static boolean write(EventBus bus, TinyStore store, int count) {
        for (int i = 0; i < count; i++) {
            StagedEvent staged = bus.stage(draft("a", null), CALLER);
            store.commit(new Batch(List.of(staged.write().orElseThrow()), WriteMode.DURABLE, staged::committed))
                    .orThrow();
            staged.publish();
        }
        return true;
    }

    /** A full queue holds up the owner and never the commit. */
    @Test
    default void staged_blockingQueueIsFull_commitDoesNotWaitPublishDoes() {
        try (EventBus bus = open(this)) {
            EventInbox inbox = bus.inbox("a", queue(1, Overflow.BLOCK), CALLER);
            publish(bus, "a", 1);
            StagedEvent staged = bus.stage(draft("a", "second"), CALLER);
            staged.committed(DONE);
            assertThat(inbox.poll()).isPresent();
            staged.publish();
            assertThat(inbox.poll().map(UniversalEvent::payload)).contains("second");
        }
    }

    /** Who waits for an inbox does not run on the committing thread. */
    @Test
    default void staged_waitingInbox_isNotServedByTheCommittingThread() {
        try (EventBus bus = open(this)) {
            EventInbox inbox = bus.inbox("a", QUEUED, CALLER);
            List<Thread> threads = new CopyOnWriteArrayList<>();
            inbox.next().thenAccept(event -> threads.add(Thread.currentThread()));
            bus.stage(draft("a", null), CALLER).committed(DONE);
            eventually(() -> assertThat(threads).hasSize(1).doesNotContain(Thread.currentThread()));
        }
    }

    /** A bus that closes between stage and commit does not fail the commit. */
    @Test
    default void staged_busClosedMeanwhile_commitGoesThrough() {
        EventBus bus = open(this);
        StagedEvent staged = bus.stage(draft("a", null), CALLER);
        bus.close();
        staged.committed(DONE);
        staged.publish();
        assertThat(bus.stats()).isEqualTo(new BusStats(1, 0, 1, 0, 0, 0, 0, 0, 0, 0));
    }

    /** Numbers never go back across restarts. */
    @Test
    default void sequence_secondProcess_beginsAboveTheFirst() {
        TinyStore store = new TinyStore();
        long last;
        try (EventBus bus = kept(store, new PassThroughGate())) {
            publish(bus, "a", 25_000);
            last = bus.publish(draft("a", null), CALLER).orThrow().sequence();
            assertThat(last).isEqualTo(25_001);
        }
        try (EventBus bus = kept(store, new PassThroughGate())) {
            assertThat(bus.stats().accepted()).isZero();
            assertThat(bus.publish(draft("a", null), CALLER).orThrow().sequence())
                    .isGreaterThan(last);
            assertThat(Buses.getAsync(bus, "a").orThrow().sequence()).isGreaterThan(last + 1);
            assertThat(bus.stats().accepted()).isEqualTo(2);
        }
    }

    /** Without numbers publishers get the store's error, and go on when it works again. */
    @Test
    default void sequence_storeFails_publishersAreRefusedAndRecover() {
        TinyStore store = new TinyStore();
        try (EventBus bus = kept(store, new PassThroughGate())) {
            store.failing(true);
            refused(ErrorCode.STORE_FULL, () -> bus.publish(draft("a", null), CALLER));
            refused(ErrorCode.STORE_FULL, () -> Buses.getAsync(bus, "a"));
            store.failing(false);
            assertThat(bus.publish(draft("a", null), CALLER).orThrow().sequence())
                    .isEqualTo(1);
            assertThat(bus.stats()).isEqualTo(new BusStats(3, 1, 2, 0, 0, 0, 0, 0, 0, 0));
        }
    }

    /** Two buses on one store do not give the same numbers unseen. */
    @Test
    default void sequence_twoBusesOnOneStore_findEachOtherOut() {
        TinyStore store = new TinyStore();
        try (EventBus one = kept(store, new PassThroughGate());
                EventBus other = kept(store, new PassThroughGate())) {
            publish(one, "a", 1);
            publish(other, "a", 1);
            refused(ErrorCode.INVALID_STATE, () -> publish(one, "a", 20_000));
        }
    }
}

package io.llmspell.state;

import static io.llmspell.state.AccessHouse.ANN;
import static io.llmspell.state.AccessHouse.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.audit.AuditQuery;
import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.state.Boundary;
import io.llmspell.core.state.GrantAccess;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.scheduler.Schedulers;

@Timeout(60)
class StateAuditTest {
    private static final Scope ANNS = Scope.agent("ann");
    private static final StateKey NOTE = StateKey.of(ANNS, "note");

    private final AccessHouse house = new AccessHouse();

    @AfterEach
    void close() {
        house.close();
    }

    private void bobReads() {
        catchThrowable(() -> house.as(BOB).get(NOTE));
    }

    /** What the log itself has, without what is counted only. */
    private List<AuditRecord> written() {
        return house.log.query(AuditQuery.newest(1_000).doing("state."));
    }

    @Test
    void denial_isInTheLog_beforeItsCallerGoesOn() {
        bobReads();
        assertThat(written()).singleElement().satisfies(record -> {
            assertThat(record.principal()).isEqualTo(BOB);
            assertThat(record.action()).isEqualTo("state.read");
            assertThat(record.target()).isEqualTo("agent:ann");
            assertThat(record.key()).isEqualTo("note");
            assertThat(record.allowed()).isFalse();
            assertThat(record.reason()).isEqualTo("no grant");
            assertThat(record.count()).isEqualTo(1);
            assertThat(record.timestamp()).isEqualTo(house.time.now());
            assertThat(record.correlation()).isEqualTo(Fixture.RUN);
        });
    }

    @Test
    void denials_ofEveryOperation_haveTheirName() {
        catchThrowable(() -> house.as(BOB).get(NOTE));
        catchThrowable(() -> house.as(BOB).put(NOTE, 1));
        catchThrowable(() -> house.as(BOB).delete(NOTE));
        catchThrowable(() -> house.as(BOB).clear(ANNS));
        catchThrowable(() -> house.as(BOB).keys(ANNS));
        catchThrowable(() -> house.as(BOB)
                .applyAsync(List.of(new StateChange.Check(NOTE, 0)))
                .block());
        house.access().cutOff("bob", "test");
        catchThrowable(() -> house.as(BOB).get(Fixture.KEY));
        assertThat(house.audit())
                .extracting(AuditRecord::action, AuditRecord::key, AuditRecord::reason, AuditRecord::count)
                .containsExactlyInAnyOrder(
                        tuple("state.read", "note", "no grant", 1L),
                        tuple("state.read", "note", "no grant", 1L),
                        tuple("state.write", "note", "no grant", 1L),
                        tuple("state.delete", "note", "no grant", 1L),
                        tuple("state.delete", null, "no grant", 1L),
                        tuple("state.list", null, "no grant", 1L),
                        tuple("state.cut_off", null, "test", 1L),
                        tuple("state.read", "key", "cut off", 1L));
    }

    @Test
    void repeats_withinASecond_areOneRecordWithTheirNumber() {
        for (int i = 0; i < 5; i++) {
            bobReads();
        }
        assertThat(written()).hasSize(1);
        house.time.advance(Duration.ofSeconds(1));
        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(written()).extracting(AuditRecord::count).containsExactly(4L, 1L));
        bobReads();
        assertThat(written()).extracting(AuditRecord::count).containsExactly(1L, 4L, 1L);
    }

    @Test
    void useOfAnothersScope_isInTheLog_aMomentLater() {
        house.access().grant(ANNS, "bob", GrantAccess.READ, null);
        bobReads();
        bobReads();
        house.as(BOB).put(StateKey.of(Scope.agent("bob"), "own"), 1);
        house.as(BOB).get(Fixture.KEY);
        house.as(ANN).get(NOTE);
        assertThat(written()).extracting(AuditRecord::action).containsExactly("state.grant");

        house.time.advance(Duration.ofSeconds(1));
        Awaitility.await().untilAsserted(() -> assertThat(written()).hasSize(2));
        AuditRecord used = written().get(0);
        assertThat(used.allowed()).isTrue();
        assertThat(used.count()).isEqualTo(2);
        assertThat(used.reason()).isEqualTo("grant");
    }

    @Test
    void useThroughABoundary_isInTheLog() {
        Scope board = house.access().share("board");
        house.access().setBoundary("bob", Boundary.SHARED_ACCESS);
        house.as(BOB).put(StateKey.of(board, "k"), 1);
        assertThat(house.audit())
                .extracting(AuditRecord::action, AuditRecord::target, AuditRecord::reason)
                .containsExactlyInAnyOrder(
                        tuple("state.share", "custom:shared:board", "declared"),
                        tuple("state.bound", "agent:bob", "shared_access"),
                        tuple("state.write", "custom:shared:board", "boundary"));
    }

    @Test
    void whatIsCounted_isWritten_whenTheManagerCloses() {
        for (int i = 0; i < 3; i++) {
            bobReads();
        }
        house.manager.close();
        assertThat(written()).extracting(AuditRecord::count).containsExactly(2L, 1L);
        assertThat(house.log.verify().records()).isEqualTo(2);
    }

    @Test
    void changesOfRights_andAttemptsAtThem_areInTheLog() {
        house.access().grant(ANNS, "bob", GrantAccess.READ, Duration.ofSeconds(5));
        house.access().revoke(ANNS, "bob");
        catchThrowable(() -> house.access(BOB).grant(ANNS, "bob", GrantAccess.READ, null));
        catchThrowable(() -> house.access(BOB).restore("bob"));
        assertThat(written())
                .extracting(
                        AuditRecord::action,
                        AuditRecord::allowed,
                        r -> r.principal().text())
                .containsExactly(
                        tuple("state.restore", false, "agent:bob"),
                        tuple("state.grant", false, "agent:bob"),
                        tuple("state.revoke", true, "host"),
                        tuple("state.grant", true, "host"));
        assertThat(written().get(3).reason()).startsWith("read to agent:bob until ");
    }

    @Test
    void attemptsAtRights_againAndAgain_areOneRecordWithTheirNumber() {
        for (int i = 0; i < 5; i++) {
            catchThrowable(() -> house.access(BOB).grant(ANNS, "bob", GrantAccess.READ, null));
        }
        assertThat(written()).extracting(AuditRecord::count).containsExactly(1L);
        assertThat(house.audit()).extracting(AuditRecord::count).containsExactly(4L, 1L);
    }

    @Test
    void otherRefusals_areInTheLog_beforeTheirCallerGoesOn() {
        house.access(ANN).share("board");
        house.host().put(StateKey.of(Scope.custom("shared:taken"), "k"), 1);
        catchThrowable(() -> house.access(BOB).share("board"));
        catchThrowable(() -> house.access(BOB).share("taken"));
        catchThrowable(() -> house.access(BOB).audit(AuditQuery.newest(1).by(ANN.text())));
        catchThrowable(() -> house.as(BOB)
                .apply(List.of(
                        new StateChange.Put(StateKey.of(Scope.agent("bob"), "k"), 1, null, StateClass.TRUSTED))));
        catchThrowable(() -> house.manager.reseal(Fixture.HOST.as(BOB)));
        assertThat(written())
                .filteredOn(record -> !record.allowed())
                .extracting(AuditRecord::principal, AuditRecord::action, AuditRecord::target, AuditRecord::reason)
                .containsExactly(
                        tuple(BOB, "state.reseal", "all state", "not the host"),
                        tuple(BOB, "state.write", "agent:bob", "class trusted"),
                        tuple(BOB, "state.audit", "agent:ann", "not its own"),
                        tuple(BOB, "state.share", "custom:shared:taken", "not the owner"),
                        tuple(BOB, "state.share", "custom:shared:board", "not the owner"));
    }

    @Test
    void useInATransactionOrUpdate_isCountedOnce() {
        house.host().put(NOTE, 1);
        house.access().grant(ANNS, "bob", GrantAccess.READ_WRITE, null);
        house.as(BOB).update(NOTE, old -> 2);
        assertThat(uses()).containsExactlyInAnyOrder("state.read 1", "state.write 1");
        house.time.advance(Duration.ofSeconds(5));
        house.as(BOB).transact(transaction -> {
            transaction.put(NOTE, transaction.get(NOTE).orElseThrow().version());
            return null;
        });
        assertThat(uses()).containsExactlyInAnyOrder("state.read 1", "state.write 1", "state.read 1", "state.write 1");
    }

    private List<String> uses() {
        return house.audit().stream()
                .filter(record -> record.principal().equals(BOB))
                .map(record -> record.action() + " " + record.count())
                .toList();
    }

    @Test
    void secretsInKeys_areMasked() {
        catchThrowable(() -> house.as(BOB).get(StateKey.of(ANNS, "ghp_0123456789abcdefghijABCDEFGHIJ012345")));
        assertThat(house.audit().get(0).key()).doesNotContain("0123456789").contains("REDACTED");
    }

    @Test
    void query_filters_andAgentsSeeTheirOwnAlone() {
        bobReads();
        catchThrowable(() -> house.as(ANN).keys(Scope.agent("bob")));
        house.access().grant(ANNS, "bob", GrantAccess.READ, null);
        house.time.advance(Duration.ofSeconds(5));
        bobReads();

        AuditQuery all = AuditQuery.newest(100);
        assertThat(house.access().audit(all.by("agent:bob"))).hasSize(2);
        assertThat(house.access().audit(all.on("agent:bob"))).hasSize(1);
        assertThat(house.access().audit(all.allowed(false))).hasSize(2);
        assertThat(house.access().audit(all.doing("state.list"))).hasSize(1);
        assertThat(house.access().audit(all.doing("tool."))).hasSize(4);
        assertThat(house.access().audit(all.since(house.time.now()))).hasSize(1);
        assertThat(house.access().audit(AuditQuery.newest(1))).hasSize(1);
        assertThat(house.access(BOB).audit(all))
                .extracting(AuditRecord::principal)
                .containsOnly(BOB);
        assertThatThrownBy(() -> house.access(BOB).audit(all.by("agent:ann")))
                .isInstanceOfSatisfying(
                        StateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ACCESS_DENIED));
    }

    @Test
    void attempts_fromManyThreads_areAllCounted() throws InterruptedException {
        int threads = 8;
        int each = 500;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        CountDownLatch start = new CountDownLatch(1);
        for (int t = 0; t < threads; t++) {
            pool.execute(() -> {
                catchThrowable(start::await);
                for (int i = 0; i < each; i++) {
                    bobReads();
                    if (i % 50 == 0) {
                        house.time.advance(Duration.ofMillis(200));
                    }
                }
            });
        }
        start.countDown();
        pool.shutdown();
        assertThat(pool.awaitTermination(50, TimeUnit.SECONDS)).isTrue();
        Awaitility.await()
                .untilAsserted(() -> assertThat(house.audit().stream()
                                .mapToLong(AuditRecord::count)
                                .sum())
                        .isEqualTo(threads * each));
    }

    @Test
    void denial_onAThreadThatMustNotBlock_isWrittenByAnother() {
        house.as(BOB)
                .applyAsync(List.of(StateChange.Put.of(NOTE, 1)))
                .subscribeOn(Schedulers.parallel())
                .onErrorComplete()
                .block();
        Awaitility.await().untilAsserted(() -> assertThat(written()).hasSize(1));
    }

    @Test
    void denial_onAThreadThatMustNotBlock_isInTheLogWhenTheManagerIsClosed() throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AuditLog slow = (AuditLog) Proxy.newProxyInstance(
                AuditLog.class.getClassLoader(), new Class<?>[] {AuditLog.class}, (self, method, arguments) -> {
                    if (method.getName().equals("append")) {
                        inside.countDown();
                        assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
                    }
                    return method.invoke(house.log, arguments);
                });
        StateManager manager = States.builder()
                .storage(house.store)
                .codec(Fixture.CODEC)
                .gate(house.hooks.gate())
                .audit(slow)
                .time(house.time)
                .build();
        manager.as(Fixture.HOST.as(BOB))
                .applyAsync(List.of(StateChange.Put.of(NOTE, 1)))
                .subscribeOn(Schedulers.parallel())
                .onErrorComplete()
                .block();
        assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();
        Thread closing = new Thread(manager::close);
        closing.start();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> closing.getState() == Thread.State.WAITING || !closing.isAlive());
        assertThat(closing.isAlive()).as("it waits for the record").isTrue();
        go.countDown();
        closing.join();
        assertThat(written()).hasSize(1);
    }

    @Test
    void manager_withoutAnAuditLog_deniesAllTheSame_andSaysSoWhenAsked() {
        try (var bare = States.builder()
                .storage(house.store)
                .codec(Fixture.CODEC)
                .gate(house.hooks.gate())
                .build()) {
            assertThatThrownBy(() -> bare.as(Fixture.HOST.as(BOB)).get(NOTE)).isInstanceOf(StateException.class);
            assertThatThrownBy(() -> bare.access(Fixture.HOST).audit(AuditQuery.newest(1)))
                    .isInstanceOf(InvalidStateException.class)
                    .hasMessageContaining("StatesBuilder.audit");
        }
    }
}

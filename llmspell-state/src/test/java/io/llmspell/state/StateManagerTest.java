package io.llmspell.state;

import static io.llmspell.state.Fixture.KEY;
import static io.llmspell.state.Fixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.ScopeKind;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateChange.Check;
import io.llmspell.core.state.StateChange.Delete;
import io.llmspell.core.state.StateChange.Put;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateCommit;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.state.StateView;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

class StateManagerTest {
    private final ManualTime time = new ManualTime();
    private final PassThroughGate gate = new PassThroughGate();
    private final Fixture fixture = new Fixture(gate, time);
    private final StateView state = fixture.host();

    @AfterEach
    void close() {
        fixture.close();
    }

    private int recordsInStore() {
        int count = 0;
        try (var cursor = fixture.store.scan(Space.STATE, Range.all())) {
            while (cursor.next()) {
                count++;
            }
        }
        return count;
    }

    private static Put put(StateKey key, Object json, StateClass stateClass) {
        return new Put(key, json, null, stateClass);
    }

    // ---- values ----

    @Test
    void get_absentKey_isEmpty() {
        assertThat(state.get(KEY)).isEmpty();
        assertThat(state.exists(KEY)).isFalse();
    }

    @Test
    void put_anyJsonValue_comesBackExactly() {
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("z", 9007199254740993L);
        raw.put("a", JsonArray.of(1, null, 1.5, "é😀", true));
        raw.put("null", null);
        long version = state.put(KEY, raw);

        assertThat(state.get(KEY))
                .contains(new StateValue(
                        JsonObject.of(
                                "z", 9007199254740993L, "a", JsonArray.of(1, null, 1.5, "é😀", true), "null", null),
                        version));
    }

    @Test
    void put_jsonNull_isAValue() {
        state.put(KEY, null);

        assertThat(state.exists(KEY)).isTrue();
        assertThat(state.get(KEY).orElseThrow().json()).isNull();
    }

    @Test
    void put_again_hasALargerVersion() {
        long first = state.put(KEY, 1);
        long second = state.put(KEY, 2);

        assertThat(second).isGreaterThan(first);
        assertThat(state.get(KEY)).contains(new StateValue(2L, second));
    }

    @Test
    void put_mutableMap_isCopied() {
        Map<String, Object> raw = new LinkedHashMap<>(Map.of("a", 1));
        state.put(KEY, raw);
        raw.put("a", 2);

        assertThat(state.get(KEY).orElseThrow().json()).isEqualTo(JsonObject.of("a", 1));
    }

    @Test
    void put_newManagerOverTheSameStore_findsTheValue() {
        long version = state.put(KEY, "x");
        try (Fixture second = new Fixture(fixture.store, gate, time, null)) {
            assertThat(second.host().get(KEY)).contains(new StateValue("x", version));
        }
    }

    @Test
    void put_valueOfExactlyOneMebibyte_isKept() {
        String text = "x".repeat((1 << 20) - 2);
        state.put(KEY, text);

        assertThat(state.get(KEY).orElseThrow().json()).isEqualTo(text);
    }

    @Test
    void put_oneByteTooMany_isRefusedAndStoresNothing() {
        assertThatExceptionOfType(JsonValueException.class)
                .isThrownBy(() -> state.put(KEY, "x".repeat((1 << 20) - 1)))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE_TOO_LARGE));
        assertThat(recordsInStore()).isZero();
    }

    @Test
    void put_cycle_isRefused() {
        List<Object> cycle = new ArrayList<>();
        cycle.add(cycle);

        assertThatExceptionOfType(JsonValueException.class)
                .isThrownBy(() -> state.put(KEY, cycle))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.VALUE_NOT_CONVERTIBLE));
    }

    // ---- delete, list, clear ----

    @Test
    void delete_presentKey_isTrueOnce() {
        state.put(KEY, 1);

        assertThat(state.delete(KEY)).isTrue();
        assertThat(state.get(KEY)).isEmpty();
        assertThat(state.delete(KEY)).isFalse();
    }

    @Test
    void keys_ofAScope_areItsOwnInUtf8Order() {
        List.of("b", "a", "😀", "ﬀ", "B").forEach(name -> state.put(key(name), 1));
        state.put(StateKey.of(Scope.agent("x"), "other"), 1);

        assertThat(state.keys(Scope.GLOBAL)).containsExactly("B", "a", "b", "ﬀ", "😀");
        assertThat(state.keys(Scope.agent("x"))).containsExactly("other");
        assertThat(state.keys(Scope.agent("y"))).isEmpty();
    }

    @Test
    void keys_scopesThatBeginAlike_doNotMix() {
        state.put(StateKey.of(Scope.agent("a"), "b:c"), 1);
        state.put(StateKey.of(Scope.agent("a:b"), "c"), 2);
        state.put(StateKey.of(Scope.parse("step:a:b"), "c"), 3);

        assertThat(state.keys(Scope.agent("a"))).containsExactly("b:c");
        assertThat(state.keys(Scope.agent("a:b"))).containsExactly("c");
        assertThat(state.clear(Scope.agent("a"))).isEqualTo(1);
        assertThat(state.exists(StateKey.of(Scope.agent("a:b"), "c"))).isTrue();
        assertThat(state.exists(StateKey.of(Scope.parse("step:a:b"), "c"))).isTrue();
    }

    @Test
    void all_givesValuesWithVersionsInOrder() {
        long b = state.put(key("b"), 2);
        long a = state.put(key("a"), 1);

        assertThat(state.all(Scope.GLOBAL))
                .containsExactly(Map.entry("a", new StateValue(1L, a)), Map.entry("b", new StateValue(2L, b)));
    }

    @Test
    void clear_removesTheScopeAndCounts() {
        state.put(key("a"), 1);
        state.put(key("b"), 1);
        state.apply(List.of(put(key("c"), 1, StateClass.EPHEMERAL)));
        state.put(StateKey.of(Scope.custom("system"), "a"), 1);

        assertThat(state.clear(Scope.GLOBAL)).isEqualTo(3);
        assertThat(state.keys(Scope.GLOBAL)).isEmpty();
        assertThat(state.keys(Scope.custom("system"))).containsExactly("a");
        assertThat(state.clear(Scope.GLOBAL)).isZero();
    }

    // ---- atomic changes ----

    @Test
    void apply_severalKeys_haveOneVersion() {
        StateCommit.Done done = state.apply(List.of(
                        Put.of(key("a"), 1), Put.of(StateKey.of(Scope.agent("x"), "b"), 2), new Delete(key("gone"))))
                .orThrow();

        assertThat(state.get(key("a"))).contains(new StateValue(1L, done.version()));
        assertThat(state.get(StateKey.of(Scope.agent("x"), "b"))).contains(new StateValue(2L, done.version()));
        assertThat(done.mode()).isEqualTo(WriteMode.MEMORY);
    }

    @Test
    void apply_sameKeyTwice_lastOneCounts() {
        state.apply(List.of(Put.of(KEY, 1), Put.of(KEY, 2))).orThrow();

        assertThat(state.get(KEY).orElseThrow().json()).isEqualTo(2L);
    }

    @Test
    void apply_checkThatHolds_commits() {
        long version = state.put(KEY, 1);

        assertThat(state.apply(List.of(new Check(KEY, version), Put.of(KEY, 2))))
                .isInstanceOf(StateCommit.Done.class);
        assertThat(state.apply(List.of(new Check(key("new"), 0), Put.of(key("new"), 1))))
                .isInstanceOf(StateCommit.Done.class);
    }

    @Test
    void apply_checkThatFails_changesNothing() {
        long version = state.put(KEY, 1);

        StateCommit commit = state.apply(List.of(Put.of(key("other"), 1), new Check(KEY, version + 7)));

        assertThat(commit).isEqualTo(new StateCommit.Conflict(KEY, version));
        assertThat(state.exists(key("other"))).isFalse();
        assertThat(state.apply(List.of(new Check(KEY, 0), Put.of(KEY, 2))))
                .isEqualTo(new StateCommit.Conflict(KEY, version));
        assertThat(state.apply(List.of(new Check(key("none"), 3)))).isEqualTo(new StateCommit.Conflict(key("none"), 0));
        assertThatExceptionOfType(StateException.class)
                .isThrownBy(commit::orThrow)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.STATE_CONFLICT));
    }

    @Test
    void apply_checksAlone_areAnswered() {
        long version = state.put(KEY, 1);

        assertThat(state.apply(List.of(new Check(KEY, version)))).isInstanceOf(StateCommit.Done.class);
    }

    @Test
    void apply_oneBadChange_changesNothing() {
        List<StateChange> changes = List.of(Put.of(key("a"), 1), new Put(key("b"), "x", Duration.ZERO, null));

        assertThatThrownBy(() -> state.apply(changes)).isInstanceOf(ArgumentException.class);
        assertThat(state.exists(key("a"))).isFalse();
    }

    @Test
    void apply_nothing_isRefused() {
        assertThatThrownBy(() -> state.apply(List.of()))
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("at least one change");
    }

    @Test
    void applyAsync_oneOrSeveral_commitForEachSubscriber() {
        var one = state.applyAsync(List.of(Put.of(KEY, 1)));
        assertThat(state.exists(KEY)).isFalse();

        StepVerifier.create(one)
                .expectNextMatches(StateCommit.Done.class::isInstance)
                .verifyComplete();
        StepVerifier.create(one)
                .expectNextMatches(StateCommit.Done.class::isInstance)
                .verifyComplete();
        StepVerifier.create(state.applyAsync(List.of(Put.of(key("a"), 1), Put.of(key("b"), 2))))
                .expectNextMatches(StateCommit.Done.class::isInstance)
                .verifyComplete();

        assertThat(state.keys(Scope.GLOBAL)).containsExactly("a", "b", "key");
    }

    @Test
    void applyAsync_conflictAndRefusal_arriveAsSuch() {
        state.put(KEY, 1);

        StepVerifier.create(state.applyAsync(List.of(new Check(KEY, 0), Put.of(KEY, 2))))
                .expectNextMatches(StateCommit.Conflict.class::isInstance)
                .verifyComplete();
        StepVerifier.create(state.applyAsync(List.of(new Put(key("b"), 2, Duration.ZERO, null))))
                .verifyError(ArgumentException.class);
        StepVerifier.create(state.applyAsync(List.of(put(key("m"), 1, StateClass.EPHEMERAL))))
                .expectNextMatches(StateCommit.Done.class::isInstance)
                .verifyComplete();
    }

    // ---- time to live ----

    @Test
    void ttl_passed_valueIsAbsentEverywhereAndRemoved() {
        state.apply(List.of(new Put(KEY, 1, Duration.ofSeconds(10), null))).orThrow();
        time.advance(Duration.ofMillis(9_999));
        assertThat(state.exists(KEY)).isTrue();
        time.advance(Duration.ofMillis(1));

        assertThat(state.keys(Scope.GLOBAL)).isEmpty();
        assertThat(state.all(Scope.GLOBAL)).isEmpty();
        assertThat(recordsInStore()).isEqualTo(1);
        assertThat(state.get(KEY)).isEmpty();
        Awaitility.await().until(() -> recordsInStore() == 0);
    }

    @Test
    void ttl_ofAValueThatWasNotCached_countsTheSame() {
        state.apply(List.of(new Put(KEY, 1, Duration.ofSeconds(10), null))).orThrow();
        try (Fixture second = new Fixture(fixture.store, gate, time, null)) {
            time.advance(Duration.ofSeconds(9));
            assertThat(second.host().exists(KEY)).isTrue();
            time.advance(Duration.ofSeconds(1));
            assertThat(second.host().exists(KEY)).isFalse();
        }
    }

    @Test
    void ttl_wallClockSteps_changeNothing() {
        state.apply(List.of(new Put(KEY, 1, Duration.ofSeconds(10), null))).orThrow();
        time.setWall(Instant.parse("2036-01-01T00:00:00Z"));
        assertThat(state.exists(KEY)).isTrue();
        time.setWall(Instant.parse("2020-01-01T00:00:00Z"));
        time.advance(Duration.ofSeconds(10));

        assertThat(state.exists(KEY)).isFalse();
    }

    @Test
    void ttl_passed_checkSeesAbsent() {
        long version = state.apply(List.of(new Put(KEY, 1, Duration.ofSeconds(1), null)))
                .orThrow()
                .version();
        time.advance(Duration.ofSeconds(1));

        assertThat(state.apply(List.of(new Check(KEY, version), Put.of(KEY, 2))))
                .isEqualTo(new StateCommit.Conflict(KEY, 0));
        assertThat(state.apply(List.of(new Check(KEY, 0), Put.of(KEY, 2)))).isInstanceOf(StateCommit.Done.class);
        assertThat(state.get(KEY).orElseThrow().json()).isEqualTo(2L);
    }

    @Test
    void ttl_passed_deleteFindsNothing() {
        state.apply(List.of(new Put(KEY, 1, Duration.ofSeconds(1), null))).orThrow();
        time.advance(Duration.ofSeconds(1));

        assertThat(state.delete(KEY)).isFalse();
    }

    @Test
    void ttl_valueWrittenAgain_livesOn() {
        state.apply(List.of(new Put(KEY, 1, Duration.ofSeconds(1), null))).orThrow();
        state.put(KEY, 2);
        time.advance(Duration.ofSeconds(5));

        assertThat(state.get(KEY).orElseThrow().json()).isEqualTo(2L);
    }

    @Test
    void ttl_endless_neverEnds() {
        state.apply(List.of(new Put(KEY, 1, Duration.ofSeconds(Long.MAX_VALUE), null)))
                .orThrow();
        time.advance(Duration.ofDays(10_000));

        assertThat(state.exists(KEY)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void ttl_notPositive_isRefused(long seconds) {
        assertThatThrownBy(() -> state.apply(List.of(new Put(KEY, 1, Duration.ofSeconds(seconds), null))))
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("positive");
    }

    // ---- classes ----

    @ParameterizedTest
    @ValueSource(strings = {"total_tokens", "author", "secretary", "tokenizer"})
    void put_harmlessKey_isStored(String name) {
        state.put(key(name), 1);

        assertThat(state.exists(key(name))).isTrue();
    }

    @Test
    void put_externalKeyDeclaredStandard_isStored() {
        state.apply(List.of(put(key("external:page"), "v", StateClass.STANDARD)))
                .orThrow();

        assertThat(state.exists(key("external:page"))).isTrue();
    }

    @Test
    void ephemeral_value_isReadAndListedButNeverStored() {
        state.put(key("cache:a"), 1);
        state.apply(List.of(put(key("m"), 2, StateClass.EPHEMERAL))).orThrow();
        state.put(key("d"), 3);

        assertThat(state.keys(Scope.GLOBAL)).containsExactly("cache:a", "d", "m");
        assertThat(state.all(Scope.GLOBAL).values().stream().map(StateValue::json))
                .containsExactly(1L, 3L, 2L);
        assertThat(recordsInStore()).isEqualTo(1);
        assertThat(state.delete(key("m"))).isTrue();
        assertThat(state.exists(key("m"))).isFalse();
    }

    @Test
    void ephemeral_overAStoredValue_replacesIt() {
        state.put(KEY, 1);
        state.apply(List.of(put(KEY, 2, StateClass.EPHEMERAL))).orThrow();
        assertThat(recordsInStore()).isZero();
        assertThat(state.get(KEY).orElseThrow().json()).isEqualTo(2L);
        state.put(KEY, 3);

        assertThat(state.get(KEY).orElseThrow().json()).isEqualTo(3L);
        assertThat(state.keys(Scope.GLOBAL)).containsExactly("key");
    }

    @Test
    void ephemeral_checks_workAlone_andTogetherWithStoredValues() {
        StateKey memory = key("temp:m");
        assertThat(state.apply(List.of(new Check(memory, 0), Put.of(memory, 1))))
                .isInstanceOf(StateCommit.Done.class);
        long version = state.get(memory).orElseThrow().version();

        assertThat(state.apply(List.of(new Check(memory, 0), Put.of(memory, 2), Put.of(KEY, 2))))
                .isEqualTo(new StateCommit.Conflict(memory, version));
        assertThat(state.exists(KEY)).isFalse();
        assertThat(state.apply(List.of(new Check(memory, version), Put.of(memory, 2), Put.of(KEY, 2))))
                .isInstanceOf(StateCommit.Done.class);
        assertThat(state.get(memory).orElseThrow().version())
                .isEqualTo(state.get(KEY).orElseThrow().version());
    }

    @Test
    void ephemeral_tooMany_leastRecentlyUsedGo() {
        for (int i = 0; i < 20; i++) {
            state.put(key("cache:" + i), i);
        }
        state.get(key("cache:0"));
        state.put(key("cache:new"), 1);

        assertThat(state.exists(key("cache:0"))).isTrue();
        assertThat(state.exists(key("cache:1"))).isFalse();
        assertThat(state.keys(Scope.GLOBAL)).hasSize(20);
    }

    @Test
    void ephemeral_ttlPassed_isAbsent() {
        state.apply(List.of(new Put(key("temp:a"), 1, Duration.ofSeconds(1), null)))
                .orThrow();
        time.advance(Duration.ofSeconds(1));

        assertThat(state.exists(key("temp:a"))).isFalse();
        assertThat(state.keys(Scope.GLOBAL)).isEmpty();
    }

    @Test
    void trusted_isForHostAndRuntimeOnly() {
        state.apply(List.of(put(KEY, 1, StateClass.TRUSTED))).orThrow();
        fixture.as(new Principal.RuntimePart("monitor")).put(key("benchmark:a"), 1);

        assertThatExceptionOfType(StateException.class)
                .isThrownBy(() -> fixture.manager.as(Fixture.SCRIPT).apply(List.of(put(KEY, 2, StateClass.TRUSTED))))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.ACCESS_DENIED));
        fixture.manager.as(Fixture.SCRIPT).put(key("test:a"), 1);
        assertThat(state.exists(key("test:a"))).isTrue();
    }

    // ---- access ----

    private void assertDenied(StateView view, Scope scope) {
        StateKey key = StateKey.of(scope, "k");
        List<Runnable> attempts = List.of(
                () -> view.get(key),
                () -> view.exists(key),
                () -> view.keys(scope),
                () -> view.all(scope),
                () -> view.delete(key),
                () -> view.clear(scope),
                () -> view.put(key, "stolen"),
                () -> view.apply(List.of(new Check(key, 0))));
        for (Runnable attempt : attempts) {
            assertThatExceptionOfType(StateException.class)
                    .isThrownBy(attempt::run)
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.ACCESS_DENIED))
                    .withMessageContaining(scope.text());
        }
        StepVerifier.create(view.applyAsync(List.of(Put.of(key, "stolen")))).verifyError(StateException.class);
    }

    @Test
    void access_agent_usesItsOwnScopeAndGlobalOnly() {
        StateView planner = fixture.as(new Principal.Agent("planner"));
        planner.put(StateKey.of(Scope.agent("planner"), "k"), 1);
        planner.put(key("k"), 1);
        long before = gate.operations();

        for (Scope other : List.of(
                Scope.agent("writer"),
                Scope.agent("planner:x"),
                Scope.workflow("planner"),
                Scope.parse("step:planner:a"),
                Scope.session("planner"),
                Scope.of(ScopeKind.TOOL, "planner"),
                Scope.of(ScopeKind.HOOK, "planner"),
                Scope.custom("planner"))) {
            assertDenied(planner, other);
        }
        assertThat(gate.operations())
                .as("the notices of 8 times 9 denials, and nothing else")
                .isEqualTo(before + 72);
    }

    @Test
    void access_workflow_usesItsOwnScopesAndGlobalOnly() {
        StateView run = fixture.as(new Principal.Workflow("w1"));
        run.put(StateKey.of(Scope.workflow("w1"), "k"), 1);
        run.put(StateKey.of(Scope.parse("step:w1:a"), "k"), 1);
        run.put(key("k"), 1);

        assertDenied(run, Scope.workflow("w2"));
        assertDenied(run, Scope.parse("step:w2:a"));
        assertDenied(run, Scope.agent("w1"));
        assertDenied(run, Scope.custom("w1"));
    }

    @Test
    void access_hostRuntimeAndScript_useEveryScope() {
        for (Principal each :
                List.of(new Principal.Host(), new Principal.RuntimePart("x"), new Principal.Script("e", null))) {
            fixture.as(each).put(StateKey.of(Scope.agent("planner"), "k"), 1);
            assertThat(fixture.as(each).keys(Scope.agent("planner"))).containsExactly("k");
        }
    }

    @Test
    void access_agentWithDecomposedId_findsItsScope() {
        StateView agent = fixture.as(new Principal.Agent("e\u0301"));
        agent.put(StateKey.of(Scope.agent("\u00e9"), "k"), 1);

        assertThat(agent.keys(Scope.agent("e\u0301"))).containsExactly("k");
    }

    // ---- life ----

    @Test
    void everyRead_andWrite_passesTheGate() {
        state.put(KEY, 1);
        assertThat(gate.operations()).isEqualTo(1);
        state.get(KEY);
        assertThat(gate.operations()).isEqualTo(2);
        state.keys(Scope.GLOBAL);
        assertThat(gate.operations()).isEqualTo(3);
    }

    @Test
    void close_refusesFurtherCallsAndLeavesTheStoreOpen() {
        fixture.manager.close();
        fixture.manager.close();

        assertThatThrownBy(() -> state.get(KEY)).isInstanceOf(InvalidStateException.class);
        assertThatThrownBy(() -> state.put(KEY, 1)).isInstanceOf(InvalidStateException.class);
        assertThat(recordsInStore()).isZero();
    }

    @Test
    void storeClosed_callsSaySo() {
        state.put(KEY, 1);
        fixture.store.close();

        assertThatThrownBy(() -> state.put(KEY, 2))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("store_closed");
        assertThatThrownBy(() -> state.keys(Scope.GLOBAL)).isInstanceOf(StorageException.class);
    }

    @Test
    void builder_missingOrDoubleSettings_areRefused() {
        assertThatThrownBy(() -> States.builder().build())
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("storage is missing");
        assertThatThrownBy(() -> States.builder().gate(gate).gate(gate))
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("given twice");
        assertThatThrownBy(() -> States.builder().cacheSize(0)).isInstanceOf(ArgumentException.class);
    }
}

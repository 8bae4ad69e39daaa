package io.llmspell.state;

import static io.llmspell.state.Fixture.KEY;
import static io.llmspell.state.Fixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateChange.Check;
import io.llmspell.core.state.StateChange.Delete;
import io.llmspell.core.state.StateChange.Put;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateCommit;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateReader;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.state.StateView;
import io.llmspell.hooks.Hooks;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class StateHooksTest {
    private static final HookPoint STATE_CHANGE = HookPoint.parse("state_change");

    private final ManualTime time = new ManualTime();
    private final Hooks hooks = Hooks.builder()
            .time(time)
            .ids(IdGenerator.timeOrdered(time))
            .awaiter(Awaiter.blocking(time))
            .build();
    private final Fixture fixture = new Fixture(hooks.gate(), time);
    private final StateView state = fixture.host();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private int registered;

    @AfterEach
    void close() {
        fixture.close();
        hooks.close();
    }

    private void on(HookPoint point, Hook hook) {
        hooks.registry().register(point, HookOptions.named("hook-" + registered++), hook);
    }

    private void guard(HookPoint point, Hook hook) {
        HookOptions options = HookOptions.builder("guard-" + registered++)
                .failurePolicy(FailurePolicy.FAIL_CLOSED)
                .build();
        hooks.registry().register(point, options, hook);
    }

    private void record(HookPoint point) {
        on(point, context -> {
            seen.add(point + " " + context.data());
            return HookResult.proceed();
        });
    }

    private static JsonObject data(HookContext context) {
        return (JsonObject) Objects.requireNonNull(context.data());
    }

    private @Nullable Object value(StateKey key) {
        return state.get(key).map(StateValue::json).orElse(null);
    }

    // ---- reading for hooks ----

    @Test
    void reader_observers_areNotFired() {
        state.put(KEY, 1);
        record(HookPoint.BEFORE_STATE_READ);
        record(HookPoint.AFTER_STATE_READ);
        StateReader reader = fixture.manager.reader(Fixture.HOST);

        assertThat(reader.get(KEY).map(StateValue::json)).contains(1L);
        assertThat(reader.exists(KEY)).isTrue();
        assertThat(reader.keys(Scope.GLOBAL)).containsExactly("key");
        assertThat(seen).isEmpty();
    }

    @Test
    void reader_guards_stillHold() {
        state.put(KEY, 1);
        guard(HookPoint.BEFORE_STATE_READ, context -> HookResult.cancel("secret"));
        StateReader reader = fixture.manager.reader(Fixture.HOST);

        assertThatThrownBy(() -> reader.get(KEY)).isInstanceOf(OperationCancelledException.class);
        assertThatThrownBy(() -> reader.keys(Scope.GLOBAL)).isInstanceOf(OperationCancelledException.class);
    }

    @Test
    void reader_foreignScope_isDeniedAndTold() {
        record(HookPoint.SECURITY_VIOLATION);
        StateReader reader = fixture.manager.reader(Fixture.HOST.as(new Principal.Agent("a")));

        assertThatThrownBy(() -> reader.get(StateKey.of(Scope.agent("b"), "k"))).isInstanceOf(StateException.class);
        assertThat(seen)
                .containsExactly("SecurityViolation {rule=state_access, event_kind=permission_denied, severity=medium,"
                        + " principal=agent:a, target=agent:b, blocked=true}");
    }

    @Test
    void reader_closedManager_isRefused() {
        StateReader reader = fixture.manager.reader(Fixture.HOST);
        fixture.manager.close();

        assertThatThrownBy(() -> reader.get(KEY)).isInstanceOf(InvalidStateException.class);
    }

    @Test
    void contextState_hookThatReads_firesNoObserver() {
        hooks.state(fixture.manager::reader);
        state.put(KEY, 1);
        record(HookPoint.BEFORE_STATE_READ);
        on(HookPoint.BEFORE_STATE_WRITE, context -> {
            seen.add("reads " + context.state().get(KEY).map(StateValue::json));
            return HookResult.proceed();
        });
        state.put(KEY, 2);

        assertThat(seen).containsExactly("reads Optional[1]");
    }

    // ---- reading ----

    @Test
    void read_hooksSeeKeyClassAndValue() {
        state.put(KEY, 1);
        record(HookPoint.BEFORE_STATE_READ);
        record(HookPoint.AFTER_STATE_READ);
        state.get(KEY);

        assertThat(seen)
                .containsExactly(
                        "BeforeStateRead {scope=global, key=key, class=standard, principal=host}",
                        "AfterStateRead {scope=global, key=key, class=standard, principal=host, value=1}");
    }

    @Test
    void read_metadataAndComponent_nameTheKey() {
        on(HookPoint.BEFORE_STATE_READ, context -> {
            seen.add(context.component() + " " + context.metadata().get("scope") + " "
                    + context.metadata().get("key") + " " + context.metadata().get("principal"));
            return HookResult.proceed();
        });
        fixture.as(new Principal.Agent("a")).get(StateKey.of(Scope.agent("a"), "k"));

        assertThat(seen).containsExactly("system/state agent:a k agent:a");
    }

    @Test
    void beforeRead_cancel_refusesGetAndAllButNotOtherKeys() {
        state.put(KEY, 1);
        state.put(key("other"), 2);
        on(
                HookPoint.BEFORE_STATE_READ,
                context ->
                        "key".equals(data(context).get("key")) ? HookResult.cancel("private") : HookResult.proceed());

        assertThatExceptionOfType(OperationCancelledException.class)
                .isThrownBy(() -> state.get(KEY))
                .withMessageContaining("private");
        assertThatThrownBy(() -> state.all(Scope.GLOBAL)).isInstanceOf(OperationCancelledException.class);
        assertThat(value(key("other"))).isEqualTo(2L);
    }

    @Test
    void beforeRead_replace_answersWithoutVersion() {
        state.put(KEY, 1);
        on(HookPoint.BEFORE_STATE_READ, context -> HookResult.replace("fake"));

        assertThat(state.get(KEY)).contains(new StateValue("fake", 0));
    }

    @Test
    void beforeRead_replaceWithNull_isAbsent() {
        state.put(KEY, 1);
        on(HookPoint.BEFORE_STATE_READ, context -> HookResult.replace(null));

        assertThat(state.get(KEY)).isEmpty();
    }

    @Test
    void afterRead_modified_changesTheValueAndNothingElse() {
        long version = state.put(KEY, 1);
        on(
                HookPoint.AFTER_STATE_READ,
                context -> HookResult.modified(data(context).with("value", 2)));

        assertThat(state.get(KEY)).contains(new StateValue(2L, version));
        assertThat(state.all(Scope.GLOBAL)).containsEntry("key", new StateValue(2L, version));
    }

    @Test
    void afterRead_modifiedKey_isRefusedAndTheOldValueStands() {
        state.put(KEY, 1);
        on(
                HookPoint.AFTER_STATE_READ,
                context -> HookResult.modified(data(context).with("key", "other")));

        assertThat(value(KEY)).isEqualTo(1L);
    }

    @Test
    void afterRead_replaceThatLooksLikeData_isTakenAsTheValue() {
        JsonObject lookalike = JsonObject.of("scope", "global", "key", "key", "value", 7);
        on(HookPoint.AFTER_STATE_READ, context -> HookResult.replace(lookalike));

        assertThat(value(KEY)).isEqualTo(lookalike);
    }

    @Test
    void list_hookMayTakeKeysOut() {
        state.put(key("a"), 1);
        state.put(key("b"), 1);
        on(
                HookPoint.AFTER_STATE_READ,
                context -> data(context).get("key") == null
                        ? HookResult.modified(data(context).with("value", JsonArray.of("b", "invented")))
                        : HookResult.proceed());

        assertThat(state.keys(Scope.GLOBAL)).containsExactly("b");
        assertThat(state.all(Scope.GLOBAL).keySet()).containsExactly("b");
    }

    // ---- writing ----

    @Test
    void write_hooksSeeTheChangeInOrder() {
        state.put(KEY, 1);
        record(HookPoint.BEFORE_STATE_WRITE);
        record(STATE_CHANGE);
        record(HookPoint.AFTER_STATE_WRITE);
        long version = state.put(KEY, 2);

        String data = "{scope=global, key=key, class=standard, principal=host, value=2, ";
        assertThat(seen)
                .containsExactly(
                        "BeforeStateWrite " + data + "old_value=1, change=set}",
                        "state_change " + data + "old_value=1, change=set}",
                        "AfterStateWrite " + data + "change=set, version=" + version + ", old_value=1}");
    }

    @Test
    void deleteAndClear_hooksSeeThem() {
        state.put(KEY, 1);
        record(STATE_CHANGE);
        state.delete(KEY);
        state.put(KEY, 2);
        state.clear(Scope.GLOBAL);

        assertThat(seen).hasSize(3);
        assertThat(seen.get(0)).contains("value=null, old_value=1, change=delete");
        assertThat(seen.get(2)).contains("value=null, old_value=2, change=clear");
    }

    @Test
    void beforeWrite_modified_storesTheOtherValue() {
        on(
                HookPoint.BEFORE_STATE_WRITE,
                context -> HookResult.modified(data(context).with("value", "changed")));
        on(
                STATE_CHANGE,
                context ->
                        HookResult.modified(JsonObject.of("value", data(context).get("value") + "!")));
        state.put(KEY, 1);

        assertThat(value(KEY)).isEqualTo("changed!");
    }

    @Test
    void beforeWrite_modifiedTooLarge_failsTheHookAndTheOldValueStands() {
        on(
                HookPoint.BEFORE_STATE_WRITE,
                context -> HookResult.modified(JsonObject.of("value", "x".repeat((1 << 20) - 10))));
        state.put(KEY, 1);

        assertThat(value(KEY)).isEqualTo(1L);
    }

    @Test
    void beforeWrite_modifiedKeyByGuard_refusesTheWrite() {
        guard(
                HookPoint.BEFORE_STATE_WRITE,
                context -> HookResult.modified(data(context).with("key", "other")));

        assertThatExceptionOfType(LlmSpellException.class).isThrownBy(() -> state.put(KEY, 1));
        assertThat(state.keys(Scope.GLOBAL)).isEmpty();
    }

    @Test
    void beforeWrite_modifiedDelete_isRefused() {
        state.put(KEY, 1);
        guard(
                HookPoint.BEFORE_STATE_WRITE,
                context -> HookResult.modified(data(context).with("value", 2)));

        assertThatExceptionOfType(LlmSpellException.class).isThrownBy(() -> state.delete(KEY));
        assertThat(state.get(KEY)).isPresent();
    }

    @Test
    void beforeWrite_cancel_storesNothing() {
        on(HookPoint.BEFORE_STATE_WRITE, context -> HookResult.cancel("no"));

        assertThatExceptionOfType(OperationCancelledException.class)
                .isThrownBy(() -> state.put(KEY, 1))
                .satisfies(e -> assertThat(e.details()).doesNotContainKey("committed"));
        assertThat(state.keys(Scope.GLOBAL)).isEmpty();
    }

    @Test
    void beforeWrite_replace_isRefused() {
        guard(HookPoint.BEFORE_STATE_WRITE, context -> HookResult.replace(7));

        assertThatThrownBy(() -> state.put(KEY, 1)).isInstanceOf(LlmSpellException.class);
        assertThat(state.keys(Scope.GLOBAL)).isEmpty();
    }

    @Test
    void afterWrite_cancel_raisesButTheValueStands() {
        on(HookPoint.AFTER_STATE_WRITE, context -> HookResult.cancel("too late"));

        assertThatExceptionOfType(OperationCancelledException.class)
                .isThrownBy(() -> state.put(KEY, 1))
                .satisfies(e -> assertThat(e.details())
                        .containsEntry("committed", true)
                        .containsEntry("version", state.get(KEY).orElseThrow().version())
                        .containsEntry("reason", "too late"))
                .withMessageContaining("stands");
        assertThat(value(KEY)).isEqualTo(1L);
    }

    @Test
    void afterWrite_failingGuard_raisesButTheValueStands() {
        guard(HookPoint.AFTER_STATE_WRITE, context -> {
            throw new ArithmeticException("boom");
        });

        assertThatExceptionOfType(LlmSpellException.class)
                .isThrownBy(() -> state.put(KEY, 1))
                .satisfies(e -> assertThat(e.details()).containsEntry("committed", true));
        assertThat(value(KEY)).isEqualTo(1L);
    }

    @Test
    void afterWrite_failingObserver_changesNothing() {
        on(HookPoint.AFTER_STATE_WRITE, context -> {
            throw new ArithmeticException("boom");
        });
        state.put(KEY, 1);

        assertThat(value(KEY)).isEqualTo(1L);
    }

    @Test
    void afterWrite_modified_isRefused() {
        on(
                HookPoint.AFTER_STATE_WRITE,
                context -> HookResult.modified(data(context).with("value", 2)));
        state.put(KEY, 1);

        assertThat(value(KEY)).isEqualTo(1L);
    }

    // ---- several keys ----

    @Test
    void batch_everyKeyFires_beforeTheOneCommit_thenAfterIt() {
        for (HookPoint point : List.of(HookPoint.BEFORE_STATE_WRITE, STATE_CHANGE, HookPoint.AFTER_STATE_WRITE)) {
            on(point, context -> {
                seen.add(point + " " + data(context).get("key") + " "
                        + fixture.store.statistics().get("commits"));
                return HookResult.proceed();
            });
        }
        state.apply(List.of(Put.of(key("a"), 1), Put.of(key("b"), 2))).orThrow();

        assertThat(seen)
                .containsExactly(
                        "BeforeStateWrite a 0",
                        "state_change a 0",
                        "BeforeStateWrite b 0",
                        "state_change b 0",
                        "AfterStateWrite a 1",
                        "AfterStateWrite b 1");
    }

    @Test
    void batch_oneEntryCancelled_storesNothing() {
        on(
                HookPoint.BEFORE_STATE_WRITE,
                context -> "b".equals(data(context).get("key")) ? HookResult.cancel("no") : HookResult.proceed());

        assertThatThrownBy(() -> state.apply(List.of(Put.of(key("a"), 1), Put.of(key("b"), 2))))
                .isInstanceOf(OperationCancelledException.class);
        StepVerifier.create(state.applyAsync(List.of(Put.of(key("a"), 1), Put.of(key("b"), 2))))
                .verifyError(OperationCancelledException.class);
        assertThat(state.keys(Scope.GLOBAL)).isEmpty();
    }

    @Test
    void batch_afterCancelOfOne_allAreStored_andTheOthersHooksRun() {
        on(HookPoint.AFTER_STATE_WRITE, context -> {
            seen.add(String.valueOf(data(context).get("key")));
            return "a".equals(data(context).get("key")) ? HookResult.cancel("no") : HookResult.proceed();
        });
        List<StateChange> changes = List.of(Put.of(key("a"), 1), Put.of(key("b"), 2));

        assertThatExceptionOfType(OperationCancelledException.class)
                .isThrownBy(() -> state.apply(changes))
                .satisfies(e -> assertThat(e.details()).containsEntry("committed", true));
        StepVerifier.create(state.applyAsync(changes))
                .verifyErrorSatisfies(
                        e -> assertThat(((LlmSpellException) e).details()).containsEntry("committed", true));
        assertThat(seen).containsExactly("a", "b", "a", "b");
        assertThat(state.keys(Scope.GLOBAL)).containsExactly("a", "b");
    }

    @Test
    void batch_sameKeyTwice_secondHookSeesTheFirstValue() {
        on(HookPoint.BEFORE_STATE_WRITE, context -> {
            seen.add(data(context).get("old_value") + "->" + data(context).get("value"));
            return HookResult.proceed();
        });
        state.apply(List.of(Put.of(KEY, 1), Put.of(KEY, 2), new Delete(KEY), Put.of(KEY, 3)))
                .orThrow();

        assertThat(seen).containsExactly("null->1", "1->2", "2->null", "null->3");
        assertThat(value(KEY)).isEqualTo(3L);
    }

    @Test
    void applyAsync_runsTheSameHooks() {
        record(HookPoint.BEFORE_STATE_WRITE);
        record(HookPoint.AFTER_STATE_WRITE);
        StepVerifier.create(state.applyAsync(List.of(Put.of(KEY, 1))))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(seen).hasSize(2);
        assertThat(seen.get(1))
                .contains("version=" + state.get(KEY).orElseThrow().version());
    }

    // ---- conflicts ----

    @Test
    void conflict_firesThePointWithBothVersions() {
        long version = state.put(KEY, 1);
        record(HookPoint.STATE_CONFLICT);

        assertThat(state.apply(List.of(new Check(KEY, 77), Put.of(KEY, 2))))
                .isEqualTo(new StateCommit.Conflict(KEY, version));
        assertThat(seen)
                .containsExactly("StateConflict {scope=global, key=key, class=standard, principal=host,"
                        + " expected=77, actual=" + version + "}");
    }

    @Test
    void conflict_otherFailures_doNotFireThePoint() {
        record(HookPoint.STATE_CONFLICT);
        on(HookPoint.BEFORE_STATE_WRITE, context -> HookResult.cancel("no"));

        assertThatThrownBy(() -> state.put(KEY, 1)).isInstanceOf(OperationCancelledException.class);
        assertThatThrownBy(() -> state.put(KEY, "x".repeat(1 << 20))).isInstanceOf(JsonValueException.class);
        assertThat(seen).isEmpty();
    }

    @Test
    void oldValueThatAHookSaw_changedMeanwhile_runsTheHooksAgain() {
        state.put(KEY, 1);
        AtomicInteger runs = new AtomicInteger();
        on(HookPoint.BEFORE_STATE_WRITE, context -> {
            seen.add(data(context).get("old_value") + "->" + data(context).get("value"));
            if (context.caller().hookDepth() == 1 && runs.getAndIncrement() == 0) {
                fixture.manager.as(context.caller()).put(KEY, 10);
            }
            return HookResult.proceed();
        });
        state.put(KEY, 2);

        assertThat(seen).containsExactly("1->2", "1->10", "10->2");
        assertThat(value(KEY)).isEqualTo(2L);
    }

    @Test
    void oldValueThatAHookSaw_changedEachTime_isAConflictAfterThreeRepeats() {
        state.put(KEY, 0);
        record(HookPoint.STATE_CONFLICT);
        List<Object> tries = new ArrayList<>();
        on(HookPoint.BEFORE_STATE_WRITE, context -> {
            if (context.caller().hookDepth() == 1) {
                tries.add(Objects.requireNonNull(data(context).get("old_value")));
                fixture.manager.as(context.caller()).put(KEY, 100 + tries.size());
            }
            return HookResult.proceed();
        });

        assertThatExceptionOfType(LlmSpellException.class)
                .isThrownBy(() -> state.put(KEY, 1))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.STATE_CONFLICT));
        assertThat(tries).containsExactly(0L, 101L, 102L, 103L);
        assertThat(value(KEY)).isEqualTo(104L);
        assertThat(seen).hasSize(1);
    }

    /** Another writer changes the key each time a hook has seen its old value, so many times. */
    private AtomicInteger disturbed(int times) {
        AtomicInteger tries = new AtomicInteger();
        on(HookPoint.BEFORE_STATE_WRITE, context -> {
            if (context.caller().hookDepth() == 1) {
                seen.add("saw " + data(context).get("old_value"));
                if (tries.incrementAndGet() <= times) {
                    fixture.manager.as(context.caller()).put(KEY, 100 + tries.get());
                }
            }
            return HookResult.proceed();
        });
        return tries;
    }

    @Test
    void conflict_retry_readsAfreshAndCommits() {
        state.put(KEY, 0);
        AtomicInteger tries = disturbed(4);
        on(HookPoint.STATE_CONFLICT, context -> {
            seen.add("conflict at attempt " + context.attempt());
            return HookResult.retry(Duration.ZERO, 3);
        });
        long version = state.put(KEY, 1);

        assertThat(seen).containsExactly("saw 0", "saw 101", "saw 102", "saw 103", "conflict at attempt 1", "saw 104");
        assertThat(tries).hasValue(5);
        assertThat(state.get(KEY).orElseThrow().version()).isEqualTo(version);
        assertThat(value(KEY)).isEqualTo(1L);
    }

    @Test
    void conflict_retryAsync_readsAfreshAndCommits() {
        state.put(KEY, 0);
        disturbed(4);
        on(HookPoint.STATE_CONFLICT, context -> HookResult.retry(Duration.ZERO, 3));

        StepVerifier.create(state.applyAsync(List.of(Put.of(KEY, 1))))
                .expectNextMatches(StateCommit.Done.class::isInstance)
                .verifyComplete();
        assertThat(value(KEY)).isEqualTo(1L);
    }

    @Test
    void conflict_retriesUsedUp_isTheLastConflict() {
        long version = state.put(KEY, 0);
        AtomicInteger conflicts = new AtomicInteger();
        on(HookPoint.STATE_CONFLICT, context -> {
            conflicts.incrementAndGet();
            return HookResult.retry(Duration.ZERO, 3);
        });
        List<StateChange> changes = List.of(new Check(KEY, 77), Put.of(KEY, 1));

        assertThat(state.apply(changes)).isEqualTo(new StateCommit.Conflict(KEY, version));
        StepVerifier.create(state.applyAsync(changes))
                .expectNext(new StateCommit.Conflict(KEY, version))
                .verifyComplete();
        assertThat(conflicts).hasValue(6);
    }

    @Test
    void conflict_retryThatFailsOtherwise_isThatFailure_andNoConflictIsTold() {
        state.put(KEY, 0);
        AtomicInteger tries = disturbed(4);
        AtomicInteger conflicts = new AtomicInteger();
        on(HookPoint.STATE_CONFLICT, context -> {
            conflicts.incrementAndGet();
            return HookResult.retry(Duration.ZERO, 3);
        });
        on(
                STATE_CHANGE,
                context -> context.caller().hookDepth() == 1 && tries.get() == 5
                        ? HookResult.cancel("no more")
                        : HookResult.proceed());

        assertThatThrownBy(() -> state.put(KEY, 1)).isInstanceOf(OperationCancelledException.class);
        assertThat(conflicts).hasValue(1);
        assertThat(value(KEY)).isEqualTo(104L);
    }

    @Test
    void conflict_ofATransaction_retry_runsItsFunctionAgain() {
        state.put(KEY, 1);
        AtomicInteger runs = new AtomicInteger();
        on(HookPoint.STATE_CONFLICT, context -> HookResult.retry(Duration.ZERO, 2));
        Object read = state.transact(t -> {
            Object now = t.get(KEY).orElseThrow().json();
            if (runs.incrementAndGet() <= 4) {
                state.put(KEY, 10 + runs.get());
            }
            t.put(KEY, 99);
            return now;
        });

        assertThat(runs).hasValue(5);
        assertThat(read).isEqualTo(14L);
        assertThat(value(KEY)).isEqualTo(99L);
    }

    @Test
    void hookThatWritesAnotherKey_doesNotDeadlock() {
        on(HookPoint.BEFORE_STATE_WRITE, context -> {
            if (context.caller().hookDepth() == 1) {
                fixture.manager
                        .as(context.caller())
                        .put(key("copy"), data(context).get("value"));
            }
            return HookResult.proceed();
        });
        state.put(KEY, 5);

        assertThat(value(key("copy"))).isEqualTo(5L);
    }

    // ---- classes that are not observed ----

    private void recordAll() {
        record(HookPoint.BEFORE_STATE_READ);
        record(HookPoint.AFTER_STATE_READ);
        record(HookPoint.BEFORE_STATE_WRITE);
        record(STATE_CHANGE);
        record(HookPoint.AFTER_STATE_WRITE);
        record(HookPoint.STATE_CONFLICT);
    }

    @Test
    void unobservedClasses_observers_areNotFired() {
        recordAll();
        for (String name : List.of("cache:a", "temp:a", "test:a", "benchmark:a")) {
            state.put(key(name), 1);
            assertThat(value(key(name))).isEqualTo(1L);
            state.put(key(name), 2);
            assertThat(state.apply(List.of(new Check(key(name), -99)))).isInstanceOf(StateCommit.Conflict.class);
            assertThat(state.delete(key(name))).isTrue();
        }

        assertThat(seen).isEmpty();
    }

    @Test
    void unobservedClasses_guards_seeEverything() {
        List<HookPoint> points = List.of(
                HookPoint.BEFORE_STATE_READ,
                HookPoint.AFTER_STATE_READ,
                HookPoint.BEFORE_STATE_WRITE,
                STATE_CHANGE,
                HookPoint.AFTER_STATE_WRITE,
                HookPoint.STATE_CONFLICT);
        for (HookPoint point : points) {
            guard(point, context -> {
                seen.add(point + " " + data(context).get("class"));
                return HookResult.proceed();
            });
        }
        state.put(key("cache:a"), 1);
        state.get(key("cache:a"));
        state.apply(List.of(new Check(key("cache:a"), 99)));

        assertThat(seen)
                .containsExactly(
                        "BeforeStateWrite ephemeral",
                        "state_change ephemeral",
                        "AfterStateWrite ephemeral",
                        "BeforeStateRead ephemeral",
                        "AfterStateRead ephemeral",
                        "StateConflict ephemeral");
    }

    @Test
    void unobservedClass_inPlaceOfAnObservedValue_isObserved() {
        state.put(KEY, 1);
        recordAll();
        state.apply(List.of(new Put(KEY, 2, null, StateClass.EPHEMERAL)));
        state.apply(List.of(new Put(KEY, 3, null, StateClass.EPHEMERAL)));

        assertThat(seen)
                .extracting(each -> each.substring(0, each.indexOf(' ')))
                .containsExactly("BeforeStateWrite", "state_change", "AfterStateWrite");
    }

    @Test
    void unobservedClass_asOneOfMany_hidesOnlyItself() {
        state.put(key("b"), 1);
        recordAll();
        List<StateChange> changes = List.of(
                Put.of(key("cache:a"), 1), Put.of(key("c"), 1), new Put(key("b"), 2, null, StateClass.EPHEMERAL));
        state.apply(changes);
        List<String> sync = List.copyOf(seen);
        seen.clear();
        state.delete(key("b"));
        state.put(key("b"), 1);
        seen.clear();
        StepVerifier.create(state.applyAsync(changes)).expectNextCount(1).verifyComplete();

        assertThat(sync)
                .extracting(each -> each.substring(0, each.indexOf(' ')) + each.replaceAll(".*key=(.*?),.*", " $1"))
                .containsExactly(
                        "BeforeStateWrite c",
                        "state_change c",
                        "BeforeStateWrite b",
                        "state_change b",
                        "AfterStateWrite c",
                        "AfterStateWrite b");
        assertThat(seen).hasSameSizeAs(sync);
    }

    @Test
    void all_ofMixedClasses_firesObserversForTheObservedOnes() {
        state.put(key("cache:a"), 1);
        state.put(KEY, 1);
        record(HookPoint.AFTER_STATE_READ);

        assertThat(state.all(Scope.GLOBAL)).hasSize(2);
        assertThat(seen).hasSize(2).noneMatch(each -> each.contains("key=cache:a"));
    }
}

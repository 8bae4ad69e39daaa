package io.llmspell.state;

import static io.llmspell.state.Fixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateTransaction;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.state.StateView;
import io.llmspell.core.state.TypedState;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StateTransactTest {
    private static final StateKey FROM = StateKey.of(Scope.agent("a"), "account");
    private static final StateKey TO = StateKey.of(Scope.agent("b"), "account");

    private final ManualTime time = new ManualTime();
    private final Fixture fixture = new Fixture(new PassThroughGate(), time);
    private final StateView state = fixture.host();

    @AfterEach
    void close() {
        fixture.close();
    }

    private static long amount(StateTransaction transaction, StateKey key) {
        return transaction
                .get(key)
                .map(value -> ((Number) value.json()).longValue())
                .orElse(0L);
    }

    private static @Nullable Void move(StateTransaction transaction, StateKey from, StateKey to, long amount) {
        transaction.put(from, amount(transaction, from) - amount);
        transaction.put(to, amount(transaction, to) + amount);
        return null;
    }

    @Test
    void transact_overScopes_commitsTogetherWithOneVersion() {
        state.put(FROM, 10);

        state.transact(transaction -> move(transaction, FROM, TO, 4));

        StateValue from = state.get(FROM).orElseThrow();
        StateValue to = state.get(TO).orElseThrow();
        assertThat(List.of(from.json(), to.json())).isEqualTo(List.of(6L, 4L));
        assertThat(from.version()).isEqualTo(to.version());
    }

    @Test
    void transact_readsItsOwnChanges_andOnlyTheLastOneCounts() {
        Object answer = state.transact(transaction -> {
            transaction.put(FROM, 1);
            transaction.delete(FROM);
            assertThat(transaction.get(FROM)).isEmpty();
            transaction.put(FROM, 2);
            transaction.put(TO, null);
            transaction.delete(key("never there"));
            assertThat(transaction.changes()).hasSize(3);
            return transaction.get(FROM).orElseThrow().json();
        });

        assertThat(answer).isEqualTo(2L);
        assertThat(state.get(FROM).orElseThrow().json()).isEqualTo(2L);
        assertThat(state.get(TO)).isPresent();
    }

    @Test
    void transact_whatItReadHasChanged_runsAgain() {
        state.put(FROM, 10);
        AtomicInteger tries = new AtomicInteger();

        state.transact(transaction -> {
            Object seen = transaction.get(FROM).orElseThrow().json();
            if (tries.incrementAndGet() <= 3) {
                state.put(FROM, 10 + tries.get());
            }
            assertThat(transaction.get(FROM).orElseThrow().json()).isEqualTo(seen);
            transaction.put(TO, seen);
            return seen;
        });

        assertThat(tries).hasValue(4);
        assertThat(state.get(TO).orElseThrow().json()).isEqualTo(13L);
    }

    @Test
    void transact_othersAreAlwaysFaster_endsAfterFourTriesAndChangesNothing() {
        AtomicInteger tries = new AtomicInteger();

        assertThatThrownBy(() -> state.transact(transaction -> {
                    transaction.get(FROM);
                    state.put(FROM, tries.incrementAndGet());
                    transaction.put(TO, 1);
                    return true;
                }))
                .isInstanceOfSatisfying(
                        StateException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.STATE_CONFLICT))
                .hasMessageContaining("agent:a/account");

        assertThat(tries).hasValue(4);
        assertThat(state.get(TO)).isEmpty();
    }

    @Test
    void transact_onlyReads_areOfOneMoment() {
        state.put(FROM, 1);
        state.put(TO, 1);
        AtomicInteger tries = new AtomicInteger();

        List<Object> both = state.transact(transaction -> {
            List<Object> seen = new ArrayList<>();
            seen.add(transaction.get(FROM).orElseThrow().json());
            if (tries.incrementAndGet() == 1) {
                state.apply(List.of(StateChange.Put.of(FROM, 2), StateChange.Put.of(TO, 2)));
            }
            seen.add(transaction.get(TO).orElseThrow().json());
            return seen;
        });

        assertThat(both).isEqualTo(List.of(2L, 2L));
        assertThat(tries).hasValue(2);
    }

    @Test
    void transact_foreignScope_isDeniedAndNothingIsChanged() {
        StateView agent = fixture.as(new Principal.Agent("a"));

        assertThatThrownBy(() -> agent.transact(transaction -> {
                    transaction.put(FROM, 1);
                    return transaction.get(TO);
                }))
                .isInstanceOfSatisfying(
                        StateException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.ACCESS_DENIED));
        assertThatThrownBy(() -> agent.transact(transaction -> {
                    transaction.put(FROM, 1);
                    transaction.put(TO, 1);
                    return true;
                }))
                .isInstanceOfSatisfying(
                        StateException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.ACCESS_DENIED));

        assertThat(state.get(FROM)).isEmpty();
    }

    @Test
    void transact_failsOrHasEnded_changesNothing() {
        AtomicReference<StateTransaction> kept = new AtomicReference<>();

        assertThatThrownBy(() -> state.transact(transaction -> {
                    kept.set(transaction);
                    transaction.put(FROM, 1);
                    throw new InvalidStateException("changed my mind");
                }))
                .hasMessageContaining("changed my mind");

        assertThat(state.get(FROM)).isEmpty();
        assertThatThrownBy(() -> kept.get().put(FROM, 1))
                .isInstanceOf(InvalidStateException.class)
                .hasMessageContaining("has ended");
        assertThat(state.<Object>transact(transaction -> "nothing to do")).isEqualTo("nothing to do");
    }

    @Test
    void transact_manyThreads_moveWithoutLosingAnything() throws InterruptedException {
        state.put(FROM, 1_000);
        List<Thread> movers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            boolean there = i % 2 == 0;
            movers.add(new Thread(() -> {
                for (int n = 0; n < 200; n++) {
                    try {
                        state.transact(transaction -> move(transaction, there ? FROM : TO, there ? TO : FROM, 1));
                    } catch (LlmSpellException conflict) {
                        assertThat(conflict.code()).isEqualTo(ErrorCode.STATE_CONFLICT);
                    }
                    long sum = state.transact(transaction -> amount(transaction, FROM) + amount(transaction, TO));
                    assertThat(sum).isEqualTo(1_000);
                }
            }));
        }
        AtomicReference<Throwable> wrong = new AtomicReference<>();
        movers.forEach(mover -> mover.setUncaughtExceptionHandler((thread, failed) -> {
            if (!(failed instanceof StateException)) {
                wrong.set(failed);
            }
        }));
        movers.forEach(Thread::start);
        for (Thread mover : movers) {
            mover.join();
        }

        assertThat(wrong.get()).isNull();
        long sum = state.transact(transaction -> amount(transaction, FROM) + amount(transaction, TO));
        assertThat(sum).isEqualTo(1_000);
    }

    @Test
    void update_manyThreads_countsExactly() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(new Thread(() -> {
                for (int n = 0; n < 500; n++) {
                    state.update(key("n"), old -> old == null ? 1L : ((Number) old).longValue() + 1);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(state.get(key("n")).orElseThrow().json()).isEqualTo(2_000L);
    }

    @Test
    void update_keepsClassAndTimeToLive_andNullRemoves() {
        state.apply(List.of(new StateChange.Put(key("t"), 1, Duration.ofSeconds(10), StateClass.TRUSTED)));
        time.advance(Duration.ofSeconds(4));

        assertThat(state.update(key("t"), old -> 2)).isEqualTo(2);
        assertThat(((StateManagerImpl) fixture.manager).store().live(key("t")).stateClass())
                .isEqualTo(StateClass.TRUSTED);
        time.advance(Duration.ofSeconds(5));
        assertThat(state.get(key("t"))).isPresent();
        time.advance(Duration.ofSeconds(2));
        assertThat(state.get(key("t"))).isEmpty();

        assertThat(state.update(key("x"), old -> null)).isNull();
        state.put(key("x"), 1);
        assertThat(state.update(key("x"), old -> null)).isNull();
        assertThat(state.get(key("x"))).isEmpty();
        state.update(key("temp:x"), old -> 1);
        assertThat(state.update(key("temp:x"), old -> ((Number) old).intValue() + 1))
                .isEqualTo(2);
    }

    @Test
    void latest_ofSeveralKeys_isTheOneOfTheNewestCommit() {
        assertThat(state.latest(List.of(key("a"), key("b")))).isEmpty();
        state.put(key("a"), 1);
        state.put(key("b"), 2);
        state.apply(List.of(StateChange.Put.of(key("c"), 3), StateChange.Put.of(key("d"), 4)));

        assertThat(state.latest(List.of(key("a"), key("b"))).map(Map.Entry::getKey))
                .contains(key("b"));
        assertThat(state.latest(List.of(key("d"), key("c"), key("a"))).map(Map.Entry::getKey))
                .contains(key("d"));
        state.put(key("a"), 5);
        assertThat(state.latest(List.of(key("d"), key("a")))
                        .map(entry -> entry.getValue().json()))
                .contains(5L);
    }

    /** A value as a program has it. */
    record Plan(String text, int priority) {}

    @Test
    void typed_records_areStoredAsJsonAndComeBack() {
        TypedState typed = TypedState.of(state, JsonCodec.create());

        long version = typed.put(key("plan"), new Plan("tidy", 2));

        assertThat(state.get(key("plan")))
                .contains(new StateValue(state.get(key("plan")).orElseThrow().json(), version));
        assertThat(state.get(key("plan")).orElseThrow().json()).isEqualTo(Map.of("text", "tidy", "priority", 2L));
        assertThat(typed.get(key("plan"), Plan.class)).contains(new Plan("tidy", 2));
        assertThat(typed.get(key("none"), Plan.class)).isEmpty();
        assertThat(typed.update(key("plan"), Plan.class, old -> new Plan(old.text(), old.priority() + 1)))
                .contains(new Plan("tidy", 3));
        assertThat(typed.update(key("first"), Plan.class, old -> old == null ? new Plan("new", 1) : old))
                .contains(new Plan("new", 1));
        assertThat(typed.update(key("first"), Plan.class, old -> null)).isEqualTo(Optional.empty());
        state.put(key("other"), Map.of("text", 5, "priority", "high"));
        assertThatThrownBy(() -> typed.get(key("other"), Plan.class))
                .isInstanceOfSatisfying(
                        JsonValueException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.TYPE_MISMATCH));
    }
}

package io.llmspell.state;

import static io.llmspell.state.Fixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.GrantAccess;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateAccess;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateUpdate;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.state.StateWatch;
import io.llmspell.hooks.Hooks;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.test.StepVerifier;

class StateWatchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ManualTime time = new ManualTime();
    private final Fixture fixture = new Fixture(new PassThroughGate(), time);

    @AfterEach
    void close() {
        fixture.close();
    }

    private static @Nullable Object json(java.util.Optional<StateValue> value) {
        return value.map(StateValue::json).orElse(null);
    }

    private static String shown(StateUpdate update) {
        return update.key().key() + ": " + json(update.before()) + " -> " + json(update.after());
    }

    @Test
    void watch_changesOfTheScopeThatFit_areToldWithOldAndNew() {
        fixture.host().put(key("a1"), "old");

        StepVerifier.create(
                        fixture.host().watch(StateWatch.of(Scope.GLOBAL, "a*")).map(StateWatchTest::shown))
                .then(() -> {
                    fixture.host().put(key("a1"), "new");
                    fixture.host().put(key("b1"), "other key");
                    fixture.host().put(StateKey.of(Scope.custom("x"), "a1"), "other scope");
                    fixture.host().put(key("a2"), null);
                    fixture.host().delete(key("a1"));
                    fixture.host().delete(key("a1"));
                    fixture.host().apply(List.of(StateChange.Put.of(key("a3"), 1), StateChange.Put.of(key("a3"), 2)));
                    fixture.host().clear(Scope.GLOBAL);
                })
                .expectNext("a1: old -> new", "a2: null -> null", "a1: new -> null", "a3: null -> 1", "a3: 1 -> 2")
                .expectNext("a2: null -> null", "a3: 2 -> null")
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void watch_afterAVersion_beginsWithWhatIsThere() {
        fixture.host().put(key("a"), 1);
        fixture.host().put(key("b"), 2);
        fixture.host().put(key("a"), 3);
        fixture.host().put(key("gone"), 3);
        fixture.host().delete(key("gone"));
        fixture.host().apply(List.of(new StateChange.Put(key("old"), 1, Duration.ofSeconds(1), null)));
        time.advance(Duration.ofSeconds(2));

        StepVerifier.create(fixture.host()
                        .watch(StateWatch.of(Scope.GLOBAL, "*").after(0))
                        .map(StateWatchTest::shown))
                .expectNext("b: null -> 2", "a: null -> 3")
                .then(() -> fixture.host().put(key("a"), 4))
                .expectNext("a: 3 -> 4")
                .thenCancel()
                .verify(PATIENCE);
        StepVerifier.create(fixture.host()
                        .watch(StateWatch.of(Scope.GLOBAL, "a")
                                .after(fixture.host()
                                        .get(key("a"))
                                        .orElseThrow()
                                        .version()))
                        .map(StateWatchTest::shown))
                .then(() -> fixture.host().put(key("a"), 5))
                .expectNext("a: 4 -> 5")
                .thenCancel()
                .verify(PATIENCE);
    }

    /** Writers run all the time, so that changes fall between the joining, the snapshot and the live part. */
    @Test
    void watch_underWriters_tellsEachLastValueInCommitOrder() throws InterruptedException {
        AtomicIntegerArray last = new AtomicIntegerArray(4);
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> writers = java.util.stream.IntStream.range(0, 4)
                .mapToObj(w -> new Thread(() -> {
                    for (int i = 1; i <= 1_000 && !over.get(); i++) {
                        fixture.host().put(key("k" + w), i);
                        while (i - last.get(w) > 200 && !over.get()) {
                            Thread.yield(); // no faster than the watch, whose queue is bounded
                        }
                    }
                }))
                .toList();
        writers.forEach(writer -> writer.setDaemon(true));
        writers.forEach(Thread::start);
        Queue<StateUpdate> told = new ConcurrentLinkedQueue<>();
        try {
            fixture.host()
                    .watch(StateWatch.of(Scope.GLOBAL, "*").after(0))
                    .doOnNext(update -> {
                        told.add(update);
                        last.set(update.key().key().charAt(1) - '0', number(update));
                    })
                    .takeUntil(update -> finished(told))
                    .blockLast(PATIENCE);
        } finally {
            over.set(true);
        }
        for (Thread writer : writers) {
            writer.join();
        }

        assertThat(told).extracting(StateUpdate::version).isSorted().doesNotHaveDuplicates();
        for (int w = 0; w < 4; w++) {
            StateKey key = key("k" + w);
            List<Integer> values = told.stream()
                    .filter(update -> update.key().equals(key))
                    .map(update -> ((Number) json(update.after())).intValue())
                    .toList();
            // Without a gap: after the first one, which is the newest at the subscription, none is left out.
            assertThat(values).startsWith(values.get(0)).endsWith(1_000);
            assertThat(values).hasSize(1_001 - values.get(0));
        }
    }

    private static boolean finished(Queue<StateUpdate> told) {
        return told.stream()
                        .filter(update -> Integer.valueOf(1_000).equals(number(update)))
                        .count()
                == 4;
    }

    private static Integer number(StateUpdate update) {
        return ((Number) json(update.after())).intValue();
    }

    @Test
    void watch_classesThatAreNoEvents_areNotTold() {
        StepVerifier.create(
                        fixture.host().watch(StateWatch.of(Scope.GLOBAL, "*")).map(StateWatchTest::shown))
                .then(() -> {
                    fixture.host().put(key("temp:x"), 1);
                    fixture.host().apply(List.of(new StateChange.Put(key("t"), 1, null, StateClass.TRUSTED)));
                    fixture.host().put(key("end"), 1);
                    fixture.host().put(key("t"), 2);
                })
                .expectNext("end: null -> 1", "t: null -> 2")
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void watch_foreignScope_isRefusedAtTheSubscription() {
        StepVerifier.create(fixture.as(new Principal.Agent("other")).watch(StateWatch.of(Scope.agent("planner"), "*")))
                .expectErrorSatisfies(StateWatchTest::denied)
                .verify(PATIENCE);
        StepVerifier.create(fixture.as(new Principal.Agent("other"))
                        .watch(StateWatch.of(Scope.agent("planner"), "*").after(0)))
                .expectErrorSatisfies(StateWatchTest::denied)
                .verify(PATIENCE);
        assertThatThrownBy(() -> fixture.host().watch(StateWatch.of(Scope.GLOBAL, "")))
                .hasMessageContaining("1 to 1,024 characters");
    }

    @Test
    void watch_rightTakenBack_endsAtTheNextChange() {
        Scope planner = Scope.agent("planner");
        StateKey step = StateKey.of(planner, "step");
        StateAccess access = fixture.manager.access(Fixture.HOST);
        access.grant(planner, "other", GrantAccess.READ, null);

        StepVerifier.create(fixture.as(new Principal.Agent("other"))
                        .watch(StateWatch.of(planner, "*"))
                        .map(StateWatchTest::shown))
                .then(() -> fixture.host().put(step, 1))
                .expectNext("step: null -> 1")
                .then(() -> {
                    access.revoke(planner, "other");
                    fixture.host().put(step, 2);
                })
                .expectErrorSatisfies(StateWatchTest::denied)
                .verify(PATIENCE);
    }

    private static void denied(Throwable error) {
        assertThat(((LlmSpellException) error).code()).isEqualTo(ErrorCode.ACCESS_DENIED);
    }

    @Test
    void watch_slowSubscriber_endsWithACodedErrorAndCostsOthersNothing() {
        Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
        Queue<Object> seen = new ConcurrentLinkedQueue<>();
        CountDownLatch ended = new CountDownLatch(1);
        BaseSubscriber<StateUpdate> slow = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
                request(1);
            }

            @Override
            protected void hookOnError(Throwable error) {
                errors.add(error);
                ended.countDown();
            }
        };
        fixture.host().watch(StateWatch.of(Scope.GLOBAL, "*")).subscribe(slow);
        reactor.core.Disposable healthy =
                fixture.host().watch(StateWatch.of(Scope.GLOBAL, "*")).subscribe(update -> seen.add(update.version()));

        for (int i = 0; i < 4 * StateWatcher.BUFFER; i++) {
            fixture.host().put(key("k"), i);
            if (i % 500 == 499) {
                int sofar = i + 1;
                org.awaitility.Awaitility.await().until(() -> seen.size() == sofar);
            }
        }
        slow.request(Long.MAX_VALUE);

        org.awaitility.Awaitility.await().until(() -> ended.getCount() == 0);
        assertThat(errors).singleElement().satisfies(error -> {
            assertThat(((LlmSpellException) error).code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
            assertThat(error).hasMessageContaining("watch again from the last version");
        });
        org.awaitility.Awaitility.await().until(() -> seen.size() == 4 * StateWatcher.BUFFER);
        healthy.dispose();
    }

    @Test
    void watch_managerCloses_endsWithACode() {
        StepVerifier.create(fixture.host().watch(StateWatch.of(Scope.GLOBAL, "*")))
                .then(fixture.manager::close)
                .expectErrorSatisfies(
                        error -> assertThat(((LlmSpellException) error).code()).isEqualTo(ErrorCode.INVALID_STATE))
                .verify(PATIENCE);
    }

    @Test
    void watch_guardsOfReads_keepBackAndChange() {
        try (Hooks hooks = Hooks.builder().time(time).build();
                Fixture guarded = new Fixture(hooks.gate(), time)) {
            hooks.registry()
                    .register(
                            HookPoint.AFTER_STATE_READ,
                            HookOptions.builder("guard")
                                    .failurePolicy(FailurePolicy.FAIL_CLOSED)
                                    .build(),
                            context -> ((JsonObject) context.data()).get("key").equals("hidden")
                                    ? HookResult.cancel("not for you")
                                    : HookResult.modified(((JsonObject) context.data()).with("value", "masked")));

            StepVerifier.create(guarded.host()
                            .watch(StateWatch.of(Scope.GLOBAL, "*"))
                            .map(StateWatchTest::shown))
                    .then(() -> {
                        guarded.host().put(key("hidden"), 1);
                        guarded.host().put(key("open"), 1);
                    })
                    .expectNext("open: null -> masked")
                    .thenCancel()
                    .verify(PATIENCE);
        }
    }

    /** Watches that were cancelled leave nothing behind. */
    @Test
    void watch_cancelled_isForgotten() {
        LongFunction<reactor.core.Disposable> begin = version -> fixture.host()
                .watch(StateWatch.of(Scope.GLOBAL, "*").after(version))
                .subscribe();
        StateWatches watches = ((StateManagerImpl) fixture.manager).store().watches();
        List<reactor.core.Disposable> all = List.of(begin.apply(0L), begin.apply(5L));
        org.awaitility.Awaitility.await().until(() -> watches.watched(key("k")));

        all.forEach(reactor.core.Disposable::dispose);

        org.awaitility.Awaitility.await().until(watches::isEmpty);
    }
}

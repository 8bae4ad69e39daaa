package io.llmspell.state;

import static io.llmspell.state.Fixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateChange.Check;
import io.llmspell.core.state.StateChange.Delete;
import io.llmspell.core.state.StateChange.Put;
import io.llmspell.core.state.StateCommit;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.state.StateView;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.hooks.Hooks;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.testing.time.ManualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

class StateConcurrencyTest {
    private static final int KEYS = 4;

    private final ManualTime time = new ManualTime();
    private final StorageBackend store = Fixture.newStore();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        store.close();
    }

    /** A cache for one value, so that values are evicted and filled all the time. */
    private StateManager manager() {
        return States.builder()
                .storage(store)
                .codec(Fixture.CODEC)
                .gate(new PassThroughGate())
                .time(time)
                .cacheSize(1)
                .build();
    }

    private static void all(List<Runnable> tasks) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        tasks.forEach(task -> threads.add(new Thread(task)));
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void cache_writersReadersAndEvictions_isNeverStaleNorGoesBack() throws InterruptedException {
        StateView state = manager().as(Fixture.HOST);
        AtomicLongArray acknowledged = new AtomicLongArray(KEYS);
        AtomicBoolean done = new AtomicBoolean();
        List<StateKey> keys =
                IntStream.range(0, KEYS).mapToObj(i -> key("k" + i)).toList();
        Runnable writer = () -> {
            for (int i = 0; i < 6_000; i++) {
                int at = i % KEYS;
                long version = i % 7 == 0
                        ? state.apply(List.of(new Delete(keys.get(at))))
                                .orThrow()
                                .version()
                        : state.put(keys.get(at), i);
                acknowledged.accumulateAndGet(at, version, Math::max);
            }
            done.set(true);
        };
        Runnable reader = () -> {
            long[] last = new long[KEYS];
            for (int i = 0; !done.get(); i++) {
                int at = i % KEYS;
                long floor = Math.max(acknowledged.get(at), last[at]);
                Optional<StateValue> read = state.get(keys.get(at));
                // An absent key has no version of its own, so only present ones can be seen to go back.
                if (read.isPresent() && read.get().version() < floor) {
                    faults.add("read " + read.get().version() + " after " + floor);
                }
                last[at] = read.map(StateValue::version).orElse(last[at]);
            }
        };
        all(List.of(writer, writer, reader, reader, reader));

        assertThat(faults).isEmpty();
        try (StateManager fresh = manager()) {
            keys.forEach(key ->
                    assertThat(state.get(key)).isEqualTo(fresh.as(Fixture.HOST).get(key)));
        }
    }

    @Test
    void compareAndSet_eightThreads_losesNoUpdate() throws InterruptedException {
        StateView state = manager().as(Fixture.HOST);
        StateKey counter = key("counter");
        Runnable adder = () -> {
            for (int i = 0; i < 200; ) {
                Optional<StateValue> read = state.get(counter);
                long version = read.map(StateValue::version).orElse(0L);
                long value = read.map(found -> (Long) found.json()).orElse(0L);
                if (state.apply(List.of(new Check(counter, version), Put.of(counter, value + 1)))
                        instanceof StateCommit.Done) {
                    i++;
                }
            }
        };
        all(List.of(adder, adder, adder, adder, adder, adder, adder, adder));

        assertThat(state.get(counter).map(StateValue::json)).contains(1_600L);
    }

    @Test
    void compareAndSet_ephemeralAndStoredTogether_losesNoUpdate() throws InterruptedException {
        StateView state = manager().as(Fixture.HOST);
        StateKey memory = key("cache:counter");
        StateKey stored = key("counter");
        Runnable adder = () -> {
            for (int i = 0; i < 200; ) {
                Optional<StateValue> read = state.get(memory);
                long version = read.map(StateValue::version).orElse(0L);
                long value = read.map(found -> (Long) found.json()).orElse(0L);
                if (state.apply(List.of(
                                new Check(memory, version), Put.of(memory, value + 1), Put.of(stored, value + 1)))
                        instanceof StateCommit.Done) {
                    i++;
                }
            }
        };
        all(List.of(adder, adder, adder, adder));

        assertThat(state.get(memory).map(StateValue::json)).contains(800L);
        assertThat(state.get(stored).map(StateValue::json)).contains(800L);
    }

    @Test
    void delete_eightThreadsAtOneKey_exactlyOneFindsIt() throws InterruptedException {
        StateView state = manager().as(Fixture.HOST);
        for (int round = 0; round < 50; round++) {
            state.put(key("k"), round);
            AtomicInteger found = new AtomicInteger();
            Runnable deleter = () -> {
                if (state.delete(key("k"))) {
                    found.incrementAndGet();
                }
            };
            all(List.of(deleter, deleter, deleter, deleter));
            assertThat(found).hasValue(1);
        }
    }

    @Test
    void put_contendedWithAnObservingHook_neverFailsUnlessItLostFourTimes() throws InterruptedException {
        try (Hooks hooks = Hooks.builder()
                        .time(time)
                        .ids(IdGenerator.timeOrdered(time))
                        .awaiter(Awaiter.blocking(time))
                        .build();
                StateManager manager = States.builder()
                        .storage(store)
                        .codec(Fixture.CODEC)
                        .gate(hooks.gate())
                        .time(time)
                        .build()) {
            AtomicInteger runs = new AtomicInteger();
            hooks.registry().register(HookPoint.BEFORE_STATE_WRITE, HookOptions.named("look"), context -> {
                runs.incrementAndGet();
                context.data();
                return HookResult.proceed();
            });
            AtomicInteger stored = new AtomicInteger();
            AtomicInteger lost = new AtomicInteger();
            StateView state = manager.as(Fixture.HOST);
            Runnable writer = () -> {
                for (int i = 0; i < 100; i++) {
                    (state.apply(List.of(Put.of(key("hot"), i))) instanceof StateCommit.Done ? stored : lost)
                            .incrementAndGet();
                }
            };
            all(List.of(writer, writer, writer, writer));

            assertThat(stored.get() + lost.get()).isEqualTo(400);
            assertThat(runs.get()).isGreaterThanOrEqualTo(stored.get() + 4 * lost.get());
        }
    }

    @Test
    void applyAsync_manyAtOnceFromOneThread_allCommit() {
        StateView state = manager().as(Fixture.HOST);
        Long committed = Flux.range(0, 2_000)
                .flatMap(i -> state.applyAsync(List.of(Put.of(key("k" + i % 50), i))), 256)
                .filter(StateCommit.Done.class::isInstance)
                .count()
                .block();

        assertThat(committed).isEqualTo(2_000L);
        assertThat(state.keys(Scope.GLOBAL)).hasSize(50);
    }
}

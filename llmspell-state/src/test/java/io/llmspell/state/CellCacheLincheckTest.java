package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
import io.llmspell.testing.check.Check;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The cache over its store answers as one register: what was written last is what is read. */
@Check("C04")
class CellCacheLincheckTest {
    /** Real threads, many times. */
    static StressOptions options() {
        return new StressOptions()
                .iterations(6)
                .invocationsPerIteration(150)
                .threads(2)
                .actorsPerThread(4)
                .minimizeFailedScenario(false)
                .actorsBefore(1)
                .actorsAfter(1)
                .sequentialSpecification(Register.class);
    }

    @Test
    void cache_isLinearisable() {
        assertThatCode(() -> options().check(Subject.class)).doesNotThrowAnyException();
    }

    @Test
    @EnabledIfSystemProperty(named = "llmspell.fuzz", matches = "true", disabledReason = "minutes; profile fuzz")
    void cache_isLinearisable_long() {
        assertThatCode(() -> options()
                        .iterations(150)
                        .threads(3)
                        .invocationsPerIteration(10_000)
                        .check(Subject.class))
                .doesNotThrowAnyException();
    }

    /** The meaning. */
    public static final class Register {
        private int value;

        @Operation
        public int read() {
            return value;
        }

        @Operation
        public void write(int next) {
            value = next;
        }

        @Operation
        public void evict() {}
    }

    /** What the check needs of a cache. */
    interface Cache {
        Cell get(StateKey key, Function<StateKey, Cell> store);

        void begin(StateKey key);

        void put(StateKey key, Cell cell);

        void end(StateKey key);
    }

    /** A store that commits one batch after another and tells the cache of each, as the managers do. */
    static final class Store {
        private final StateKey key = Fixture.KEY;
        private final Cache cache;
        private final AtomicReference<Cell> stored = new AtomicReference<>(Cell.ABSENT);

        Store(Cache cache) {
            this.cache = cache;
        }

        int read() {
            Object json = cache.get(key, wanted -> stored.get()).json();
            return json == null ? 0 : (Integer) json;
        }

        /** Reads another key, for which the value has to go. */
        void evict() {
            cache.get(Fixture.key("other"), wanted -> Cell.ABSENT);
        }

        void write(int value) {
            cache.begin(key);
            synchronized (stored) {
                Cell cell = Cell.of(value, 1, StateClass.STANDARD, Cell.NEVER);
                stored.set(cell);
                cache.put(key, cell);
            }
            cache.end(key);
        }
    }

    /** The cache of the house, for one value, so that it is evicted now and then. */
    @Param(name = "value", gen = IntGen.class, conf = "1:3")
    public static final class Subject {
        private final Store store = new Store(new House());

        @Operation
        public int read() {
            return store.read();
        }

        @Operation
        public void write(@Param(name = "value") int value) {
            store.write(value);
        }

        @Operation
        public void evict() {
            store.evict();
        }
    }

    private static final class House implements Cache {
        private final CellCache cache = new CellCache(1);

        @Override
        public Cell get(StateKey key, Function<StateKey, Cell> store) {
            return cache.get(key, store);
        }

        @Override
        public void begin(StateKey key) {
            cache.begin(key);
        }

        @Override
        public void put(StateKey key, Cell cell) {
            cache.put(key, cell);
        }

        @Override
        public void end(StateKey key) {
            cache.end(key);
        }
    }
}

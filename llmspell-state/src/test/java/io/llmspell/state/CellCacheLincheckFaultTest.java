package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.state.StateKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** The check of the cache must find one that is filled by whoever read the store, however long ago. */
class CellCacheLincheckFaultTest {
    @Test
    void fillWithoutLookingForWriters_isFound() {
        assertThatThrownBy(() -> CellCacheLincheckTest.options()
                        .iterations(50)
                        .invocationsPerIteration(1_000)
                        .check(ReadThenFill.class))
                .isInstanceOf(Throwable.class)
                .hasMessageContaining("Invalid execution results");
    }

    /** The planted cache. */
    @Param(name = "value", gen = IntGen.class, conf = "1:3")
    public static final class ReadThenFill {
        private final CellCacheLincheckTest.Store store = new CellCacheLincheckTest.Store(new Careless());

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

    private static final class Careless implements CellCacheLincheckTest.Cache {
        private final ConcurrentHashMap<StateKey, Cell> cells = new ConcurrentHashMap<>();
        private final AtomicInteger writes = new AtomicInteger();

        @Override
        public Cell get(StateKey key, Function<StateKey, Cell> store) {
            Cell cached = cells.get(key);
            if (cached != null) {
                return cached;
            }
            int before = writes.get();
            Cell loaded = store.apply(key);
            for (int i = 0; i < 200 && writes.get() == before; i++) { // so that a writer comes between, if there is one
                Thread.yield();
            }
            cells.keySet().retainAll(Set.of(key));
            cells.put(key, loaded);
            return loaded;
        }

        @Override
        public void begin(StateKey key) {}

        @Override
        public void put(StateKey key, Cell cell) {
            cells.put(key, cell);
            writes.incrementAndGet();
        }

        @Override
        public void end(StateKey key) {}
    }
}

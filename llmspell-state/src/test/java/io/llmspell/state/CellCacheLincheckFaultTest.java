package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.state.StateKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
                        .iterations(100)
                        .invocationsPerIteration(50)
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
        private static final long MILLIS = 5;

        private final ConcurrentHashMap<StateKey, Cell> cells = new ConcurrentHashMap<>();
        private final Object put = new Object();
        private long puts;

        @Override
        public Cell get(StateKey key, Function<StateKey, Cell> store) {
            Cell cached = cells.get(key);
            if (cached != null) {
                return cached;
            }
            long before = puts();
            Cell loaded = store.apply(key);
            awaitPut(before);
            cells.keySet().retainAll(Set.of(key));
            cells.put(key, loaded);
            return loaded;
        }

        private long puts() {
            synchronized (put) {
                return puts;
            }
        }

        /** Gives a writer the time to come between the look into the store and the fill, so that it need not be luck. */
        private void awaitPut(long before) {
            synchronized (put) {
                try {
                    if (puts == before) {
                        put.wait(MILLIS);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public void begin(StateKey key) {}

        @Override
        public void put(StateKey key, Cell cell) {
            cells.put(key, cell);
            synchronized (put) {
                puts++;
                put.notifyAll();
            }
        }

        @Override
        public void end(StateKey key) {}
    }
}

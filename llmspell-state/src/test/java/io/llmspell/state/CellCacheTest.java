package io.llmspell.state;

import static io.llmspell.state.Fixture.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CellCacheTest {
    private static final Cell OLD = Cell.of("old", 1, StateClass.STANDARD, Cell.NEVER);
    private static final Cell NEW = Cell.of("new", 2, StateClass.STANDARD, Cell.NEVER);

    private final CellCache cache = new CellCache(100);
    private final AtomicInteger loads = new AtomicInteger();

    private Cell load(Cell cell) {
        return cache.get(KEY, key -> {
            loads.incrementAndGet();
            return cell;
        });
    }

    @Test
    void get_secondTime_isCached_absentOnesToo() {
        assertThat(load(Cell.ABSENT)).isEqualTo(Cell.ABSENT);
        assertThat(load(NEW)).isEqualTo(Cell.ABSENT);
        assertThat(loads).hasValue(1);
    }

    @Test
    void get_commitBetweenReadAndFill_doesNotCacheTheOldValue() {
        Cell first = cache.get(KEY, key -> {
            cache.begin(key);
            cache.put(key, NEW);
            cache.end(key);
            return OLD;
        });

        assertThat(first).isEqualTo(NEW);
        assertThat(load(OLD)).isEqualTo(NEW);
    }

    @Test
    void get_thatMissed_whenTheStoreIsAheadOfWhatWasCachedSince_isNotAheadOfTheNextRead() {
        Cell first = cache.get(KEY, key -> {
            cache.begin(key);
            cache.put(key, OLD);
            cache.end(key);
            cache.begin(key); // the next commit is in the store, and not told yet
            return NEW;
        });

        assertThat(first).isEqualTo(load(NEW)).isEqualTo(OLD);
    }

    @Test
    void get_commitBetweenReadAndFill_ofAValueThatWasEvicted_doesNotCacheTheOldValue() {
        cache.get(KEY, key -> {
            cache.begin(key);
            cache.end(key);
            return OLD;
        });

        assertThat(load(NEW)).isEqualTo(NEW);
    }

    @Test
    void get_whileACommitIsInFlight_isNotCached() {
        cache.begin(KEY);
        assertThat(load(OLD)).isEqualTo(OLD);
        assertThat(load(NEW)).isEqualTo(NEW);
        cache.end(KEY);
        load(NEW);
        load(NEW);

        assertThat(loads).hasValue(3);
    }

    @Test
    void get_readBegunDuringACommit_isNotCachedAfterIt() {
        cache.begin(KEY);
        cache.get(KEY, key -> {
            cache.end(key);
            return OLD;
        });

        assertThat(load(NEW)).isEqualTo(NEW);
    }

    /** How many of the keys are not in the cache; a commit is in flight, so that asking puts none into it. */
    private int misses() {
        AtomicInteger misses = new AtomicInteger();
        for (int i = 0; i < 1_000; i++) {
            StateKey key = Fixture.key("k" + i);
            cache.begin(key);
            cache.get(key, each -> {
                misses.incrementAndGet();
                return NEW;
            });
            cache.end(key);
        }
        return misses.get();
    }

    @Test
    void size_countsLargeValuesSeveralTimes() {
        for (int i = 0; i < 1_000; i++) {
            StateKey key = Fixture.key("k" + i);
            cache.get(key, each -> Cell.of("x".repeat(8_000), 1, StateClass.STANDARD, Cell.NEVER));
        }

        assertThat(misses()).isEqualTo(1_000 - 100 / 2);
    }

    @Test
    void get_ofAValueThatIsLargerThanAll_isNotCached_norWhatItReplaces() {
        load(OLD);
        cache.begin(KEY);
        cache.put(KEY, Cell.of("x".repeat(1 << 20), 2, StateClass.STANDARD, Cell.NEVER));
        cache.end(KEY);

        assertThat(load(NEW)).isEqualTo(NEW);
        assertThat(loads).hasValue(2);
    }
}

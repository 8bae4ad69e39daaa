package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
import io.llmspell.state.BoundedCells.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class BoundedCellsTest {
    private static final int UNIT = 4 << 10;

    private final Map<StateKey, Integer> counted = new HashMap<>();

    private BoundedCells cells(int limit, Entry entry) {
        return new BoundedCells(limit, entry, (key, more) -> counted.merge(key, more, Integer::sum));
    }

    private static StateKey key(int number) {
        return Fixture.key("k" + number);
    }

    private static Cell cell(int weight) {
        return Cell.of("v", 1, StateClass.STANDARD, Cell.NEVER).recorded((weight - 1) * UNIT);
    }

    private static void put(BoundedCells cells, int... keys) {
        for (int key : keys) {
            cells.put(key(key), cell(1));
        }
    }

    private static Set<String> held(BoundedCells cells) {
        Set<String> held = new LinkedHashSet<>();
        cells.forEach((key, cell) -> held.add(key.key()));
        return held;
    }

    private static int weight(BoundedCells cells) {
        AtomicInteger sum = new AtomicInteger();
        cells.forEach((key, cell) -> sum.addAndGet(cell.weight()));
        return sum.get();
    }

    @ParameterizedTest
    @EnumSource
    void put_tooMany_theOldestGoes_unlessItWasRead(Entry entry) {
        BoundedCells cells = cells(3, entry);
        put(cells, 1, 2, 3);
        cells.get(key(1));
        put(cells, 4);

        assertThat(held(cells)).containsExactlyInAnyOrder("k1", "k3", "k4");
    }

    @ParameterizedTest
    @EnumSource
    void peek_leavesThePlaceAsItIs(Entry entry) {
        BoundedCells cells = cells(2, entry);
        put(cells, 1, 2);
        assertThat(cells.peek(key(1))).isNotNull();
        put(cells, 3);

        assertThat(held(cells)).containsExactlyInAnyOrder("k2", "k3");
    }

    @Test
    void behindTheHand_aNewCellIsTheLastToGo() {
        BoundedCells cells = cells(100, Entry.BEHIND_THE_HAND);
        for (int i = 0; i < 100; i++) {
            put(cells, i);
        }
        for (int i = 0; i < 100; i += 3) {
            cells.get(key(i)); // the hand stands in the middle of marks
        }
        put(cells, 1_000);
        put(cells, 1_001);
        for (int i = 0; i < 64; i++) {
            put(cells, 2_000 + i);
            assertThat(cells.peek(key(1_000))).as("after %d others", i).isNotNull();
        }
        assertThat(held(cells)).contains("k0", "k99", "k1001").doesNotContain("k1", "k2", "k98");
    }

    @Test
    void atTheNewest_whatIsReadAgainStays_whileManyPassOnce() {
        BoundedCells cells = cells(100, Entry.AT_THE_NEWEST);
        for (int i = 0; i < 50; i++) {
            put(cells, i);
        }
        for (int i = 1_000; i < 3_000; i++) {
            put(cells, i);
            cells.get(key(i % 50));
        }

        for (int i = 0; i < 50; i++) {
            assertThat(cells.peek(key(i))).as("cell %d", i).isNotNull();
        }
    }

    @Test
    void put_allWereRead_theHandComesToAnEnd() {
        BoundedCells cells = cells(5_000, Entry.AT_THE_NEWEST);
        for (int i = 0; i < 5_000; i++) {
            put(cells, i);
            cells.get(key(i));
        }
        put(cells, 5_000);

        assertThat(held(cells)).hasSize(5_000).contains("k0", "k5000").doesNotContain("k1000");
    }

    @ParameterizedTest
    @EnumSource
    void put_heavierThanAll_staysAlone(Entry entry) {
        BoundedCells cells = cells(3, entry);
        put(cells, 1, 2);
        cells.put(key(3), cell(5));
        assertThat(held(cells)).containsExactly("k3");
        put(cells, 4);

        assertThat(held(cells)).containsExactly("k4");
    }

    @ParameterizedTest
    @EnumSource
    void anyOrderOfCalls_agreesWithAMap_withinTheLimit(Entry entry) {
        for (int seed = 0; seed < 200; seed++) {
            counted.clear();
            Random random = new Random(seed);
            int limit = 1 + random.nextInt(20);
            BoundedCells cells = cells(limit, entry);
            Map<StateKey, Cell> last = new HashMap<>();
            for (int i = 0; i < 300; i++) {
                StateKey key = key(random.nextInt(30));
                switch (random.nextInt(4)) {
                    case 0, 1 -> {
                        Cell cell = cell(1 + random.nextInt(3)).at(i);
                        cells.put(key, cell);
                        last.put(key, cell);
                        assertThat(cells.peek(key)).isEqualTo(cell);
                    }
                    case 2 -> {
                        cells.remove(key);
                        assertThat(cells.peek(key)).isNull();
                    }
                    default -> {
                        Cell found = cells.get(key);
                        if (found != null) {
                            assertThat(found).as("seed %d, step %d", seed, i).isEqualTo(last.get(key));
                        }
                    }
                }
                assertThat(weight(cells)).as("seed %d, step %d", seed, i).isLessThanOrEqualTo(Math.max(limit, 3));
                assertThat(counted.values().stream().mapToInt(count -> count).sum())
                        .isEqualTo(held(cells).size());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void manyThreads_loseNoRoom(Entry entry) throws InterruptedException {
        BoundedCells cells = new BoundedCells(50, entry, (key, more) -> {});
        AtomicBoolean wrong = new AtomicBoolean();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            Random random = new Random(thread);
            threads.add(new Thread(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                for (int i = 0; i < 20_000; i++) {
                    int number = random.nextInt(100);
                    switch (random.nextInt(4)) {
                        case 0 ->
                            cells.put(key(number), cell(1 + random.nextInt(4)).at(number));
                        case 1 -> cells.remove(key(number));
                        default -> {
                            Cell found = cells.get(key(number));
                            if (found != null && found.revision() != number) {
                                wrong.set(true);
                            }
                        }
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(wrong).isFalse();
        assertThat(weight(cells)).isLessThanOrEqualTo(50);
        held(cells).forEach(name -> cells.remove(Fixture.key(name)));
        assertThat(held(cells)).isEmpty();
        for (int i = 0; i < 50; i++) {
            put(cells, i);
        }
        assertThat(held(cells)).as("all the room there was").hasSize(50);
    }
}

package io.llmspell.core.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.time.StillTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class TimeOrderedIdsTest {
    private final StillTime time = new StillTime();
    private final IdGenerator ids = IdGenerator.timeOrdered(time);

    @Test
    void id_hasVersionVariantAndTime() {
        for (int i = 0; i < 1_000; i++) {
            UUID id = ids.next();
            assertThat(id.version()).isEqualTo(7);
            assertThat(id.variant()).isEqualTo(2);
        }
        time.advance(Duration.ofSeconds(1));
        assertThat(ids.next().getMostSignificantBits() >>> 16)
                .isEqualTo(time.now().toEpochMilli());
    }

    @Test
    void ids_ofOneThread_growAsTextAndAsBits() {
        List<UUID> made = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            if (i % 500 == 0) {
                time.advance(Duration.ofMillis(1));
            }
            made.add(ids.next());
        }

        assertThat(made.stream().map(UUID::toString)).isSorted().doesNotHaveDuplicates();
        assertThat(made).isSortedAccordingTo(Comparator.comparing(UUID::toString));
    }

    @Test
    void ids_moreThanTheCounterHoldsInAMillisecond_stillGrow() {
        Stream<String> many = Stream.generate(() -> ids.next().toString()).limit(3 * 4_096);

        assertThat(many).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void ids_whenTheWallClockGoesBack_stillGrow() {
        String before = ids.next().toString();

        time.setNow(Instant.parse("2020-01-01T00:00:00Z"));

        assertThat(ids.next().toString()).isGreaterThan(before);
    }

    @Test
    void ids_ofManyThreads_areUniqueAndGrowOnEach() throws Exception {
        int threads = 4;
        int each = 25_000;
        Set<UUID> all = ConcurrentHashMap.newKeySet();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Boolean>> sorted = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                sorted.add(pool.submit(() -> growing(all, each)));
            }
            for (Future<Boolean> one : sorted) {
                assertThat(one.get(30, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(all).hasSize(threads * each);
        } finally {
            pool.shutdownNow();
        }
    }

    private boolean growing(Set<UUID> all, int count) {
        long before = 0;
        for (int i = 0; i < count; i++) {
            UUID id = ids.next();
            all.add(id);
            if (id.getMostSignificantBits() <= before) {
                return false;
            }
            before = id.getMostSignificantBits();
        }
        return true;
    }
}

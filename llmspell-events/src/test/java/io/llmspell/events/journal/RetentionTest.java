package io.llmspell.events.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.event.EventQuery;
import io.llmspell.core.event.JournalStats;
import io.llmspell.core.event.JournaledEvent;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RetentionTest {
    private static JournalSettings settings(long events, Duration ttl, long bytes) {
        return new JournalSettings(true, List.of("**"), List.of(), events, ttl, bytes, Duration.ofHours(1));
    }

    @Test
    void clean_tooManyEvents_keepsTheNewest() {
        try (House house = new House(House.keeping(3))) {
            house.publish("a", 10);
            house.read(EventQuery.all());
            house.journal().clean();

            assertThat(house.read(EventQuery.all()))
                    .extracting(JournaledEvent::position)
                    .containsExactly(8L, 9L, 10L);
            assertThat(house.journal().stats()).isEqualTo(new JournalStats(10, 0, 0, 8, 10));
            assertThat(house.journal().clean()).isZero();
        }
    }

    @Test
    void clean_moreThanOneBatch_leavesNothingBehind() {
        try (House house = new House(House.keeping(7))) {
            house.publish("a", 1_700);
            house.change("state.changed");
            house.change("state.changed");
            house.read(EventQuery.all());
            house.journal().clean();

            assertThat(house.read(EventQuery.all()))
                    .extracting(JournaledEvent::position)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1_696, 1_702).boxed().toList());
            assertThat(indexed(house)).isEqualTo(7);
        }
    }

    /** How many events the index of the run finds. */
    private static long indexed(House house) {
        return house.read(EventQuery.all().run(new CorrelationId("run-1"))).size();
    }

    @Test
    void clean_tooLarge_removesUntilTheRestFits() {
        try (House house = new House(settings(1_000, Duration.ofDays(1), 2_000))) {
            house.publish("a", 50);
            house.read(EventQuery.all());
            house.journal().clean();

            long bytes = 0;
            try (Cursor cursor = house.store.scan(Space.EVENTS, Range.all())) {
                while (cursor.next()) {
                    bytes += cursor.entry().stored().value().length();
                }
            }
            assertThat(bytes).isBetween(1L, 2_000L);
            assertThat(house.journal().stats().newest()).isEqualTo(50);
        }
    }

    @Test
    void clean_tooOld_removesTheBeginning() {
        try (House house = new House(settings(1_000, Duration.ofHours(2), 1 << 20))) {
            house.publish("old", 2);
            house.time.advance(Duration.ofMinutes(90));
            house.publish("new", 1);
            house.read(EventQuery.all());
            house.time.advance(Duration.ofMinutes(45));
            house.journal().clean();

            assertThat(house.types(EventQuery.all())).containsExactly("new");
        }
    }

    @Test
    void clean_clockStepped_removesNothingForItsAge() {
        try (House house = new House(settings(1_000, Duration.ofHours(2), 1 << 20))) {
            house.publish("a", 2);
            house.read(EventQuery.all());
            house.journal().clean();
            house.time.setWall(house.time.now().plus(Duration.ofDays(400)));

            assertThat(house.journal().clean()).isZero();
            house.time.setWall(house.time.now().minus(Duration.ofDays(4_000)));
            assertThat(house.journal().clean()).isZero();
        }
    }

    @Test
    void clean_everythingGone_positionsAndBordersGoOn() {
        try (House house = new House(settings(1_000, Duration.ofHours(2), 1 << 20))) {
            house.publish("a", 3);
            house.read(EventQuery.all());
            house.time.advance(Duration.ofHours(3));
            house.journal().clean();
            assertThat(house.journal().stats()).isEqualTo(new JournalStats(3, 0, 0, 4, 3));
            house.publish("b", 1);

            assertThat(house.read(EventQuery.all()).get(0).position()).isEqualTo(4);
        }
    }

    @Test
    void journal_farTooManyEvents_cleansItselfBehindTheWriter() {
        try (House house = new House(House.keeping(100))) {
            house.publish("a", 500);
            house.read(EventQuery.all());

            Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(house.journal().stats().oldest()).isEqualTo(401));
        }
    }

    @Test
    void journal_timer_cleansAgainAndAgain() {
        try (House house = new House(settings(1_000, Duration.ofHours(2), 1 << 20))) {
            for (int round = 1; round <= 2; round++) {
                house.publish("a", 2);
                house.read(EventQuery.all());
                long newest = 2L * round;
                Awaitility.await().untilAsserted(() -> {
                    house.time.advance(Duration.ofHours(1)); // the writer sets the timer when it rests
                    assertThat(house.journal().stats().oldest()).isEqualTo(newest + 1);
                });
            }
        }
    }

    /** A cleaned log must not leave its numbers in the meta space. */
    @Test
    void clean_numbersOfChanges_goWithTheirEvents() {
        try (House house = new House(House.keeping(1))) {
            for (int i = 0; i < 20; i++) {
                house.change("state.changed");
                house.read(EventQuery.all());
            }
            house.journal().clean();
            long notes = 0;
            try (Cursor cursor = house.store.scan(Space.META, Range.prefix(Bytes.utf8("events.numbers:")))) {
                while (cursor.next()) {
                    notes++;
                }
            }
            assertThat(notes).isLessThan(4);
            assertThat(house.read(EventQuery.all()).get(0).event().sequence()).isPositive();
        }
    }
}

package io.llmspell.events.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.event.DurableOptions;
import io.llmspell.core.event.DurableStats;
import io.llmspell.core.event.DurableSubscription;
import io.llmspell.core.event.EventException;
import io.llmspell.core.event.EventHandler;
import io.llmspell.core.event.EventQuery;
import io.llmspell.core.storage.Space;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class FollowerTest {
    private static final DurableOptions NAMED = DurableOptions.named("reports");

    private static DurableSubscription follow(House house, DurableOptions options, EventHandler handler) {
        return house.journal().subscribe("a.*", options, handler, House.CALLER);
    }

    private static void eventually(Runnable check) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(check::run);
    }

    private static void end(DurableSubscription subscription) {
        subscription.close();
        subscription
                .idle()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void follow_restart_goesOnWhereItWas() {
        List<Object> seen = new CopyOnWriteArrayList<>();
        House house = new House(JournalSettings.DEFAULT);
        house.publish("a.x", 2);
        house.publish("b.x", 1);
        DurableSubscription first = follow(house, NAMED, (event, again) -> seen.add(event.payload() + "/" + again));
        eventually(() -> assertThat(seen).containsExactly("0/false", "1/false"));
        eventually(() -> assertThat(first.stats()).isEqualTo(new DurableStats(3, 2, 0, 0, 0)));
        end(first);
        house.publish("a.y", 1);
        house.close();

        try (House later = house.again(JournalSettings.DEFAULT)) {
            follow(later, NAMED, (event, again) -> seen.add(event.type() + "/" + again));
            later.publish("a.z", 1);
            later.journal().flush();

            eventually(() -> assertThat(seen).containsExactly("0/false", "1/false", "a.y/false", "a.z/false"));
            assertThat(later.journal().cursors()).containsKey("reports");
        }
    }

    /** What was claimed and not known as handled comes again, and says so. */
    @Test
    void follow_afterACrash_handlesAgainWhatMayBeHandled() {
        try (House house = new House(JournalSettings.DEFAULT)) {
            house.publish("a.x", 5);
            house.read(EventQuery.all());
            new Places(house.store, Space.EVENTS).write(house.store, "reports", new Places.Place(1, 3));
            List<String> seen = new CopyOnWriteArrayList<>();
            DurableSubscription follower =
                    follow(house, NAMED, (event, again) -> seen.add(event.payload() + (again ? "!" : "")));

            eventually(() -> assertThat(seen).containsExactly("1!", "2!", "3", "4"));
            eventually(() -> assertThat(follower.stats()).isEqualTo(new DurableStats(5, 4, 2, 0, 0)));
        }
    }

    @Test
    void follow_eventsOfChanges_comeWithTheirNumbersInOrder() {
        try (House house = new House(JournalSettings.DEFAULT)) {
            List<Long> numbers = new CopyOnWriteArrayList<>();
            house.journal().subscribe("**", NAMED, (event, again) -> numbers.add(event.sequence()), House.CALLER);
            for (int i = 0; i < 50; i++) {
                house.change("state.changed");
            }

            eventually(() -> assertThat(numbers).hasSize(50));
            assertThat(numbers).isSorted().doesNotContain(0L).doesNotHaveDuplicates();
        }
    }

    @Test
    void follow_retentionWasFaster_tellsTheExactGap() {
        AtomicLong gap = new AtomicLong();
        try (House house = new House(House.keeping(4))) {
            house.publish("a.x", 10);
            house.read(EventQuery.all());
            new Places(house.store, Space.EVENTS).write(house.store, "reports", new Places.Place(2, 2));
            house.journal().clean();
            List<Object> seen = new CopyOnWriteArrayList<>();
            DurableSubscription follower =
                    follow(house, NAMED.tellingGaps(gap::addAndGet), (event, again) -> seen.add(event.payload()));

            eventually(() -> assertThat(seen).containsExactly(6L, 7L, 8L, 9L));
            eventually(() -> assertThat(follower.stats()).isEqualTo(new DurableStats(10, 4, 0, 0, 4)));
            assertThat(gap).hasValue(4);
        }
    }

    @Test
    void follow_logIsEmptyByNow_tellsTheExactGap() {
        try (House house = new House(House.keeping(100))) {
            house.publish("a.x", 10);
            house.read(EventQuery.all());
            new Places(house.store, Space.EVENTS).write(house.store, "reports", new Places.Place(2, 2));
            house.time.advance(Duration.ofDays(8));
            house.journal().clean();
            DurableSubscription follower = follow(house, NAMED, (event, again) -> {});

            eventually(() -> assertThat(follower.stats()).isEqualTo(new DurableStats(10, 0, 0, 0, 8)));
        }
    }

    @Test
    void follow_newName_beginsWithTheOldestOrWhereItIsTold() {
        try (House house = new House(House.keeping(4))) {
            house.publish("a.x", 10);
            house.read(EventQuery.all());
            house.journal().clean();
            List<Object> seen = new CopyOnWriteArrayList<>();
            DurableSubscription oldest = follow(house, NAMED, (event, again) -> seen.add(event.payload()));
            eventually(() -> assertThat(seen).containsExactly(6L, 7L, 8L, 9L));
            assertThat(oldest.stats().missed()).isZero();
            seen.clear();
            follow(house, DurableOptions.named("late").from(9), (event, again) -> seen.add(event.payload()));

            eventually(() -> assertThat(seen).containsExactly(9L));
        }
    }

    @Test
    void follow_handlerThrows_isCountedAndTheNextFollows() {
        try (House house = new House(JournalSettings.DEFAULT)) {
            house.publish("a.x", 3);
            DurableSubscription follower = follow(house, NAMED, (event, again) -> {
                if (!event.payload().equals(1L)) {
                    throw new AssertionError("no");
                }
            });

            eventually(() -> assertThat(follower.stats()).isEqualTo(new DurableStats(3, 3, 0, 2, 0)));
        }
    }

    @Test
    void close_whileAHandlerRuns_startsNoOtherAndKeepsThePlace() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (House house = new House(JournalSettings.DEFAULT)) {
            house.publish("a.x", 5);
            List<Object> seen = new CopyOnWriteArrayList<>();
            DurableSubscription follower = follow(house, NAMED, (event, again) -> {
                entered.countDown();
                go.await();
                seen.add(event.payload());
            });
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
            follower.close();
            assertThat(follower.idle().toCompletableFuture()).isNotDone();
            go.countDown();
            end(follower);

            assertThat(seen).containsExactly(0L);
            assertThat(house.journal().cursors()).isEqualTo(Map.of("reports", 1L));
        }
    }

    @Test
    void name_inUseEmptyOrClosedBus_isRefused() {
        House house = new House(JournalSettings.DEFAULT);
        DurableSubscription open = follow(house, NAMED, (event, again) -> {});
        assertThatThrownBy(() -> follow(house, NAMED, (event, again) -> {})).isInstanceOf(InvalidStateException.class);
        assertThatThrownBy(() -> house.journal().forget("reports")).isInstanceOf(InvalidStateException.class);
        assertThatThrownBy(() -> DurableOptions.named("")).isInstanceOf(ArgumentException.class);
        assertThatThrownBy(() -> NAMED.from(-1)).isInstanceOf(ArgumentException.class);
        house.close();
        assertThat(open.idle().toCompletableFuture()).isDone();

        assertThatThrownBy(() -> follow(house, NAMED, (event, again) -> {})).isInstanceOf(EventException.class);
    }

    @Test
    void forget_place_beginsAnew() {
        try (House house = new House(JournalSettings.DEFAULT)) {
            house.publish("a.x", 1);
            List<Object> seen = new CopyOnWriteArrayList<>();
            DurableSubscription first = follow(house, NAMED, (event, again) -> seen.add(event.payload()));
            eventually(() -> assertThat(seen).hasSize(1));
            end(first);
            assertThat(house.journal().forget("reports")).isTrue();
            assertThat(house.journal().forget("reports")).isFalse();
            follow(house, NAMED, (event, again) -> seen.add(event.payload()));

            eventually(() -> assertThat(seen).hasSize(2));
        }
    }
}

package io.llmspell.events.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventException;
import io.llmspell.core.event.EventInbox;
import io.llmspell.core.event.EventQuery;
import io.llmspell.core.event.JournalStats;
import io.llmspell.core.event.JournaledEvent;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.events.Events;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.testing.gate.PointGate;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class StoredJournalTest {
    @Test
    void event_published_comesBackWhole() {
        try (House house = new House(JournalSettings.DEFAULT)) {
            EventInbox inbox = house.bus.inbox("**", SubscribeOptions.DEFAULT, House.CALLER);
            EventDraft draft = House.draft("order.paid", List.of("x", 1L))
                    .withTags(Set.of("b", "a"))
                    .withLinks("cause", "target")
                    .withAttributes(JsonObject.of("k", 2L))
                    .withTtl(Duration.ofMillis(1_500));
            house.bus.publish(draft, House.CALLER.in(Language.LUA));

            UniversalEvent live = inbox.poll().orElseThrow();

            assertThat(house.read(EventQuery.all())).containsExactly(new JournaledEvent(1, live));
            assertThat(live.sequence()).isPositive();
        }
    }

    @Test
    void event_withSecrets_isMasked() {
        try (House house = new House(JournalSettings.DEFAULT)) {
            house.bus.publish(House.draft("a", JsonObject.of("password", "hunter22", "n", 1L)), House.CALLER);

            assertThat(house.payloads(EventQuery.all()))
                    .containsExactly(JsonObject.of("password", Redactor.MASK, "n", 1L));
        }
    }

    @Test
    void patterns_chooseWhatIsKept() {
        JournalSettings some = new JournalSettings(
                true,
                List.of("a.**", "b"),
                List.of("a.secret"),
                10,
                Duration.ofDays(1),
                1_000_000,
                Duration.ofHours(1));
        try (House house = new House(some)) {
            List.of("a.x", "a.secret", "b", "c").forEach(type -> house.publish(type, 1));
            house.bus.publish(House.draft("c.kept", null).withPersistent(true), House.CALLER);

            assertThat(house.types(EventQuery.all())).containsExactly("a.x", "b", "c.kept");
            assertThat(house.bus.stage(House.draft("c", null), House.CALLER).write())
                    .isEmpty();
        }
    }

    @Test
    void persistent_withoutJournal_isRefused() {
        ManualTime time = new ManualTime();
        try (EventBus bus = Events.builder()
                .time(time)
                .ids(IdGenerator.timeOrdered(time))
                .gate(new PassThroughGate())
                .awaiter(Awaiter.blocking(time))
                .build()) {
            assertThat(bus.journal()).isEmpty();
            assertThatThrownBy(() -> bus.publish(House.draft("a", null).withPersistent(true), House.CALLER))
                    .isInstanceOf(EventException.class)
                    .hasMessageContaining("no journal");
        }
    }

    @Test
    void persistent_publish_returnsAfterTheDurableWrite() {
        HeldStore held = new HeldStore(House.newStore());
        try (House house = new House(held, JournalSettings.DEFAULT, new PassThroughGate(), new ManualTime())) {
            house.publish("a", 1);
            house.bus.publish(House.draft("b", null).withPersistent(true), House.CALLER);

            assertThat(held.modes()).last().isEqualTo(WriteMode.DURABLE);
            assertThat(house.journal().stats()).isEqualTo(new JournalStats(2, 0, 0, 1, 2));
        }
    }

    @Test
    void writer_storeStandsStill_countsWhatItCannotTakeAndPublishersGoOn() {
        HeldStore held = new HeldStore(House.newStore());
        try (House house = new House(held, JournalSettings.DEFAULT, new PassThroughGate(), new ManualTime())) {
            house.publish("first", 1);
            held.hold();
            house.journal().flush();
            held.awaitHeld();

            house.publish("a", JournalWriter.CAPACITY + 7);

            JournalStats stats = house.journal().stats();
            assertThat(stats.lost() + stats.buffered()).isEqualTo(JournalWriter.CAPACITY + 8);
            assertThat(stats.lost()).isBetween(7L, 8L);
            held.release();
            assertThat(house.read(EventQuery.all())).hasSize((int) (JournalWriter.CAPACITY + 8 - stats.lost()));
        }
    }

    @Test
    void writer_storeRefuses_countsTheLossAndGoesOn() {
        HeldStore held = new HeldStore(House.newStore());
        try (House house = new House(held, JournalSettings.DEFAULT, new PassThroughGate(), new ManualTime())) {
            house.publish("a", 1);
            held.failing(true);
            assertThatThrownBy(() -> house.bus.publish(House.draft("b", null).withPersistent(true), House.CALLER))
                    .hasMessageContaining("no room");
            held.failing(false);
            house.publish("c", 1);

            assertThat(house.types(EventQuery.all())).last().isEqualTo("c");
            assertThat(house.journal().stats().lost())
                    .isEqualTo(3 - house.read(EventQuery.all()).size());
        }
    }

    @Test
    void change_event_hasNumberAndVersionAlsoAfterARestart() {
        try (House house = new House(JournalSettings.DEFAULT)) {
            EventInbox inbox = house.bus.inbox("**", SubscribeOptions.DEFAULT, House.CALLER);
            house.publish("a", 1);
            house.change("state.changed");
            house.publish("a", 1);
            house.change("state.changed");
            List<UniversalEvent> live = java.util.stream.Stream.generate(inbox::poll)
                    .limit(4)
                    .map(java.util.Optional::orElseThrow)
                    .toList();

            assertThat(house.read(EventQuery.all()))
                    .extracting(JournaledEvent::event)
                    .containsExactlyInAnyOrderElementsOf(live);
            house.bus.close();
            try (House later = house.again(JournalSettings.DEFAULT)) {
                assertThat(later.read(EventQuery.all()))
                        .extracting(JournaledEvent::event)
                        .containsExactlyInAnyOrderElementsOf(live);
                later.publish("b", 1);
                assertThat(later.read(EventQuery.all().types("b"))
                                .get(0)
                                .event()
                                .sequence())
                        .isGreaterThan(live.get(3).sequence());
            }
        }
    }

    @Test
    void change_vetoedEvent_isKeptWithoutNumber() {
        PointGate gate = new PointGate().on(HookPoint.BEFORE_EVENT_EMIT, data -> HookResult.cancel("no"));
        try (House house = new House(House.newStore(), JournalSettings.DEFAULT, gate, new ManualTime())) {
            house.change("state.changed");

            assertThat(house.read(EventQuery.all())).singleElement().satisfies(kept -> {
                assertThat(kept.event().sequence()).isZero();
                assertThat(kept.event().payload()).isEqualTo(JsonObject.of("n", 1L, "version", 2L));
            });
        }
    }

    @Test
    void query_stream_obeysDemandAndSeesTheJournalAsItWas() {
        try (House house = new House(JournalSettings.DEFAULT)) {
            house.publish("a", 5);
            StepVerifier.create(house.journal().query(EventQuery.all()), 2)
                    .expectNextCount(2)
                    .then(() -> house.publish("late", 1))
                    .thenRequest(10)
                    .expectNextCount(3)
                    .verifyComplete();
        }
    }

    @Test
    void query_malformedPattern_isRefusedAtOnce() {
        try (House house = new House(JournalSettings.DEFAULT)) {
            assertThatThrownBy(() -> house.journal().query(EventQuery.all().types("a.[")))
                    .isInstanceOf(EventException.class);
        }
    }

    @Test
    void close_writesWhatWaits() {
        House house = new House(JournalSettings.DEFAULT);
        house.publish("a", 3);
        house.close();

        try (House later = house.again(JournalSettings.DEFAULT)) {
            assertThat(later.read(EventQuery.all().run(new CorrelationId("run-1"))))
                    .hasSize(3);
        }
    }
}

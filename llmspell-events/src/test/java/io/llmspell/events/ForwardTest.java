package io.llmspell.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventException;
import io.llmspell.core.event.EventInbox;
import io.llmspell.core.event.Overflow;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.testing.gate.PassThroughGate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ForwardTest {
    private static final Component SOURCE = Component.named(ComponentType.SYSTEM, "forward");

    private final SystemTimeSource time = new SystemTimeSource();
    private final EventBus bus = Events.builder()
            .time(time)
            .ids(IdGenerator.timeOrdered(time))
            .gate(new PassThroughGate())
            .awaiter(Awaiter.blocking(time))
            .build();

    @AfterEach
    void close() {
        bus.close();
        time.close();
    }

    private UniversalEvent existing() {
        try (EventInbox inbox = bus.inbox("made", SubscribeOptions.DEFAULT, BusCheck.CALLER)) {
            bus.publish(EventDraft.of("made", 1L, SOURCE), BusCheck.CALLER).orThrow();
            return inbox.poll().orElseThrow();
        }
    }

    @Test
    void forward_eventThatExists_keepsIdAndNumberAndIsCounted() {
        UniversalEvent event = existing();
        List<UniversalEvent> seen = new CopyOnWriteArrayList<>();
        bus.subscribe(
                "made",
                SubscribeOptions.DEFAULT.onPublisherThread(),
                (given, again) -> seen.add(given),
                BusCheck.CALLER);

        assertThat(bus.forward(event, BusCheck.CALLER)).isEqualTo(1);
        assertThat(seen).containsExactly(event);
        assertThat(bus.stats().published()).isEqualTo(2);
        assertThat(bus.stats().accepted()).isEqualTo(2);
    }

    @Test
    void forward_sameEventAgainAndAgain_isHandedOutEachTime() {
        UniversalEvent event = existing();
        List<UniversalEvent> seen = new CopyOnWriteArrayList<>();
        bus.subscribe(
                "made",
                SubscribeOptions.DEFAULT.withOverflow(Overflow.BLOCK).withBufferSize(4),
                (given, again) -> seen.add(given),
                BusCheck.CALLER);
        for (int i = 0; i < 100; i++) {
            bus.forward(event, BusCheck.CALLER);
        }

        Awaitility.await().untilAsserted(() -> assertThat(seen).hasSize(100).containsOnly(event));
    }

    @Test
    void forward_toAFullQueueThatRejects_namesItAndServesTheOthers() {
        UniversalEvent event = existing();
        List<UniversalEvent> seen = new CopyOnWriteArrayList<>();
        EventInbox full = bus.inbox(
                "made", SubscribeOptions.DEFAULT.withOverflow(Overflow.REJECT).withBufferSize(1), BusCheck.CALLER);
        bus.subscribe(
                "made",
                SubscribeOptions.DEFAULT.onPublisherThread(),
                (given, again) -> seen.add(given),
                BusCheck.CALLER);
        bus.forward(event, BusCheck.CALLER);

        assertThatThrownBy(() -> bus.forward(event, BusCheck.CALLER))
                .isInstanceOf(EventException.class)
                .hasMessageContaining(full.id());
        assertThat(seen).containsExactly(event, event);
    }
}

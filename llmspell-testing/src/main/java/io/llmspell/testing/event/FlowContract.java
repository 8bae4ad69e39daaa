package io.llmspell.testing.event;

import static io.llmspell.testing.event.Buses.CALLER;
import static io.llmspell.testing.event.Buses.QUEUED;
import static io.llmspell.testing.event.Buses.SYNCHRONOUS;
import static io.llmspell.testing.event.Buses.accountsAgree;
import static io.llmspell.testing.event.Buses.draft;
import static io.llmspell.testing.event.Buses.eventually;
import static io.llmspell.testing.event.Buses.open;
import static io.llmspell.testing.event.Buses.publish;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.Overflow;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.json.JsonObject;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What the bus tells of queues that fill up. */
interface FlowContract extends EventBusFixture {
    /** Warning, critical and recovered come once for each crossing, with the figures of the queue. */
    @Test
    default void marks_crossed_areToldOnceUntilRecovered() {
        try (EventBus bus = open(this)) {
            List<UniversalEvent> told = new CopyOnWriteArrayList<>();
            bus.subscribe("event.flow.*", SYNCHRONOUS, (event, again) -> told.add(event), CALLER);
            Valve valve = new Valve();
            SubscribeOptions options = QUEUED.withBufferSize(10).withWaterMarks(8, 2);
            Subscription slow = bus.subscribe("a", options.withOverflow(Overflow.REJECT), valve, CALLER);
            bus.publish(draft("a", "first"), CALLER);
            valve.awaitEntered();
            publish(bus, "a", 7);
            assertThat(told).isEmpty();
            publish(bus, "a", 6);
            eventually(() -> assertThat(told)
                    .extracting(UniversalEvent::type)
                    .containsExactly("event.flow.warning", "event.flow.critical"));
            assertThat(told.get(0).payload())
                    .isEqualTo(JsonObject.of(
                            "subscription_id",
                            slow.id(),
                            "pattern",
                            "a",
                            "buffer_size",
                            8,
                            "capacity",
                            10,
                            "dropped",
                            0));
            valve.open();
            eventually(() -> assertThat(told)
                    .extracting(UniversalEvent::type)
                    .containsExactly("event.flow.warning", "event.flow.critical", "event.flow.recovered"));
            accountsAgree(bus);
        }
    }

    /** Drops are told with their number, at most once a second, and none is left out. */
    @Test
    default void drops_many_areToldOnceASecondWithTheirSum() {
        ManualTime time = new ManualTime();
        try (EventBus bus = open(this, new PassThroughGate(), time, Duration.ZERO)) {
            List<Long> dropped = new CopyOnWriteArrayList<>();
            bus.subscribe(
                    "event.flow.{dropped,recovered}",
                    SYNCHRONOUS,
                    (event, again) -> dropped.add(number(event, "dropped")),
                    CALLER);
            Valve valve = new Valve();
            bus.subscribe(
                    "a",
                    QUEUED.withBufferSize(2).withWaterMarks(2, 0).withHandlerTimeout(Duration.ZERO),
                    valve,
                    CALLER);
            bus.publish(draft("a", "first"), CALLER);
            valve.awaitEntered();
            publish(bus, "a", 100);
            eventually(() -> assertThat(dropped).containsExactly(1L));
            time.advance(Duration.ofSeconds(1));
            publish(bus, "a", 4);
            eventually(() -> assertThat(dropped).containsExactly(1L, 98L));
            valve.open();
            eventually(() -> assertThat(dropped).containsExactly(1L, 98L, 3L));
        }
    }

    private static long number(UniversalEvent event, String member) {
        return event.payload() instanceof JsonObject payload && payload.get(member) instanceof Long number
                ? number
                : -1;
    }

    /** A subscription without notices is quiet, and a full listener of notices does not stop them. */
    @Test
    default void notices_toAFullBlockingListener_waitForNobody() {
        try (EventBus bus = open(this)) {
            Valve stuck = new Valve();
            SubscribeOptions one = QUEUED.withBufferSize(1).withWaterMarks(1, 0);
            Subscription listener = bus.subscribe("event.flow.*", one.withOverflow(Overflow.BLOCK), stuck, CALLER);
            List<String> others = new CopyOnWriteArrayList<>();
            bus.subscribe("event.flow.*", QUEUED, (event, again) -> others.add(event.type()), CALLER);
            Valve valve = new Valve();
            bus.subscribe("a", one, valve, CALLER);
            bus.subscribe("a", one.withNotices(false), valve, CALLER);
            publish(bus, "a", 20);
            eventually(() -> assertThat(others).contains("event.flow.dropped"));
            eventually(() -> assertThat(listener.stats().rejected()).isPositive());
            assertThat(others).filteredOn("event.flow.dropped"::equals).hasSize(1);
            valve.open();
            stuck.open();
        }
    }
}

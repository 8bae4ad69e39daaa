package io.llmspell.testing.event;

import static io.llmspell.testing.event.Buses.CALLER;
import static io.llmspell.testing.event.Buses.QUEUED;
import static io.llmspell.testing.event.Buses.SYNCHRONOUS;
import static io.llmspell.testing.event.Buses.draft;
import static io.llmspell.testing.event.Buses.eventually;
import static io.llmspell.testing.event.Buses.open;
import static io.llmspell.testing.event.Buses.publish;
import static io.llmspell.testing.event.Buses.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.event.BusStats;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventException;
import io.llmspell.core.event.PublishResult;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Closing a bus. */
interface ClosingContract extends EventBusFixture {
    /** Closing the bus lets handlers work off their queues. */
    @Test
    default void close_queuedEvents_areDrained() {
        EventBus bus = open(this);
        AtomicInteger handled = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            bus.subscribe("a", QUEUED, (event, again) -> handled.incrementAndGet(), CALLER);
        }
        publish(bus, "a", 5000);
        bus.close();
        assertThat(handled).hasValue(15_000);
        assertThat(bus.stats()).isEqualTo(new BusStats(5000, 5000, 0, 0, 0, 15_000, 0, 0, 0, 0));
    }

    /** What a slow handler leaves at the drain timeout counts as dropped, event by event. */
    @Test
    default void close_whatIsTooSlow_isDroppedWithItsExactCount() {
        ManualTime time = new ManualTime();
        EventBus bus = open(this, new PassThroughGate(), time, Duration.ofSeconds(2));
        Valve valve = new Valve();
        AtomicInteger healthy = new AtomicInteger();
        SubscribeOptions unwatched = QUEUED.withHandlerTimeout(Duration.ZERO);
        bus.subscribe("a", unwatched, valve, CALLER);
        bus.subscribe("a", unwatched, (event, again) -> healthy.incrementAndGet(), CALLER);
        publish(bus, "a", 10_000);
        valve.awaitEntered();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(bus::close, task -> new Thread(task).start());
        eventually(() -> assertThat(time.timers()).isEqualTo(1));
        eventually(() -> assertThat(healthy).hasValue(10_000));
        time.advance(Duration.ofSeconds(2));
        Buses.get(closing);
        assertThat(healthy).hasValue(10_000);
        assertThat(bus.stats()).isEqualTo(new BusStats(10_000, 10_000, 0, 0, 0, 10_001, 9_999, 0, 0, 0));
        valve.open();
        assertThat(valve.payloads()).hasSize(1);
    }

    /** A closed bus refuses publishes, stages and subscriptions; closing it again does nothing. */
    @Test
    default void close_everyLaterCall_isRefused() {
        EventBus bus = open(this);
        bus.close();
        bus.close();
        refused(ErrorCode.BUS_CLOSED, () -> bus.publish(draft("a", null), CALLER));
        refused(ErrorCode.BUS_CLOSED, () -> Buses.getAsync(bus, "a"));
        refused(ErrorCode.BUS_CLOSED, () -> bus.stage(draft("a", null), CALLER));
        refused(ErrorCode.BUS_CLOSED, () -> bus.subscribe("a", QUEUED, (event, again) -> {}, CALLER));
        refused(ErrorCode.BUS_CLOSED, () -> bus.inbox("a", QUEUED, CALLER));
        assertThat(bus.stats()).isEqualTo(new BusStats(2, 0, 2, 0, 0, 0, 0, 0, 0, 0));
        assertThat(bus.subscriptions()).isEmpty();
    }

    /** A handler may close the bus; the close does not wait for that handler. */
    @Test
    default void close_insideAHandler_doesNotWaitForItself() {
        for (SubscribeOptions options : new SubscribeOptions[] {SYNCHRONOUS, QUEUED}) {
            EventBus bus = open(this, new PassThroughGate(), new ManualTime(), Duration.ofDays(1));
            CompletableFuture<Boolean> closed = new CompletableFuture<>();
            bus.subscribe(
                    "a",
                    options,
                    (event, again) -> {
                        bus.close();
                        closed.complete(true);
                    },
                    CALLER);
            bus.publish(draft("a", null), CALLER);
            assertThat(Buses.get(closed)).isTrue();
        }
    }

    /** Publishers that meet a close get an acceptance or a refusal, and the figures agree with both. */
    @Test
    default void close_againstPublish_everyEventIsAccountedFor() {
        for (int round = 0; round < 30; round++) {
            EventBus bus = open(this);
            AtomicLong handled = new AtomicLong();
            AtomicLong direct = new AtomicLong();
            bus.subscribe("a", QUEUED, (event, again) -> handled.incrementAndGet(), CALLER);
            bus.subscribe("a", SYNCHRONOUS, (event, again) -> direct.incrementAndGet(), CALLER);
            AtomicLong accepted = new AtomicLong();
            AtomicLong refused = new AtomicLong();
            int delay = round * 20;
            Buses.atOnce(List.of(
                    () -> publishUntilClosed(bus, accepted, refused),
                    () -> publishUntilClosed(bus, accepted, refused),
                    () -> {
                        eventually(() -> assertThat(bus.stats().accepted()).isGreaterThanOrEqualTo(delay));
                        bus.close();
                        return true;
                    }));
            BusStats stats = bus.stats();
            assertThat(stats.accepted()).isEqualTo(accepted.get());
            assertThat(stats.rejected()).isEqualTo(refused.get());
            assertThat(stats.delivered()).isEqualTo(handled.get() + direct.get());
            assertThat(handled.get() + stats.dropped()).isEqualTo(accepted.get());
            assertThat(stats.buffered()).isZero();
        }
    }

    private static boolean publishUntilClosed(EventBus bus, AtomicLong accepted, AtomicLong refused) {
        while (true) {
            try {
                PublishResult result = bus.publish(draft("a", null), CALLER);
                assertThat(result).isInstanceOf(PublishResult.Accepted.class);
                accepted.incrementAndGet();
            } catch (EventException closed) {
                assertThat(closed.code()).isEqualTo(ErrorCode.BUS_CLOSED);
                refused.incrementAndGet();
                return true;
            }
        }
    }
}

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

import io.llmspell.core.event.CloseReport;
import io.llmspell.core.event.DeadLetter;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventHandler;
import io.llmspell.core.event.Overflow;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.json.JsonObject;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.testing.time.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** How handlers are run: several at once, for a limited time, and not for ever if they fail. */
interface HandlingContract extends EventBusFixture {
    /** As many handlers run at once as the options say, and each event is handled once. */
    @Test
    default void concurrency_four_runsFourAtOnceAndEachEventOnce() {
        try (EventBus bus = open(this)) {
            CyclicBarrier four = new CyclicBarrier(4);
            AtomicInteger now = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            List<Object> seen = new CopyOnWriteArrayList<>();
            EventHandler handler = (event, again) -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                if (event.sequence() <= 4) {
                    four.await(20, TimeUnit.SECONDS);
                }
                seen.add(event.payload());
                now.decrementAndGet();
            };
            Subscription wide = bus.subscribe("a", QUEUED.withConcurrency(4), handler, CALLER);
            publish(bus, "a", 2000);
            eventually(() -> assertThat(seen).hasSize(2000));
            assertThat(seen)
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.range(0, 2000).boxed().toList());
            assertThat(most).hasValue(4);
            eventually(() -> assertThat(wide.stats().running()).isZero());
            assertThat(wide.stats().failed()).isZero();
            accountsAgree(bus);
        }
    }

    /** Publishers that wait for room before a queue with several handlers all get in. */
    @Test
    default void concurrency_withBlockingQueue_losesNothing() {
        try (EventBus bus = open(this)) {
            AtomicInteger handled = new AtomicInteger();
            SubscribeOptions options =
                    QUEUED.withConcurrency(3).withBufferSize(2).withOverflow(Overflow.BLOCK);
            Subscription wide = bus.subscribe("a", options, (event, again) -> handled.incrementAndGet(), CALLER);
            Buses.atOnce(List.of(() -> many(bus), () -> many(bus), () -> many(bus)));
            eventually(() -> assertThat(handled).hasValue(3000));
            wide.close();
            Buses.join(wide);
            assertThat(wide.stats().delivered()).isEqualTo(3000);
        }
    }

    private static boolean many(EventBus bus) {
        for (int i = 0; i < 1000; i++) {
            bus.publish(draft("a", (long) i), CALLER).orThrow();
        }
        return true;
    }

    /** A handler that takes too long is interrupted and counted as failed once; the next event is handled. */
    @Test
    default void timeout_passed_interruptsTheHandlerAndGoesOn() {
        ManualTime time = new ManualTime();
        try (EventBus bus = open(this, new PassThroughGate(), time, Duration.ZERO)) {
            CountDownLatch never = new CountDownLatch(1);
            CountDownLatch entered = new CountDownLatch(1);
            List<Object> ends = new CopyOnWriteArrayList<>();
            Subscription slow = bus.subscribe(
                    "a",
                    QUEUED.withHandlerTimeout(Duration.ofSeconds(4)),
                    (event, again) -> {
                        if (event.payload() == null) {
                            entered.countDown();
                            never.await();
                        }
                        ends.add(event.payload());
                    },
                    CALLER);
            bus.publish(draft("a", null), CALLER);
            bus.publish(draft("a", "next"), CALLER);
            Buses.await(entered);
            time.advance(Duration.ofMillis(3999));
            assertThat(slow.stats().failed()).isZero();
            time.advance(Duration.ofMillis(2001));
            eventually(() -> assertThat(ends).containsExactly("next"));
            eventually(() -> assertThat(bus.deadLetters()).hasSize(1));
            DeadLetter letter = bus.deadLetters().get(0);
            assertThat(letter.code()).isEqualTo("timeout");
            assertThat(letter.subscriptionId()).isEqualTo(slow.id());
            assertThat(letter.event().payload()).isNull();
            assertThat(slow.stats().failed()).isEqualTo(1);
            assertThat(slow.stats().delivered()).isEqualTo(2);
        }
    }

    /** Too many failures in a row end the deliveries until the subscription is resumed; a success forgets them. */
    @Test
    default void quarantine_afterFailuresInARow_dropsUntilResumed() {
        for (SubscribeOptions options : List.of(SYNCHRONOUS, QUEUED)) {
            try (EventBus bus = open(this)) {
                List<UniversalEvent> told = new CopyOnWriteArrayList<>();
                bus.subscribe("event.subscription.*", SYNCHRONOUS, (event, again) -> told.add(event), CALLER);
                AtomicReference<String> mode = new AtomicReference<>("good");
                Subscription thrower = bus.subscribe(
                        "a",
                        options.withQuarantineAfter(3),
                        (event, again) -> {
                            if ("bad".equals(mode.get())) {
                                throw new IOException("planted");
                            }
                        },
                        CALLER);
                for (String next : List.of("bad", "bad", "good", "bad", "bad", "bad")) {
                    long before = thrower.stats().delivered();
                    eventually(() -> assertThat(thrower.stats().running()).isZero());
                    mode.set(next);
                    publish(bus, "a", 1);
                    eventually(() -> assertThat(thrower.stats().delivered()).isEqualTo(before + 1));
                }
                eventually(() -> assertThat(thrower.quarantined()).isTrue());
                publish(bus, "a", 4);
                assertThat(thrower.stats().dropped()).isEqualTo(4);
                assertThat(thrower.stats().failed()).isEqualTo(5);
                eventually(() -> assertThat(told).hasSize(1));
                assertThat(told.get(0).payload())
                        .isEqualTo(JsonObject.of("subscription_id", thrower.id(), "pattern", "a", "failures", 3));
                accountsAgree(bus);
                mode.set("good");
                thrower.resume();
                publish(bus, "a", 2);
                eventually(() -> assertThat(thrower.stats().delivered()).isEqualTo(8));
                assertThat(thrower.quarantined()).isFalse();
                assertThat(bus.stats().failed()).isEqualTo(5);
            }
        }
    }

    /** A quarantine lets publishers go that wait for room. */
    @Test
    default void quarantine_withWaitingPublishers_letsThemGo() {
        try (EventBus bus = open(this)) {
            Valve valve = new Valve();
            Subscription thrower = bus.subscribe(
                    "a",
                    QUEUED.withBufferSize(1).withOverflow(Overflow.BLOCK).withQuarantineAfter(1),
                    (event, again) -> {
                        valve.handle(event, again);
                        throw new IOException("planted");
                    },
                    CALLER);
            publish(bus, "a", 1);
            valve.awaitEntered();
            publish(bus, "a", 1);
            var waiting = bus.publishAsync(draft("a", null), CALLER).toFuture();
            assertThat(waiting).isNotDone();
            valve.open();
            Buses.get(waiting).orThrow();
            eventually(() -> assertThat(thrower.stats().dropped()).isEqualTo(2));
            accountsAgree(bus);
        }
    }

    /** What failed is remembered, newest last, and told as an event with the masked error. */
    @Test
    default void deadLetters_failures_areKeptInOrderUpToAThousand() {
        try (EventBus bus = open(this)) {
            List<Object> told = new CopyOnWriteArrayList<>();
            bus.subscribe("event.handler.failed", QUEUED, (event, again) -> told.add(event.payload()), CALLER);
            bus.subscribe(
                    "a",
                    SYNCHRONOUS.withQuarantineAfter(0),
                    (event, again) -> {
                        throw new IOException("planted");
                    },
                    CALLER);
            publish(bus, "a", 1001);
            List<DeadLetter> letters = bus.deadLetters();
            assertThat(letters).hasSize(1000);
            assertThat(letters.get(0).event().payload()).isEqualTo(1L);
            assertThat(letters.get(999).event().payload()).isEqualTo(1000L);
            eventually(() -> assertThat(told).isNotEmpty());
            assertThat((JsonObject) told.get(0))
                    .containsOnlyKeys("subscription_id", "pattern", "event_id", "event_type", "error");
        }
    }

    /** The report of a close counts what was dropped and what still runs, for each subscription. */
    @Test
    default void close_withHandlersRunning_reportsExactlyWhatIsLeft() {
        EventBus bus = open(this);
        Valve valve = new Valve();
        Subscription slow = bus.subscribe("a", QUEUED.withConcurrency(2), valve, CALLER);
        bus.subscribe("a", QUEUED, (event, again) -> {}, CALLER);
        publish(bus, "a", 10);
        eventually(() -> assertThat(valve.payloads()).hasSize(2));
        CloseReport report = bus.close(Duration.ofMillis(50));
        assertThat(report.drained()).isFalse();
        assertThat(report.left()).containsExactly(new CloseReport.Left(slow.id(), "a", 8, 2));
        assertThat(report.dropped()).isEqualTo(8);
        assertThat(report.running()).isEqualTo(2);
        assertThat(bus.close(Duration.ZERO).left()).isEmpty();
        valve.open();
        Buses.join(slow);
        assertThat(slow.stats().running()).isZero();
    }
}

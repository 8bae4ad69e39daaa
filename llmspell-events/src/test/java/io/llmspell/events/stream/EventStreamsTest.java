package io.llmspell.events.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventStamp;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

class EventStreamsTest {
    private static final Component SOURCE = Component.named(ComponentType.SYSTEM, "test");

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final EventStreams streams = new EventStreams(time);
    private final TestPublisher<UniversalEvent> bus = TestPublisher.create();

    private static UniversalEvent event(long sequence) {
        return UniversalEvent.of(
                EventDraft.of(sequence % 2 == 0 ? "even" : "odd", sequence, SOURCE),
                new EventStamp(
                        new UUID(0, sequence),
                        Instant.EPOCH,
                        sequence,
                        Language.JAVA,
                        new CorrelationId("run"),
                        null,
                        "1.0"));
    }

    private static Flux<UniversalEvent> events(int count) {
        return Flux.fromStream(() -> LongStream.range(0, count).mapToObj(EventStreamsTest::event));
    }

    private static List<Long> numbers(List<UniversalEvent> batch) {
        return batch.stream().map(UniversalEvent::sequence).toList();
    }

    private void publish(long... sequences) {
        for (long each : sequences) {
            bus.next(event(each));
        }
    }

    @Test
    void batch_bySizeAndByTime_comesInOrder() {
        StepVerifier.create(streams.batch(bus.flux(), 3, Duration.ofSeconds(1)).map(EventStreamsTest::numbers))
                .then(() -> publish(1, 2, 3, 4))
                .expectNext(List.of(1L, 2L, 3L))
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(1)))
                .expectNext(List.of(4L))
                .then(bus::complete)
                .verifyComplete();
    }

    @Test
    void window_byCountAndTime_isAStreamOfItsOwn() {
        StepVerifier.create(streams.window(bus.flux(), 2, Duration.ofSeconds(1))
                        .concatMap(window -> window.collectList().map(EventStreamsTest::numbers))
                        .filter(list -> !list.isEmpty()))
                .then(() -> publish(1, 2, 3))
                .expectNext(List.of(1L, 2L))
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(1)))
                .expectNext(List.of(3L))
                .then(bus::complete)
                .verifyComplete();
    }

    @Test
    void throttle_fastEvents_waitAndNoneIsLost() {
        StepVerifier.create(streams.throttle(events(10), 10).map(UniversalEvent::sequence))
                .then(() -> time.advanceTimeBy(Duration.ofMillis(350)))
                .expectNext(0L, 1L, 2L)
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(1)))
                .expectNextCount(7)
                .verifyComplete();
    }

    @Test
    void sample_eachPeriod_givesTheNewest() {
        StepVerifier.create(streams.sample(bus.flux(), Duration.ofSeconds(1)).map(UniversalEvent::sequence))
                .then(() -> publish(1, 2))
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(2)))
                .expectNext(2L)
                .then(() -> publish(3))
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(1)))
                .expectNext(3L)
                .thenCancel()
                .verify();
    }

    @Test
    void parallel_keys_runAtOnceAndKeepTheirOrder() {
        EventStreams real = new EventStreams(Schedulers.boundedElastic());
        CountDownLatch both = new CountDownLatch(2);
        List<UniversalEvent> done = real.parallel(events(1000), 2, event -> event.sequence() % 2, event -> {
                    if (event.sequence() < 2) {
                        both.countDown();
                        await(both);
                    }
                    return event;
                })
                .collectList()
                .block(Duration.ofSeconds(20));

        assertThat(done).hasSize(1000);
        for (String type : List.of("even", "odd")) {
            assertThat(numbers(done.stream()
                            .filter(each -> each.type().equals(type))
                            .toList()))
                    .hasSize(500)
                    .isSorted();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void meter_periods_countWhatCame() {
        StepVerifier.create(streams.meter(bus.flux(), Duration.ofMillis(500)))
                .then(() -> publish(1, 2, 3))
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(1)))
                .expectNext(new Throughput(3, 6), new Throughput(0, 0))
                .thenCancel()
                .verify();
    }

    @Test
    void statistics_slidingWindow_countsTypesAndValues() {
        StepVerifier.create(streams.statistics(
                        bus.flux(),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(1),
                        event -> event.sequence() == 9 ? OptionalDouble.empty() : OptionalDouble.of(event.sequence())))
                .then(() -> publish(1, 2))
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(1)))
                .then(() -> publish(9))
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(2)))
                .expectNext(new WindowStatistics(3, Map.of("odd", 2L, "even", 1L), 2, 1, 2, 1.5))
                .expectNext(new WindowStatistics(1, Map.of("odd", 1L), 0, 0, 0, 0))
                .thenCancel()
                .verify();
    }

    @Test
    void arguments_outOfRange_areRefused() {
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> streams.batch(bus.flux(), 0, second)).isInstanceOf(ArgumentException.class);
        assertThatThrownBy(() -> streams.batch(bus.flux(), 1, Duration.ZERO)).isInstanceOf(ArgumentException.class);
        assertThatThrownBy(() -> streams.throttle(bus.flux(), 0)).isInstanceOf(ArgumentException.class);
        assertThatThrownBy(() -> streams.parallel(bus.flux(), 0, event -> 1, event -> 1))
                .isInstanceOf(ArgumentException.class);
    }
}

package io.llmspell.events.stream;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.event.UniversalEvent;
import java.time.Duration;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * Ways to work on streams of events, made of Reactor's operators.
 *
 * <p>All obey demand: what nobody requests waits in the queue of the subscription, where its overflow strategy holds.
 * The exceptions are {@link #meter} and {@link #statistics}, which count what comes, whoever listens. Filter and map are
 * those of {@code Flux}. <b>Threads:</b> safe; the streams signal on the scheduler. <b>Errors:</b> arguments out of range
 * are {@link ArgumentException} {@code invalid_argument}.
 */
public final class EventStreams {
    private static final Duration LONGEST = Duration.ofDays(365);

    private final Scheduler timer;

    /**
     * Makes operators on a scheduler.
     *
     * @param timer tells their time and runs them, such as {@code Schedulers.parallel()}
     */
    public EventStreams(Scheduler timer) {
        this.timer = timer;
    }

    /**
     * Events in batches.
     *
     * @param events the stream
     * @param size how many a batch holds at most, from 1
     * @param time how long its first event waits at most, positive
     * @return batches in order, none empty
     */
    public Flux<List<UniversalEvent>> batch(Flux<UniversalEvent> events, int size, Duration time) {
        return events.bufferTimeout(positive("batch size", size), positive("batch time", time), timer, true);
    }

    /**
     * Events in windows, each a stream of its own that must be consumed.
     *
     * @param events the stream
     * @param count how many events a window holds at most, from 1
     * @param time how long it is open at most, positive
     * @return windows in order
     */
    public Flux<Flux<UniversalEvent>> window(Flux<UniversalEvent> events, int count, Duration time) {
        return events.windowTimeout(positive("window count", count), positive("window time", time), timer, true);
    }

    /**
     * Events not faster than a rate; the others wait.
     *
     * @param events the stream
     * @param perSecond how many events a second, 1 to 1,000,000
     * @return the same events
     */
    public Flux<UniversalEvent> throttle(Flux<UniversalEvent> events, int perSecond) {
        if (perSecond < 1 || perSecond > 1_000_000) {
            throw new ArgumentException("rate", String.valueOf(perSecond), "between 1 and 1,000,000 a second");
        }
        return events.delayElements(Duration.ofSeconds(1).dividedBy(perSecond), timer);
    }

    /**
     * The newest event of each period.
     *
     * @param events the stream
     * @param period how long a period is, positive
     * @return at most one event a period; the others are left out
     */
    public Flux<UniversalEvent> sample(Flux<UniversalEvent> events, Duration period) {
        positive("sample period", period);
        return events.sample(Flux.interval(period, timer).onBackpressureDrop());
    }

    /**
     * Work on several events at once; events of one key one after another, in their order.
     *
     * @param events the stream
     * @param workers how many at once, 1 to 256
     * @param key what must keep its order, such as the correlation
     * @param work what is done with an event, on the scheduler; must not return null
     * @param <R> what comes out
     * @return the results, in the order in which they are ready
     */
    public <R> Flux<R> parallel(
            Flux<UniversalEvent> events,
            int workers,
            Function<UniversalEvent, ?> key,
            Function<UniversalEvent, ? extends R> work) {
        if (workers < 1 || workers > 256) {
            throw new ArgumentException("workers", String.valueOf(workers), "between 1 and 256");
        }
        return events.groupBy(event -> Math.floorMod(key.apply(event).hashCode(), workers), workers)
                .flatMap(lane -> lane.publishOn(timer).<R>map(work), workers, workers);
    }

    /**
     * How many events come.
     *
     * @param events the stream
     * @param period how long is counted, positive
     * @return a count for each period, zero included
     */
    public Flux<Throughput> meter(Flux<UniversalEvent> events, Duration period) {
        double seconds = positive("period", period).toNanos() / 1e9;
        return events.window(period, timer)
                .flatMap(Flux::count, Integer.MAX_VALUE)
                .map(count -> new Throughput(count, count / seconds));
    }

    /**
     * What the events of a sliding window say together.
     *
     * @param events the stream
     * @param length how long the window is, positive
     * @param step after how long the next one opens, positive
     * @param value the figure of an event, if it has one
     * @return statistics of each window when it closes
     */
    public Flux<WindowStatistics> statistics(
            Flux<UniversalEvent> events,
            Duration length,
            Duration step,
            Function<UniversalEvent, OptionalDouble> value) {
        return events.window(positive("window length", length), positive("window step", step), timer)
                .flatMap(
                        window -> window.collect(Sums::new, (sums, event) -> sums.add(event, value)), Integer.MAX_VALUE)
                .map(Sums::statistics);
    }

    private static int positive(String what, int number) {
        if (number < 1) {
            throw new ArgumentException(what, String.valueOf(number), "1 or more");
        }
        return number;
    }

    private static Duration positive(String what, Duration time) {
        if (time.isNegative() || time.isZero() || time.compareTo(LONGEST) > 0) {
            throw new ArgumentException(what, time.toString(), "positive and at most a year");
        }
        return time;
    }

    /** One window being counted. */
    private static final class Sums {
        private final Map<String, Long> byType = new HashMap<>();
        private final DoubleSummaryStatistics values = new DoubleSummaryStatistics();
        private long count;

        void add(UniversalEvent event, Function<UniversalEvent, OptionalDouble> value) {
            count++;
            byType.merge(event.type(), 1L, Long::sum);
            value.apply(event).ifPresent(values);
        }

        WindowStatistics statistics() {
            long measured = values.getCount();
            return new WindowStatistics(
                    count,
                    byType,
                    measured,
                    measured == 0 ? 0 : values.getMin(),
                    measured == 0 ? 0 : values.getMax(),
                    values.getAverage());
        }
    }
}

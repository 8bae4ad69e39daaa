package io.llmspell.benchmarks;

import com.google.common.eventbus.Subscribe;
import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventStamp;
import io.llmspell.core.event.Overflow;
import io.llmspell.core.event.PublishResult;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.events.Events;
import io.llmspell.hooks.Hooks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.engio.mbassy.bus.MBassador;
import net.engio.mbassy.listener.Handler;
import net.engio.mbassy.listener.Listener;
import net.engio.mbassy.listener.References;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.publisher.Sinks;

/**
 * What a publish costs: to one synchronous subscriber, to one and to 16 with queues, and to one of 10 or 10,000
 * subscriptions; of an event that exists ({@code forward…}) and with the making of the event ({@link #eventAlone}: id,
 * clock, record), which every {@code publish} includes.
 *
 * <p>Baselines and peers in the same run, all with an event that exists. On the publisher's thread: a loop over
 * listeners, Reactor's multicast sink with a buffer, Guava's EventBus, MBassador. On other threads: the JDK's
 * SubmissionPublisher, Disruptor with a blocking wait, Reactor's sink with {@code publishOn}. Buffers hold 16,384
 * events, and publishers wait when they are full. Our gate is the real one, without hooks; there is no journal. Types
 * and payloads vary. At the end of each iteration what was delivered is compared with what was published.
 *
 * <p>Command: {@code llmspell-bench PublishBenchmark -prof gc}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PublishBenchmark {
    private static final int DRAFTS = 64;
    private static final Caller CALLER = Caller.host(new CorrelationId("bench"));
    private static final Component SOURCE = Component.named(ComponentType.SYSTEM, "bench");
    private static final SubscribeOptions SYNCHRONOUS = SubscribeOptions.DEFAULT.onPublisherThread();
    private static final SubscribeOptions PATIENT = SubscribeOptions.DEFAULT
            .withOverflow(Overflow.BLOCK)
            .withBufferSize(EventPeers.BUFFER)
            .withBlockTimeout(Duration.ofMinutes(1));

    /** Makes the benchmark. */
    public PublishBenchmark() {}

    /** A bus, drafts in turn, and what came of them. */
    @State(Scope.Thread)
    public static class Publishing {
        final SystemTimeSource time = new SystemTimeSource();
        final IdGenerator ids = IdGenerator.timeOrdered(time);
        final EventBus bus = Events.builder()
                .time(time)
                .ids(ids)
                .gate(Hooks.builder().build().gate())
                .awaiter(Awaiter.blocking(time))
                .build();
        final EventDraft[] drafts = new EventDraft[DRAFTS];
        final UniversalEvent[] events = new UniversalEvent[DRAFTS];
        final List<EventPeers.Counter> counters = new ArrayList<>();
        long published;
        volatile long delivered;
        private long counted;
        private int next;

        /** Makes the state. */
        public Publishing() {}

        /** Makes drafts and events. */
        @Setup(Level.Trial)
        public void prepare() {
            for (int i = 0; i < DRAFTS; i++) {
                drafts[i] = EventDraft.of("bench.type" + i + ".done", (long) i, SOURCE);
                events[i] = event(drafts[i], i);
            }
        }

        final UniversalEvent event(EventDraft draft, long sequence) {
            return UniversalEvent.of(
                    draft,
                    new EventStamp(
                            ids.next(), time.now(), sequence, CALLER.language(), CALLER.correlation(), null, "1.0"));
        }

        final int turn() {
            published++;
            next = (next + 1) & (DRAFTS - 1);
            return next;
        }

        /** The handler; one thread at a time. */
        final void handle(UniversalEvent event) {
            counted += 1 + (event.sequence() >>> 62);
            delivered = counted;
        }

        final PublishResult publish() {
            return bus.publish(drafts[turn()], CALLER);
        }

        /** Refuses figures of events that did not arrive. */
        @TearDown(Level.Iteration)
        public void check() {
            long deadline = time.nanos() + Duration.ofSeconds(30).toNanos();
            while (!arrived() && time.nanos() < deadline) {
                Thread.onSpinWait();
            }
            if (!arrived()) {
                throw new InvalidStateException(published + " events were published and " + delivered + " delivered");
            }
        }

        private boolean arrived() {
            return counters.isEmpty()
                    ? delivered == published
                    : counters.stream().allMatch(each -> each.delivered() == published);
        }

        /** Closes the bus. */
        @TearDown(Level.Trial)
        public void close() {
            bus.close();
            time.close();
        }
    }

    /** One listener in a list. */
    @State(Scope.Thread)
    public static class Listeners extends Publishing {
        final List<Consumer<UniversalEvent>> list = new CopyOnWriteArrayList<>();

        /** Adds the listener. */
        public Listeners() {
            list.add(this::handle);
        }
    }

    /** One subscriber of a multicast sink. */
    @State(Scope.Thread)
    public static class Multicast extends Publishing {
        final Sinks.Many<UniversalEvent> sink = Sinks.many().multicast().onBackpressureBuffer();

        /** Subscribes. */
        public Multicast() {
            sink.asFlux().subscribe(this::handle);
        }
    }

    /** One subscriber of Guava's bus. */
    @State(Scope.Thread)
    public static class Guava extends Publishing {
        final com.google.common.eventbus.EventBus peer = new com.google.common.eventbus.EventBus();

        /** Makes the peer. */
        public Guava() {}

        /** Subscribes. */
        @Setup(Level.Trial)
        public void begin() {
            peer.register(this);
        }

        /**
         * Hears of an event.
         *
         * @param event the event
         */
        @Subscribe
        public void on(UniversalEvent event) {
            handle(event);
        }
    }

    /** One subscriber of MBassador. */
    @State(Scope.Thread)
    @Listener(references = References.Strong)
    public static class Mbassador extends Publishing {
        final MBassador<UniversalEvent> peer = new MBassador<>();

        /** Makes the peer. */
        public Mbassador() {}

        /** Subscribes. */
        @Setup(Level.Trial)
        public void begin() {
            peer.subscribe(this);
        }

        /**
         * Hears of an event.
         *
         * @param event the event
         */
        @Handler
        public void on(UniversalEvent event) {
            handle(event);
        }
    }

    /** One subscription on the publisher's thread. */
    @State(Scope.Thread)
    public static class OneSynchronous extends Publishing {
        /** Subscribes. */
        public OneSynchronous() {
            bus.subscribe("bench.**", SYNCHRONOUS, (event, again) -> handle(event), CALLER);
        }
    }

    /** One subscription with a queue that lets the publisher wait. */
    @State(Scope.Thread)
    public static class OneQueued extends Publishing {
        /** Subscribes. */
        public OneQueued() {
            EventPeers.Counter counter = new EventPeers.Counter();
            counters.add(counter);
            bus.subscribe("bench.**", PATIENT, (event, again) -> counter.handle(event), CALLER);
        }
    }

    /** 16 subscriptions with queues that let the publisher wait. */
    @State(Scope.Thread)
    public static class Sixteen extends Publishing {
        /** Subscribes. */
        public Sixteen() {
            for (int i = 0; i < EventPeers.SIXTEEN; i++) {
                EventPeers.Counter counter = new EventPeers.Counter();
                counters.add(counter);
                bus.subscribe("bench.**", PATIENT, (event, again) -> counter.handle(event), CALLER);
            }
        }
    }

    /** A subscription with a queue, beside one whose handler never returns. */
    @State(Scope.Thread)
    public static class BesideStalled extends Publishing {
        /** Subscribes. */
        public BesideStalled() {
            CountDownLatch never = new CountDownLatch(1);
            SubscribeOptions stuck = SubscribeOptions.DEFAULT.withHandlerTimeout(Duration.ZERO);
            bus.subscribe("bench.**", stuck, (event, again) -> never.await(), CALLER);
            EventPeers.Counter counter = new EventPeers.Counter();
            counters.add(counter);
            bus.subscribe("bench.**", PATIENT, (event, again) -> counter.handle(event), CALLER);
        }

        @Override
        public void close() {
            bus.close(Duration.ZERO);
            super.close();
        }
    }

    /** Many subscriptions by wildcards, of which one matches. */
    @State(Scope.Thread)
    public static class Many extends Publishing {
        /** How many subscriptions there are. */
        @Param({"10", "10000"})
        public int subscriptions;

        private long fresh;

        /** Makes the state. */
        public Many() {}

        /** Subscribes. */
        @Setup(Level.Trial)
        public void subscribe() {
            bus.subscribe("bench.*.done", SYNCHRONOUS, (event, again) -> handle(event), CALLER);
            for (int i = 1; i < subscriptions; i++) {
                bus.subscribe("bench.other" + i + ".*", SYNCHRONOUS, (event, again) -> handle(event), CALLER);
            }
        }

        final PublishResult publishNewType() {
            published++;
            return bus.publish(EventDraft.of("bench.id" + fresh++ + ".done", null, SOURCE), CALLER);
        }
    }

    /**
     * The baseline: a loop over listeners, with an event that exists.
     *
     * @param state the listeners
     */
    @Benchmark
    public void listenerLoop(Listeners state) {
        UniversalEvent event = state.events[state.turn()];
        for (Consumer<UniversalEvent> listener : state.list) {
            listener.accept(event);
        }
    }

    /**
     * The peer: a multicast sink with a buffer, with an event that exists.
     *
     * @param state the sink
     * @return what the sink said
     */
    @Benchmark
    public Sinks.EmitResult reactorMulticast(Multicast state) {
        return state.sink.tryEmitNext(state.events[state.turn()]);
    }

    /**
     * The peer: Guava's bus, with an event that exists.
     *
     * @param state the bus
     */
    @Benchmark
    public void guavaEventBus(Guava state) {
        state.peer.post(state.events[state.turn()]);
    }

    /**
     * The peer: MBassador on the publisher's thread, with an event that exists.
     *
     * @param state the bus
     * @return what became of it
     */
    @Benchmark
    public Object mbassador(Mbassador state) {
        return state.peer.publish(state.events[state.turn()]);
    }

    /**
     * An event that exists, to one synchronous subscription.
     *
     * @param state the bus
     * @return how many it matched
     */
    @Benchmark
    public int forwardSynchronous(OneSynchronous state) {
        return state.bus.forward(state.events[state.turn()], CALLER);
    }

    /**
     * An event that exists, to one subscription with a queue.
     *
     * @param state the bus
     * @return how many it matched
     */
    @Benchmark
    public int forwardQueued(OneQueued state) {
        return state.bus.forward(state.events[state.turn()], CALLER);
    }

    /**
     * An event that exists, to 16 subscriptions with queues.
     *
     * @param state the bus
     * @return how many it matched
     */
    @Benchmark
    public int forwardSixteen(Sixteen state) {
        return state.bus.forward(state.events[state.turn()], CALLER);
    }

    /**
     * An event that exists, to one healthy subscription with a queue beside one whose handler is stuck.
     *
     * @param state the bus
     * @return how many it matched
     */
    @Benchmark
    public int forwardBesideStalled(BesideStalled state) {
        return state.bus.forward(state.events[state.turn()], CALLER);
    }

    /**
     * An event that exists and whose type was seen before, to one of many subscriptions.
     *
     * @param state the bus
     * @return how many it matched
     */
    @Benchmark
    public int forwardSeenTypes(Many state) {
        return state.bus.forward(state.events[state.turn()], CALLER);
    }

    /**
     * The peer: SubmissionPublisher with one subscriber.
     *
     * @param state the publisher
     * @return its estimate of what waits
     */
    @Benchmark
    public int submissionPublisher(EventPeers.Submission state) {
        return state.submit();
    }

    /**
     * The peer: SubmissionPublisher with 16 subscribers.
     *
     * @param state the publisher
     * @return its estimate of what waits
     */
    @Benchmark
    public int submissionPublisherSixteen(EventPeers.SubmissionSixteen state) {
        return state.submit();
    }

    /**
     * The peer: Disruptor with a blocking wait.
     *
     * @param state the ring
     */
    @Benchmark
    public void disruptorBlocking(EventPeers.Ring state) {
        state.submit();
    }

    /**
     * The peer: Reactor's sink with one subscriber on another thread.
     *
     * @param state the sink
     */
    @Benchmark
    public void sinkPublishOn(EventPeers.SinkOne state) {
        state.submit();
    }

    /**
     * The peer: Reactor's sink with 16 subscribers on other threads.
     *
     * @param state the sink
     */
    @Benchmark
    public void sinkPublishOnSixteen(EventPeers.SinkSixteen state) {
        state.submit();
    }

    /**
     * The making of an event.
     *
     * @param state the clock and the drafts
     * @return the event
     */
    @Benchmark
    public UniversalEvent eventAlone(Publishing state) {
        int turn = state.turn();
        UniversalEvent event = state.event(state.drafts[turn], turn);
        state.handle(event);
        return event;
    }

    /**
     * A publish to one synchronous subscription.
     *
     * @param state the bus
     * @return the result
     */
    @Benchmark
    public PublishResult oneSynchronous(OneSynchronous state) {
        return state.publish();
    }

    /**
     * A publish to one subscription with a queue; the publisher waits when it is full.
     *
     * @param state the bus
     * @return the result
     */
    @Benchmark
    public PublishResult oneQueued(OneQueued state) {
        return state.publish();
    }

    /**
     * A publish of types that were seen before.
     *
     * @param state the bus
     * @return the result
     */
    @Benchmark
    public PublishResult manySeenTypes(Many state) {
        return state.publish();
    }

    /**
     * A publish of a type that was never seen.
     *
     * @param state the bus
     * @return the result
     */
    @Benchmark
    public PublishResult manyNewTypes(Many state) {
        return state.publishNewType();
    }
}

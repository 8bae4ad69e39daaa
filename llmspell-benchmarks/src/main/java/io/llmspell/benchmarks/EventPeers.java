package io.llmspell.benchmarks;

import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import io.llmspell.core.event.UniversalEvent;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import reactor.core.Disposable;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** What others offer for events on other threads, as {@link PublishBenchmark} uses it. */
public final class EventPeers {
    static final int SIXTEEN = 16;
    static final int BUFFER = 16_384;

    private EventPeers() {}

    /** Keeps what a subscriber counts off the cache lines that a publisher writes. */
    abstract static class Before {
        @SuppressWarnings("unused")
        private long p0, p1, p2, p3, p4, p5, p6, p7;
    }

    /** The counts. */
    abstract static class Counts extends Before {
        long counted;
        volatile long delivered;
    }

    /** What one subscriber got; one thread at a time. */
    static final class Counter extends Counts implements Flow.Subscriber<UniversalEvent> {
        @SuppressWarnings("unused")
        private long q0, q1, q2, q3, q4, q5, q6, q7;

        void handle(UniversalEvent event) {
            counted += 1 + (event.sequence() >>> 62);
            delivered = counted;
        }

        long delivered() {
            return delivered;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(UniversalEvent event) {
            handle(event);
        }

        @Override
        public void onError(Throwable error) {
            throw new IllegalStateException("the peer failed", error);
        }

        @Override
        public void onComplete() {}
    }

    /** SubmissionPublisher with one subscriber. */
    @State(Scope.Thread)
    public static class Submission extends PublishBenchmark.Publishing {
        private final ExecutorService threads = Executors.newCachedThreadPool();
        final SubmissionPublisher<UniversalEvent> peer = new SubmissionPublisher<>(threads, BUFFER);

        /** Subscribes. */
        public Submission() {
            this(1);
        }

        Submission(int subscribers) {
            for (int i = 0; i < subscribers; i++) {
                Counter counter = new Counter();
                counters.add(counter);
                peer.subscribe(counter);
            }
        }

        final int submit() {
            return peer.submit(events[turn()]);
        }

        /** Ends the peer. */
        @TearDown(Level.Trial)
        public void end() {
            peer.close();
            threads.shutdownNow();
        }
    }

    /** SubmissionPublisher with 16 subscribers. */
    @State(Scope.Thread)
    public static class SubmissionSixteen extends Submission {
        /** Subscribes. */
        public SubmissionSixteen() {
            super(SIXTEEN);
        }
    }

    /** A ring of holders with one consumer that blocks when there is nothing. */
    @State(Scope.Thread)
    public static class Ring extends PublishBenchmark.Publishing {
        private final Disruptor<Holder> peer = new Disruptor<>(
                Holder::new, BUFFER, Executors.defaultThreadFactory(), ProducerType.MULTI, new BlockingWaitStrategy());
        private final RingBuffer<Holder> ring = peer.getRingBuffer();
        private final Counter counter = new Counter();

        /** A slot of the ring. */
        static final class Holder {
            @Nullable UniversalEvent event;
        }

        /** Makes the peer. */
        public Ring() {
            counters.add(counter);
        }

        /** Subscribes. */
        @Setup(Level.Trial)
        public void begin() {
            peer.handleEventsWith((holder, sequence, last) -> {
                UniversalEvent event = holder.event;
                if (event != null) {
                    counter.handle(event);
                }
            });
            peer.start();
        }

        final void submit() {
            long slot = ring.next();
            ring.get(slot).event = events[turn()];
            ring.publish(slot);
        }

        /** Ends the peer. */
        @TearDown(Level.Trial)
        public void end() {
            peer.halt();
        }
    }

    /** A sink with one subscriber on another thread. */
    @State(Scope.Thread)
    public static class SinkOne extends PublishBenchmark.Publishing {
        private final Sinks.Many<UniversalEvent> sink = Sinks.many().multicast().onBackpressureBuffer(BUFFER, false);
        private final Scheduler scheduler = Schedulers.newParallel("peer", SIXTEEN);
        private final Disposable.Composite all = reactor.core.Disposables.composite();

        /** Subscribes. */
        public SinkOne() {
            this(1);
        }

        SinkOne(int subscribers) {
            for (int i = 0; i < subscribers; i++) {
                Counter counter = new Counter();
                counters.add(counter);
                all.add(sink.asFlux().publishOn(scheduler).subscribe(counter::handle));
            }
        }

        final void submit() {
            UniversalEvent event = events[turn()];
            while (sink.tryEmitNext(event) == Sinks.EmitResult.FAIL_OVERFLOW) {
                LockSupport.parkNanos(Duration.ofNanos(1000).toNanos());
            }
        }

        /** Ends the peer. */
        @TearDown(Level.Trial)
        public void end() {
            all.dispose();
            scheduler.dispose();
        }
    }

    /** A sink with 16 subscribers on other threads. */
    @State(Scope.Thread)
    public static class SinkSixteen extends SinkOne {
        /** Subscribes. */
        public SinkSixteen() {
            super(SIXTEEN);
        }
    }
}

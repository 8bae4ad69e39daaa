package io.llmspell.benchmarks;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.events.Events;
import io.llmspell.hooks.Hooks;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a stuck subscriber costs the others: from the publish of an event until the handler of a healthy subscription has it,
 * with percentiles, alone and beside a subscription whose handler never returns and whose queue is full.
 *
 * <p>One event at a time: the publisher looks for the handler's count in turn. At the end nothing may be lost to the
 * healthy subscription.
 *
 * <p>Command: {@code llmspell-benchmarks/llmspell-bench StalledBenchmark}.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class StalledBenchmark {
    private static final Caller CALLER = Caller.host(new CorrelationId("bench"));
    private static final EventDraft DRAFT =
            EventDraft.of("bench.stalled.done", 1L, Component.named(ComponentType.SYSTEM, "bench"));
    private static final int FULL = 100;

    /** Whether a subscriber is stuck. */
    @Param({"false", "true"})
    public boolean stalled;

    private final SystemTimeSource time = new SystemTimeSource();
    private final Hooks hooks = Hooks.builder().build();
    private final EventBus bus = Events.builder()
            .time(time)
            .ids(IdGenerator.timeOrdered(time))
            .gate(hooks.gate())
            .awaiter(Awaiter.blocking(time))
            .build();
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile long handled;
    private long counted;
    private long published;

    /** Makes the benchmark. */
    public StalledBenchmark() {}

    /** Subscribes, and fills the queue of the stuck one. */
    @Setup
    public void subscribe() {
        if (stalled) {
            SubscribeOptions stuck =
                    SubscribeOptions.DEFAULT.withBufferSize(FULL).withHandlerTimeout(Duration.ZERO);
            bus.subscribe("bench.**", stuck, (event, again) -> end.await(), CALLER);
        }
        bus.subscribe("bench.**", SubscribeOptions.DEFAULT, (event, again) -> count(), CALLER);
        for (int i = 0; i < 2 * FULL; i++) {
            toTheHandler();
        }
    }

    private void count() {
        counted++; // one handler at a time
        handled = counted;
    }

    /**
     * Publishes an event and waits until the healthy handler has it.
     *
     * @return how many it has had
     */
    @Benchmark
    public long toTheHandler() {
        bus.publish(DRAFT, CALLER);
        published++;
        while (handled < published) {
            Thread.onSpinWait();
        }
        return published;
    }

    /** Fails the run if the healthy subscription lost one, and ends the stuck one. */
    @TearDown
    public void close() {
        long has = handled;
        end.countDown();
        bus.close(Duration.ofSeconds(1));
        hooks.close();
        time.close();
        if (has != published) {
            throw new AssertionError("handled " + has + " of " + published);
        }
    }
}

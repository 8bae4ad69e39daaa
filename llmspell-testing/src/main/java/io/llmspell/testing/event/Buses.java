package io.llmspell.testing.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.BusStats;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.Overflow;
import io.llmspell.core.event.PublishResult;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.event.SubscriptionStats;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.core.time.TimeSource;
import io.llmspell.testing.gate.PassThroughGate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Short words for the tests of the contract. */
final class Buses {
    static final Caller CALLER = Caller.host(new CorrelationId("run-1"));
    static final Component SOURCE = Component.named(ComponentType.SYSTEM, "contract");
    static final SubscribeOptions QUEUED = SubscribeOptions.DEFAULT;
    static final SubscribeOptions SYNCHRONOUS = SubscribeOptions.DEFAULT.onPublisherThread();
    static final Duration DRAIN = Duration.ofSeconds(5);
    static final TimeSource CLOCK = new SystemTimeSource();

    private Buses() {}

    static EventBus open(EventBusFixture fixture) {
        return open(fixture, new PassThroughGate());
    }

    static EventBus open(EventBusFixture fixture, Gate gate) {
        return open(fixture, gate, CLOCK, DRAIN);
    }

    static EventBus open(EventBusFixture fixture, Gate gate, TimeSource time, Duration drain) {
        return fixture.newBus(new BusSettings(time, gate, drain, null, new TextCodec()));
    }

    /** A queue without notices and timers, which would count as events and timers of the test. */
    static SubscribeOptions queue(int size, Overflow overflow) {
        return SubscribeOptions.DEFAULT
                .withBufferSize(size)
                .withOverflow(overflow)
                .withNotices(false)
                .withHandlerTimeout(Duration.ZERO);
    }

    static EventDraft draft(String type, @Nullable Object payload) {
        return EventDraft.of(type, payload, SOURCE);
    }

    static void publish(EventBus bus, String type, int count) {
        for (int i = 0; i < count; i++) {
            bus.publish(draft(type, (long) i), CALLER);
        }
    }

    static void eventually(Runnable check) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(2))
                .untilAsserted(check::run);
    }

    static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        LlmSpellException.class,
                        error -> assertThat(error.code()).isEqualTo(code));
    }

    /** The identities that hold at every moment. */
    static void accountsAgree(Subscription subscription) {
        SubscriptionStats stats = subscription.stats();
        assertThat(stats.offered()).as("offered of %s", stats).isEqualTo(stats.accepted() + stats.rejected());
        assertThat(stats.accepted())
                .as("accepted of %s", stats)
                .isEqualTo(stats.delivered() + stats.dropped() + stats.expired() + stats.buffered());
        assertThat(stats.buffered()).as("buffered of %s", stats).isNotNegative();
    }

    static void accountsAgree(EventBus bus) {
        BusStats stats = bus.stats();
        assertThat(stats.published()).as("published of %s", stats).isEqualTo(stats.accepted() + stats.rejected());
        bus.subscriptions().forEach(Buses::accountsAgree);
    }

    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS))
                    .as("a latch opened in time")
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("the test was interrupted", e);
        }
    }

    static void join(Subscription subscription) {
        get(subscription.idle().toCompletableFuture());
    }

    static PublishResult getAsync(EventBus bus, String type) {
        return get(bus.publishAsync(draft(type, null), CALLER).toFuture());
    }

    /** The result of a task; its coded error as it is. */
    static <T extends @Nullable Object> T get(Future<T> future) {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LlmSpellException coded) {
                throw coded;
            }
            throw new AssertionError("a task failed", e);
        } catch (TimeoutException e) {
            throw new AssertionError("a task did not end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("the test was interrupted", e);
        }
    }

    /** Runs tasks at once, each on its thread; a failure of one fails the test. */
    static <T> List<T> atOnce(List<Callable<T>> tasks) {
        ExecutorService pool = Executors.newFixedThreadPool(tasks.size());
        try {
            List<Future<T>> running = new ArrayList<>();
            tasks.forEach(task -> running.add(pool.submit(task)));
            List<T> results = new ArrayList<>();
            running.forEach(each -> results.add(get(each)));
            return results;
        } finally {
            pool.shutdownNow();
        }
    }
}

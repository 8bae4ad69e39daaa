package io.llmspell.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventStamp;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HandlerRunTest implements HandlerRun.Owner {
    private final List<Long> handled = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final HandlerRun run = new HandlerRun(new ManualTime(), this::handle, Duration.ZERO, this);
    private int successes;
    private boolean failing;
    private boolean again;
    private boolean interrupting;

    private void handle(UniversalEvent event, boolean redelivered) {
        assertThat(run.isRunning()).isTrue();
        handled.add(event.sequence());
        if (interrupting) {
            Thread.currentThread().interrupt();
        }
        if (failing) {
            throw new IllegalStateException("planted");
        }
    }

    @Test
    void run_severalEvents_countsEachStart() {
        run.run(event(1));
        run.run(event(2));
        assertThat(handled).containsExactly(1L, 2L);
        assertThat(run.started()).isEqualTo(2);
        assertThat(successes).isEqualTo(2);
        run.finish();
        assertThat(run.isRunning()).isFalse();
    }

    @Test
    void run_closedAfterTheEventWasTaken_startsNoHandler() {
        run.run(event(1));
        run.goOn();
        run.close();
        run.run(event(2));
        assertThat(handled).containsExactly(1L);
        assertThat(run.started()).isEqualTo(1);
        assertThat(run.isRunning()).isFalse();
    }

    @Test
    void run_handlerThatLeavesAnInterrupt_isASuccessAndTheNextIsNotInterrupted() {
        interrupting = true;
        run.run(event(1));
        assertThat(successes).isEqualTo(1);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void again_closedMeanwhile_startsNoHandler() {
        failing = true;
        again = true;
        run.run(event(1));
        assertThat(handled).containsExactly(1L, 1L);
        handled.clear();
        run.close();
        assertThat(redelivered(event(1))).isFalse();
        assertThat(handled).isEmpty();
        assertThat(run.started()).isEqualTo(1);
    }

    /** Whatever comes first, the count of started handlers is final when closing has returned. */
    @Test
    void close_whileTheLaneIsAtWork_nothingStartsAfterIt() throws Exception {
        ExecutorService lane = Executors.newSingleThreadExecutor();
        try {
            for (int round = 0; round < 2_000; round++) {
                HandlerRun racing = new HandlerRun(new ManualTime(), (event, redelivered) -> {}, Duration.ZERO, this);
                CountDownLatch begun = new CountDownLatch(1);
                AtomicBoolean over = new AtomicBoolean();
                Future<?> work = lane.submit(() -> {
                    UniversalEvent event = event(1);
                    begun.countDown();
                    while (!over.get()) {
                        racing.goOn();
                        racing.run(event);
                    }
                    racing.finish();
                });
                begun.await();
                racing.close();
                long started = racing.started();
                over.set(true);
                work.get();
                assertThat(racing.started()).isEqualTo(started);
                assertThat(racing.isRunning()).isFalse();
            }
        } finally {
            lane.shutdownNow();
        }
    }

    private static UniversalEvent event(long number) {
        return UniversalEvent.of(
                EventDraft.of("a", null, Component.named(ComponentType.SYSTEM, "run")),
                new EventStamp(
                        new UUID(0, number),
                        Instant.EPOCH,
                        number,
                        Language.JAVA,
                        new CorrelationId("run"),
                        null,
                        UniversalEvent.SCHEMA_VERSION));
    }

    private boolean redelivered(UniversalEvent event) {
        try {
            return run.again(event);
        } catch (Throwable failure) {
            failures.add(failure);
            return true;
        }
    }

    @Override
    public boolean isActive() {
        return true;
    }

    @Override
    public void starts() {}

    @Override
    public void succeeded() {
        successes++; // read by the thread that runs the lane
    }

    @Override
    public void failed(UniversalEvent event, Throwable failure) {
        failures.add(failure);
        if (again) {
            again = false;
            assertThat(redelivered(event)).isTrue();
        }
    }

    @Override
    public @Nullable UniversalEvent current() {
        return null;
    }

    @Override
    public void overran(UniversalEvent event) {
        throw new AssertionError("there is no limit");
    }
}

package io.llmspell.bridge.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Cancellation;
import io.llmspell.core.concurrent.CancellationSource;
import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.script.ScriptException;
import io.llmspell.core.time.SystemTimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One thread at a time; the contract of engines has the rest. */
final class LuaOwnerTest {
    private static final CorrelationId RUN = new CorrelationId("run");
    private static final CorrelationId OTHER = new CorrelationId("other");
    private static final Duration LONG = Duration.ofSeconds(20);

    private final SystemTimeSource time = new SystemTimeSource();
    private final LuaOwner owner = new LuaOwner(time);

    @AfterEach
    void end() {
        owner.close();
        time.close();
    }

    @Test
    void queue_thatIsFull_refusesMore() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        Thread busy = occupied(release);
        List<CompletionStage<Integer>> queued = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            int number = i;
            queued.add(owner.post(RUN, "a function", () -> number));
        }
        assertThatThrownBy(() -> owner.post(RUN, "a function", () -> 1))
                .isInstanceOfSatisfying(
                        LimitException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED));
        release.countDown();
        busy.join(LONG.toMillis());
        assertThat(queued.get(9_999).toCompletableFuture()).isCompletedWithValue(9_999);
    }

    @Test
    void waitInACallback_servesItsOwnRunOnly() throws InterruptedException {
        CompletableFuture<String> stage = new CompletableFuture<>();
        CountDownLatch waits = new CountDownLatch(1);
        List<String> order = new ArrayList<>();
        Thread thread = new Thread(() -> owner.call(RUN, LONG, "outer", () -> {
            waits.countDown();
            return order.add(owner.await(stage, Awaiter.NO_DEADLINE, Cancellation.none()));
        }));
        thread.start();
        assertThat(waits.await(20, TimeUnit.SECONDS)).isTrue();
        CompletionStage<Boolean> other = owner.post(OTHER, "another run", () -> order.add("another run"));
        assertThat(owner.<Boolean>call(RUN, LONG, "same run", () -> order.add("same run")))
                .isTrue();
        assertThat(other.toCompletableFuture()).isNotDone();
        stage.complete("waited");
        thread.join(LONG.toMillis());
        assertThat(order).containsExactly("same run", "waited", "another run");
    }

    @Test
    void wait_thatIsInterrupted_isCancelled() {
        assertThat(owner.tryEnter()).isTrue();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> owner.await(new CompletableFuture<>(), Awaiter.NO_DEADLINE, Cancellation.none()))
                .isInstanceOf(CancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
        owner.leave();
    }

    @Test
    void wait_whoseTokenIsCancelled_isCancelled() {
        CancellationSource source = new CancellationSource();
        assertThat(owner.tryEnter()).isTrue();
        time.schedule(Duration.ofMillis(10), source::cancel);
        assertThatThrownBy(() -> owner.await(new CompletableFuture<>(), Awaiter.NO_DEADLINE, source))
                .isInstanceOf(CancelledException.class);
        assertThat(owner.await(CompletableFuture.completedFuture("done"), Awaiter.NO_DEADLINE, source))
                .isEqualTo("done");
        owner.leave();
    }

    @Test
    void wait_pastItsDeadline_isATimeout() {
        assertThat(owner.tryEnter()).isTrue();
        assertThatThrownBy(() -> owner.await(new CompletableFuture<>(), time.nanos() + 1_000_000, Cancellation.none()))
                .isInstanceOf(LimitException.class);
        owner.leave();
    }

    @Test
    void closedOwner_refusesEverything() {
        owner.close();
        assertThatThrownBy(() -> owner.call(RUN, LONG, "a function", () -> 1)).isInstanceOf(ScriptException.class);
        assertThatThrownBy(() -> owner.post(RUN, "a function", () -> 1)).isInstanceOf(ScriptException.class);
        assertThatThrownBy(() -> owner.begin("the engine")).isInstanceOf(ScriptException.class);
        assertThat(owner.isOwner()).isFalse();
    }

    private Thread occupied(CountDownLatch release) throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        Thread thread = new Thread(() -> owner.call(OTHER, LONG, "busy", () -> {
            inside.countDown();
            try {
                return release.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }));
        thread.start();
        assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue();
        return thread;
    }
}

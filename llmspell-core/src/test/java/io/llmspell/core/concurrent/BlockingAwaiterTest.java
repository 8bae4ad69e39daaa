package io.llmspell.core.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.InternalException;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.time.StillTime;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

@Timeout(20)
final class BlockingAwaiterTest {
    private final StillTime time = new StillTime();
    private final Awaiter awaiter = Awaiter.blocking(time);
    private final CompletableFuture<@Nullable String> stage = new CompletableFuture<>();
    private final CancellationSource token = new CancellationSource();

    @Test
    void await_stageThatHasEnded_givesItsValueWithoutATimer() {
        stage.complete("x");

        assertThat(awaiter.await(stage, time.nanos() + 1_000, token)).isEqualTo("x");
        assertThat(time.scheduled()).isZero();
        @Nullable String none = awaiter.await(CompletableFuture.<@Nullable String>completedFuture(null), 0, token);
        assertThat(none).isNull();
    }

    @Test
    void await_stageThatEndsLater_givesItsValue() throws Exception {
        Waiting waiting = new Waiting(() -> awaiter.await(stage, Awaiter.NO_DEADLINE, token));

        stage.complete("x");

        assertThat(waiting.result()).isEqualTo("x");
    }

    @Test
    void await_codedError_comesAsItIs() {
        ArgumentException error = new ArgumentException("bad");
        stage.completeExceptionally(error);

        assertThatThrownBy(() -> awaiter.await(stage, Awaiter.NO_DEADLINE, token))
                .isSameAs(error);
        assertThatThrownBy(() -> awaiter.await(
                        CompletableFuture.failedFuture(new CompletionException(error)), Awaiter.NO_DEADLINE, token))
                .isSameAs(error);
    }

    @Test
    void await_otherError_isWrappedAsInternal() {
        IOException error = new IOException("password=hunter22");
        stage.completeExceptionally(error);

        assertThatThrownBy(() -> awaiter.await(stage, Awaiter.NO_DEADLINE, token))
                .isInstanceOf(InternalException.class)
                .hasCause(error)
                .hasMessageContaining("IOException")
                .message()
                .doesNotContain("hunter22");
        CompletionException bare = new CompletionException("no cause", null);
        assertThatThrownBy(() -> awaiter.await(CompletableFuture.failedFuture(bare), Awaiter.NO_DEADLINE, token))
                .isInstanceOf(InternalException.class)
                .hasCause(bare);
    }

    @Test
    void await_deadlinePasses_timesOut() throws Exception {
        Waiting waiting = new Waiting(
                () -> awaiter.await(stage, time.nanos() + Duration.ofMillis(50).toNanos(), token));
        await().until(() -> time.scheduled() == 1);

        time.advance(Duration.ofMillis(49));
        assertThat(waiting.ended()).isFalse();
        time.advance(Duration.ofMillis(1));

        assertThat(waiting.error())
                .isInstanceOf(LimitException.class)
                .hasMessage("a wait did not end within its deadline [timeout]");
    }

    @Test
    void await_deadlineOfThePast_timesOutAtOnce() {
        assertThatThrownBy(() -> awaiter.await(stage, time.nanos() - 1, token))
                .isInstanceOf(LimitException.class)
                .hasMessageEndingWith("[timeout]");
    }

    @Test
    void await_ended_leavesNoTimerBehind() throws Exception {
        Waiting waiting = new Waiting(() -> awaiter.await(stage, time.nanos() + 1_000_000, token));
        await().until(() -> time.scheduled() == 1);

        stage.complete("x");

        assertThat(waiting.result()).isEqualTo("x");
        assertThat(time.scheduled()).isZero();
    }

    @Test
    void await_tokenCancelled_stops() throws Exception {
        Waiting waiting = new Waiting(() -> awaiter.await(stage, Awaiter.NO_DEADLINE, token));

        token.cancel();

        assertThat(waiting.error()).isInstanceOf(CancelledException.class).hasMessageEndingWith("[cancelled]");
    }

    @Test
    void await_threadInterrupted_stopsAndStaysInterrupted() throws Exception {
        Waiting waiting = new Waiting(() -> awaiter.await(stage, Awaiter.NO_DEADLINE, token));

        waiting.thread.interrupt();

        assertThat(waiting.error()).isInstanceOf(CancelledException.class);
        assertThat(waiting.wasInterrupted).isTrue();
    }

    @Test
    void await_onANonBlockingThread_isRefused() {
        Throwable error = Mono.fromCallable(
                        () -> catchThrowable(() -> awaiter.await(stage, Awaiter.NO_DEADLINE, token)))
                .subscribeOn(Schedulers.parallel())
                .block(Duration.ofSeconds(10));

        assertThat(error)
                .isInstanceOf(InvalidStateException.class)
                .hasMessageContaining("non-blocking thread parallel-")
                .hasMessageContaining("use the reactive twin");
    }

    /** A thread that waits. */
    private static final class Waiting {
        final Thread thread;
        private final AtomicReference<@Nullable Object> value = new AtomicReference<>();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        volatile boolean wasInterrupted;

        Waiting(Supplier<@Nullable Object> call) {
            thread = new Thread(() -> {
                failure.set(catchThrowable(() -> value.set(call.get())));
                wasInterrupted = Thread.currentThread().isInterrupted();
            });
            thread.start();
        }

        boolean ended() {
            return !thread.isAlive();
        }

        @Nullable Object result() throws InterruptedException {
            thread.join(10_000);
            assertThat(failure.get()).isNull();
            return value.get();
        }

        @Nullable Throwable error() throws InterruptedException {
            thread.join(10_000);
            return failure.get();
        }
    }
}

package io.llmspell.core.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.llmspell.core.error.ArgumentException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

final class OffloadTest {
    @Test
    void mono_eachSubscriber_runsTheCallWhereBlockingIsAllowed() {
        AtomicInteger calls = new AtomicInteger();
        Mono<Boolean> mono = Offload.mono(Cancellation.none(), token -> {
            calls.incrementAndGet();
            return Schedulers.isInNonBlockingThread();
        });

        assertThat(calls).hasValue(0);
        StepVerifier.create(mono).expectNext(false).verifyComplete();
        StepVerifier.create(mono).expectNext(false).verifyComplete();
        assertThat(calls).hasValue(2);
    }

    @Test
    void mono_callThatFails_givesItsError() {
        StepVerifier.create(Offload.mono(Cancellation.none(), token -> {
                    throw new ArgumentException("bad");
                }))
                .verifyError(ArgumentException.class);
    }

    @Test
    void mono_callerCancels_cancelsTheTokenOfTheCall() {
        CancellationSource caller = new CancellationSource();
        CountDownLatch started = new CountDownLatch(1);
        Mono<String> mono = Offload.mono(caller, token -> {
            CountDownLatch stopped = new CountDownLatch(1);
            token.onCancel(stopped::countDown);
            started.countDown();
            awaitUninterrupted(stopped);
            throw new CancelledException("the call");
        });
        StepVerifier.create(mono)
                .then(() -> {
                    awaitUninterrupted(started);
                    caller.cancel();
                })
                .verifyError(CancelledException.class);
    }

    @Test
    void mono_subscriptionCancelled_cancelsTheTokenOfTheCall() {
        CompletableFuture<Cancellation> seen = new CompletableFuture<>();
        CountDownLatch release = new CountDownLatch(1);
        Disposable subscription = Offload.mono(Cancellation.none(), token -> {
                    seen.complete(token);
                    awaitUninterrupted(release);
                    return "x";
                })
                .subscribe();
        await().until(seen::isDone);

        subscription.dispose();

        await().until(() -> seen.join().isCancelled());
        release.countDown();
    }

    @Test
    void mono_callsThatWaitForOneAnother_moreThanReactorsSharedThreads_allEnd() {
        int deep = Schedulers.DEFAULT_BOUNDED_ELASTIC_SIZE + 10;

        assertThat(nested(deep)).isEqualTo(deep);
    }

    /** A call that waits for a call that waits, and so on. */
    private static int nested(int deep) {
        Mono<Integer> inner = Offload.mono(Cancellation.none(), token -> deep == 1 ? 0 : nested(deep - 1));
        return 1 + inner.blockOptional(Duration.ofSeconds(30)).orElseThrow();
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.llmspell.storage.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

class DeliveriesTest {
    private final Deliveries deliveries = new Deliveries();

    @AfterEach
    void reset() {
        Schedulers.resetOnHandleError();
    }

    @Test
    void add_oneThatWaitsForALaterOne_bothAreDone() throws Exception {
        CountDownLatch later = new CountDownLatch(1);
        CountDownLatch both = new CountDownLatch(2);
        deliveries.add(List.of(
                () -> {
                    awaitQuietly(later);
                    both.countDown();
                },
                () -> {
                    later.countDown();
                    both.countDown();
                }));
        assertThat(both.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void add_oneThatWaitsForOneAddedLater_bothAreDone() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch later = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        deliveries.add(List.of(() -> {
            begun.countDown();
            awaitQuietly(later);
            done.countDown();
        }));
        begun.await();
        deliveries.add(List.of(later::countDown));
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void add_oneThatThrows_theOthersAreDoneAndReactorHearsOfIt() throws Exception {
        List<Throwable> told = new CopyOnWriteArrayList<>();
        Schedulers.onHandleError((thread, fault) -> told.add(fault));
        CountDownLatch done = new CountDownLatch(2);
        deliveries.add(List.of(
                done::countDown,
                () -> {
                    throw new IllegalStateException("planted");
                },
                done::countDown));
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> told.size() == 1);
    }

    @Test
    void add_fromManyThreads_eachIsDoneOnceOnAnElasticThread() throws Exception {
        List<AtomicInteger> counts = new ArrayList<>();
        AtomicInteger elsewhere = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(4_000);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            List<Runnable> mine = new ArrayList<>();
            for (int k = 0; k < 1_000; k++) {
                AtomicInteger count = new AtomicInteger();
                counts.add(count);
                mine.add(() -> {
                    count.incrementAndGet();
                    elsewhere.addAndGet(Thread.currentThread().getName().contains("oundedElastic") ? 0 : 1);
                    done.countDown();
                });
            }
            threads.add(new Thread(() -> mine.forEach(each -> deliveries.add(List.of(each)))));
        }
        threads.forEach(Thread::start);
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        for (Thread each : threads) {
            each.join();
        }
        assertThat(counts).allMatch(count -> count.get() == 1);
        assertThat(elsewhere).hasValue(0);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

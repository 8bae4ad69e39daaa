package io.llmspell.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ThreadsTest {
    @Test
    void elastic_tasksThatBlock_doNotKeepOthersFromRunning() throws InterruptedException {
        ExecutorService pool = Threads.elastic();
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(63);
        CountDownLatch ran = new CountDownLatch(1);
        try {
            for (int i = 0; i < 63; i++) {
                pool.execute(() -> {
                    blocked.countDown();
                    awaitQuietly(release);
                });
            }
            assertThat(blocked.await(20, TimeUnit.SECONDS)).isTrue();
            pool.execute(ran::countDown);
            assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            release.countDown();
            pool.shutdown();
        }
    }

    @Test
    void elastic_threads_areNamedDaemons() throws InterruptedException {
        ExecutorService pool = Threads.elastic();
        List<Thread> threads = new CopyOnWriteArrayList<>();
        CountDownLatch ran = new CountDownLatch(1);
        pool.execute(() -> {
            threads.add(Thread.currentThread());
            ran.countDown();
        });
        assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
        pool.shutdown();
        assertThat(threads).allSatisfy(thread -> {
            assertThat(thread.isDaemon()).isTrue();
            assertThat(thread.getName()).startsWith("llmspell-events-");
        });
    }

    @Test
    void create_whereTheJdkHasVirtualThreads_usesThem() throws InterruptedException {
        ExecutorService pool = Threads.create();
        List<Thread> threads = new CopyOnWriteArrayList<>();
        CountDownLatch ran = new CountDownLatch(1);
        pool.execute(() -> {
            threads.add(Thread.currentThread());
            ran.countDown();
        });
        assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
        pool.shutdown();
        assertThat(threads.get(0).isDaemon()).isTrue();
        assertThat(threads.get(0).toString().startsWith("VirtualThread"))
                .isEqualTo(Runtime.version().feature() >= 21);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

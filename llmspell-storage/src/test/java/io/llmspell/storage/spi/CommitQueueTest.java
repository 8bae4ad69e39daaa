package io.llmspell.storage.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.InternalException;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CommitQueueTest {
    private static final Batch BATCH =
            Batch.of(WriteMode.DURABLE, new Write.Put(Space.STATE, Bytes.utf8("k"), Bytes.empty()));

    private final AtomicInteger number = new AtomicInteger();
    private final List<Integer> groups = new CopyOnWriteArrayList<>();
    private volatile Runnable before = () -> {};
    private final CommitQueue queue = new CommitQueue(this::write);
    private final ExecutorService pool = Executors.newCachedThreadPool();

    private List<Commit> write(List<Batch> group) {
        before.run();
        groups.add(group.size());
        List<Commit> outcomes = new ArrayList<>();
        group.forEach(each -> outcomes.add(new Commit.Done(number.incrementAndGet(), List.of(), each.mode())));
        return outcomes;
    }

    @AfterEach
    void stop() {
        queue.close();
        pool.shutdownNow();
    }

    @Test
    void commit_onlyWriter_writesOnItsOwnThread() {
        AtomicReference<Thread> writer = new AtomicReference<>();
        before = () -> writer.set(Thread.currentThread());
        queue.commit(BATCH);
        assertThat(writer).hasValue(Thread.currentThread());
    }

    @Test
    void commit_thoseWhoCameDuringAGroup_formTheNextGroup() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        before = () -> {
            entered.countDown();
            awaitQuietly(go);
        };
        List<Future<Commit>> waiting = new ArrayList<>();
        waiting.add(pool.submit(() -> queue.commit(BATCH)));
        entered.await();
        List<Thread> threads = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiting.add(pool.submit(() -> {
                threads.add(Thread.currentThread());
                return queue.commit(BATCH);
            }));
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> threads.size() == 5 && threads.stream().allMatch(CommitQueueTest::parked));
        go.countDown();
        for (Future<Commit> each : waiting) {
            assertThat(each.get(30, TimeUnit.SECONDS)).isInstanceOf(Commit.Done.class);
        }
        assertThat(groups).containsExactly(1, 5);
    }

    private static boolean parked(Thread thread) {
        return thread.getState() == Thread.State.WAITING;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void commit_committerFails_everyFollowerIsReleasedAndTheNextCommits() throws Exception {
        before = () -> {
            throw new IllegalArgumentException("planted");
        };
        List<Future<Commit>> waiting = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            waiting.add(pool.submit(() -> queue.commit(BATCH)));
        }
        for (Future<Commit> each : waiting) {
            assertThatThrownBy(() -> each.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(InternalException.class);
        }
        before = () -> {};
        assertThat(queue.commit(BATCH)).isInstanceOf(Commit.Done.class);
    }

    @Test
    void commit_errorInTheCommitter_releasesTheLead() {
        before = () -> {
            throw new StackOverflowError("planted");
        };
        assertThatThrownBy(() -> queue.commit(BATCH)).isInstanceOf(InternalException.class);
        before = () -> {};
        assertThat(queue.commit(BATCH)).isInstanceOf(Commit.Done.class);
    }

    @Test
    void commit_interruptedFollower_waitsAndKeepsTheFlag() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        before = () -> {
            entered.countDown();
            awaitQuietly(go);
        };
        Future<Commit> leader = pool.submit(() -> queue.commit(BATCH));
        entered.await();
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        Future<Boolean> follower = pool.submit(() -> {
            thread.complete(Thread.currentThread());
            queue.commit(BATCH);
            return Thread.interrupted();
        });
        Thread waiting = thread.get(30, TimeUnit.SECONDS);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> parked(waiting));
        waiting.interrupt();
        go.countDown();
        assertThat(follower.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(leader.get(30, TimeUnit.SECONDS)).isInstanceOf(Commit.Done.class);
    }

    @Test
    void exclusive_amongManyWriters_runsBetweenGroups() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        before = () -> overlaps.addAndGet(inside.get());
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            running.add(pool.submit(() -> {
                for (int round = 0; round < 300; round++) {
                    queue.commit(BATCH);
                }
            }));
        }
        for (int round = 0; round < 300; round++) {
            int seen = queue.exclusive(() -> {
                inside.set(1);
                int now = number.get();
                inside.set(0);
                return now;
            });
            assertThat(seen).isLessThanOrEqualTo(900);
        }
        for (Future<?> each : running) {
            each.get(60, TimeUnit.SECONDS);
        }
        assertThat(number).hasValue(900);
        assertThat(overlaps).hasValue(0);
    }

    @Test
    void exclusive_insideAnAction_isRefused() {
        assertThatThrownBy(() -> queue.exclusive(() -> queue.commit(BATCH))).isInstanceOf(InvalidStateException.class);
    }

    @Test
    void later_idleQueue_runsTheAction() {
        AtomicReference<Boolean> lead = new AtomicReference<>();
        queue.later(() -> lead.set(queue.isLeader()));
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> Boolean.TRUE.equals(lead.get()));
    }

    @Test
    void commitAsync_manyAtOnce_shareGroups() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        before = () -> {
            entered.countDown();
            awaitQuietly(go);
        };
        AtomicInteger done = new AtomicInteger();
        queue.commitAsync(Runnable::run, BATCH).subscribe(each -> done.incrementAndGet());
        entered.await();
        for (int i = 0; i < 5_000; i++) {
            queue.commitAsync(Runnable::run, BATCH).subscribe(each -> done.incrementAndGet());
        }
        go.countDown();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> done.get() == 5_001);
        assertThat(groups).containsExactly(1, 1_024, 1_024, 1_024, 1_024, 904);
    }

    @Test
    void commitAsync_tooManyWaiting_isRefusedWithoutHarm() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        before = () -> {
            entered.countDown();
            awaitQuietly(go);
        };
        AtomicInteger done = new AtomicInteger();
        List<Throwable> refused = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 17_000; i++) {
            queue.commitAsync(Runnable::run, BATCH).subscribe(each -> done.incrementAndGet(), refused::add);
        }
        entered.await();
        go.countDown();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> done.get() + refused.size() == 17_000);
        assertThat(refused).isNotEmpty().allMatch(LimitException.class::isInstance);
        assertThat(queue.commitAsync(Runnable::run, BATCH).block(Duration.ofSeconds(30)))
                .isInstanceOf(Commit.Done.class);
    }
}

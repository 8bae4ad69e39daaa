package io.llmspell.storage.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Groups take a day here, so whoever waits for writers without being woken would wait for six hours. */
@Timeout(60)
class GatheringTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Batch DURABLE =
            Batch.of(WriteMode.DURABLE, new Write.Put(Space.STATE, Bytes.utf8("k"), Bytes.empty()));
    private static final Batch BUFFERED =
            Batch.of(WriteMode.BUFFERED, new Write.Put(Space.STATE, Bytes.utf8("k"), Bytes.empty()));

    private final ManualTime time = new ManualTime();
    private final List<Integer> groups = new CopyOnWriteArrayList<>();
    private final CountDownLatch first = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private final CommitQueue queue = new CommitQueue(this::write, time);
    private final List<Thread> threads = new ArrayList<>();

    private List<Commit> write(List<Batch> group) {
        groups.add(group.size());
        first.countDown();
        awaitQuietly(go);
        time.advance(DAY);
        List<Commit> outcomes = new ArrayList<>();
        group.forEach(each -> outcomes.add(new Commit.Done(groups.size(), List.of(), each.mode())));
        return outcomes;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Thread start(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
        return thread;
    }

    private static void join(Thread thread) throws InterruptedException {
        thread.join(30_000);
        assertThat(thread.isAlive()).isFalse();
    }

    @AfterEach
    void stop() {
        queue.close();
    }

    @Test
    void leader_whileTheLastWriterIsOnItsWayBack_takesItAlong() throws Exception {
        CountDownLatch back = new CountDownLatch(1);
        Thread one = start(() -> {
            queue.commit(DURABLE);
            awaitQuietly(back);
            queue.commit(DURABLE);
        });
        first.await();
        Thread other = start(() -> queue.commit(DURABLE));
        awaitParked(other, Thread.State.WAITING);
        go.countDown();
        awaitParked(other, Thread.State.TIMED_WAITING); // it leads, and waits for the writer of the first group
        back.countDown();
        join(one);
        join(other);
        assertThat(groups).containsExactly(1, 2);
    }

    private static void awaitParked(Thread thread, Thread.State how) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> thread.getState() == how);
    }

    @Test
    void leader_alone_waitsForNobody() {
        go.countDown();
        for (int i = 0; i < 3; i++) {
            queue.commit(DURABLE);
        }
        assertThat(groups).containsExactly(1, 1, 1);
    }

    @Test
    void leader_withABufferedCommit_waitsForNobody() throws Exception {
        Thread one = start(() -> queue.commit(DURABLE));
        first.await();
        Thread other = start(() -> queue.commit(BUFFERED));
        awaitParked(other, Thread.State.WAITING);
        go.countDown();
        join(one);
        join(other);
        assertThat(groups).containsExactly(1, 1);
    }

    @Test
    void leader_whenOnlyAsynchronousCommitsWere_waitsForNobody() {
        go.countDown();
        for (int i = 0; i < 3; i++) {
            assertThat(queue.commitAsync(Runnable::run, DURABLE).block(Duration.ofSeconds(30)))
                    .isInstanceOf(Commit.Done.class);
        }
        queue.commit(DURABLE);
        assertThat(groups).containsExactly(1, 1, 1, 1);
    }
}

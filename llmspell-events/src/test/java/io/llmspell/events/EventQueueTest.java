package io.llmspell.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EventQueueTest {
    /** Steps: 0 to 3 offer, 4 evict, 5 and 6 take, 7 close. */
    @Property
    void queue_anyHistory_agreesWithADeque(
            @ForAll @IntRange(min = 1, max = 70) int capacity,
            @ForAll List<@IntRange(min = 0, max = 40) Integer> steps) {
        EventQueue queue = new EventQueue(capacity, true);
        ArrayDeque<Object> model = new ArrayDeque<>();
        boolean closed = false;
        for (int step : steps) {
            Object item = new Object();
            if (step == 40) {
                assertThat(queue.close()).isEqualTo(model.size());
                model.clear();
                closed = true;
            } else if (step % 8 < 4) {
                boolean room = !closed && model.size() < capacity;
                assertThat(queue.offer(item)).isEqualTo(room);
                if (room) {
                    model.add(item);
                }
            } else if (step % 8 == 4) {
                assertThat(queue.evict()).isEqualTo(model.poll() != null);
            } else {
                Object oldest = queue.peek();
                assertThat(oldest).isSameAs(model.peek());
                assertThat(oldest == null || queue.take(oldest)).isTrue();
                model.poll();
            }
            assertThat(queue.entered() - queue.left()).isEqualTo(model.size());
            assertThat(queue.isEmpty()).isEqualTo(model.isEmpty());
        }
    }

    @Test
    void take_afterEvictionOfWhatWasPeeked_fails() {
        EventQueue queue = new EventQueue(2, true);
        queue.offer("a");
        queue.offer("b");
        assertThat(queue.peek()).isEqualTo("a");
        assertThat(queue.evict()).isTrue();
        assertThat(queue.take("a")).isFalse();
        assertThat(queue.peek()).isEqualTo("b");
        queue.close();
        assertThat(queue.take("b")).isFalse();
        assertThat(queue.peek()).isNull();
    }

    @Test
    void queue_writerAgainstTaker_everyItemLeavesOnceAndInOrder() {
        for (int capacity : new int[] {1, 2, 7, 100, 5000}) {
            EventQueue queue = new EventQueue(capacity, true);
            AtomicBoolean done = new AtomicBoolean();
            List<Integer> taken = new ArrayList<>();
            CompletableFuture<Void> taker = CompletableFuture.runAsync(
                    () -> takeUntil(done, queue, taken), Executors.newSingleThreadExecutor(task -> {
                        Thread thread = new Thread(task);
                        thread.setDaemon(true);
                        return thread;
                    }));
            int evicted = 0;
            for (int i = 0; i < 200_000; i++) {
                Integer item = i;
                while (!queue.offer(item)) {
                    evicted += queue.evict() ? 1 : 0;
                }
            }
            done.set(true);
            taker.join();
            assertThat(taken).isSorted().doesNotHaveDuplicates();
            assertThat(taken.size() + evicted).isEqualTo(200_000);
            assertThat(queue.left()).isEqualTo(200_000);
        }
    }

    private static void takeUntil(AtomicBoolean done, EventQueue queue, List<Integer> taken) {
        while (!done.get() || !queue.isEmpty()) {
            Object item = queue.peek();
            if (item != null && queue.take(item)) {
                taken.add((Integer) item);
            }
        }
    }
}

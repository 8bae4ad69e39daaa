package io.llmspell.events;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.llmspell.testing.check.Check;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Taking an event and closing the queue have one order: what was not taken before the close is dropped by it, so that no
 * handler starts after an unsubscribe has returned.
 */
@Check("E04")
class UnsubscribeLincheckTest {
    static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .iterations(5)
                .invocationsPerIteration(100)
                .threads(2)
                .actorsPerThread(4)
                .actorsBefore(2)
                .actorsAfter(2);
    }

    @Test
    void queueWithEviction_isLinearisable() {
        assertThatCode(() -> options().check(Evicting.class)).doesNotThrowAnyException();
    }

    @Test
    @EnabledIfSystemProperty(named = "llmspell.fuzz", matches = "true", disabledReason = "minutes; profile fuzz")
    void queue_isLinearisable_long() {
        assertThatCode(() ->
                        options().iterations(200).invocationsPerIteration(3000).check(Evicting.class))
                .doesNotThrowAnyException();
    }

    /** A queue of two from which the writer may evict; writer and taker are one thread each. */
    public static final class Evicting {
        private final EventQueue queue = new EventQueue(2, true);
        private long next;

        @Operation(nonParallelGroup = "writer")
        public boolean offer() {
            return queue.offer(new Item(next++));
        }

        @Operation(nonParallelGroup = "writer")
        public boolean evict() {
            return queue.evict();
        }

        @Operation(nonParallelGroup = "writer")
        public long close() {
            return queue.close();
        }

        @Operation(nonParallelGroup = "taker")
        public long take() {
            return taken(queue);
        }
    }

    private record Item(long number) {}

    /** As the inbox takes: again, if what was seen was evicted meanwhile; -1 for nothing. */
    private static long taken(EventQueue queue) {
        do {
            Object item = queue.peek();
            if (item != null && queue.take(item)) {
                return ((Item) item).number();
            }
        } while (!queue.isEmpty());
        return -1;
    }
}

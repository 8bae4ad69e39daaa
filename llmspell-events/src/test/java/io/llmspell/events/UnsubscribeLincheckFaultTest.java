package io.llmspell.events;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.ConcurrentLinkedQueue;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** Shows that {@link UnsubscribeLincheckTest} turns red if the state is read once for several events. */
class UnsubscribeLincheckFaultTest {
    @Test
    void stateReadOnceABatch_isFound() {
        assertThatThrownBy(() -> UnsubscribeLincheckTest.options().check(ReadOnce.class))
                .isInstanceOf(Throwable.class)
                .hasMessageContaining("Invalid execution results");
    }

    /** A queue whose taker looks at the closed bit and then takes. */
    public static final class ReadOnce {
        private final ConcurrentLinkedQueue<Long> queue = new ConcurrentLinkedQueue<>();
        private volatile boolean closed;
        private long next;

        @Operation(nonParallelGroup = "writer")
        public boolean offer() {
            return !closed && queue.add(next++);
        }

        @Operation(nonParallelGroup = "writer")
        public long close() {
            closed = true;
            return queue.size();
        }

        @Operation(nonParallelGroup = "taker")
        public long take() {
            if (closed) {
                return -1;
            }
            Long item = queue.poll();
            return item == null ? -1 : item;
        }
    }
}

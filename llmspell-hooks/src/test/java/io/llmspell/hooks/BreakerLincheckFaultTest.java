package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** Shows that {@link BreakerLincheckTest} turns red if a permit is read first and written then. */
class BreakerLincheckFaultTest {
    @Test
    void permitReadThenWritten_isFound() {
        assertThatThrownBy(() -> BreakerLincheckTest.options().check(ReadThenWrite.class))
                .isInstanceOf(Throwable.class)
                .hasMessageContaining("Invalid execution results");
    }

    /** The half-open part of a breaker, without the lock. */
    public static final class ReadThenWrite {
        private volatile int permits = 2;

        @Operation
        public boolean tryAcquire() {
            int left = permits;
            if (left == 0) {
                return false;
            }
            permits = left - 1;
            return true;
        }

        @Operation
        public void releaseUnused() {
            permits = Math.min(2, permits + 1);
        }
    }
}

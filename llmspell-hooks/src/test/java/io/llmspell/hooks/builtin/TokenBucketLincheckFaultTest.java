package io.llmspell.hooks.builtin;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** Shows that {@link TokenBucketLincheckTest} turns red if a token is read first and written then. */
class TokenBucketLincheckFaultTest {
    @Test
    void tokenReadThenWritten_isFound() {
        assertThatThrownBy(() -> TokenBucketLincheckTest.options().check(ReadThenWrite.class))
                .isInstanceOf(Throwable.class)
                .hasMessageContaining("Invalid execution results");
    }

    @Test
    void bucketAndFiguresThatChangeOneAfterTheOther_areFound() {
        assertThatThrownBy(() -> TokenBucketLincheckTest.options().check(Apart.class))
                .isInstanceOf(Throwable.class)
                .hasMessageContaining("Invalid execution results");
    }

    /** A bucket of two tokens without lock and without compare-and-set. */
    public static final class ReadThenWrite {
        private volatile int tokens = 2;

        @Operation
        public boolean take() {
            int left = tokens;
            if (left == 0) {
                return false;
            }
            tokens = left - 1;
            return true;
        }

        @Operation
        public void giveBack() {
            tokens = Math.min(2, tokens + 1);
        }
    }

    /** Each half is safe, but not both together. */
    public static final class Apart {
        private int tokens = 2;
        private int allowed;

        @Operation
        public boolean take() {
            synchronized (this) {
                if (tokens == 0) {
                    return false;
                }
                tokens--;
            }
            synchronized (this) {
                allowed++;
            }
            return true;
        }

        @Operation
        public synchronized String state() {
            return tokens + " left, " + allowed + " allowed";
        }
    }
}

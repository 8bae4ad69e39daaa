package io.llmspell.core.hook;

import io.llmspell.core.error.ArgumentException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a hook decides; what each result does before, after and on the error of an operation is in the hook guide.
 *
 * <p><b>Threads:</b> immutable.
 */
public sealed interface HookResult {
    /**
     * The kind, for switches.
     *
     * @return the kind
     */
    HookResultKind kind();

    /**
     * Go on.
     *
     * @return the result
     */
    static HookResult proceed() {
        return Continue.INSTANCE;
    }

    /**
     * Go on with other data.
     *
     * @param data the data of the point, a JSON value
     * @return the result
     */
    static HookResult modified(@Nullable Object data) {
        return new Modified(data);
    }

    /**
     * Refuse the operation.
     *
     * @param reason why, for the caller
     * @return the result
     */
    static HookResult cancel(String reason) {
        return new Cancel(reason);
    }

    /**
     * Answer in place of the operation.
     *
     * @param value the output, a JSON value
     * @return the result
     */
    static HookResult replace(@Nullable Object value) {
        return new Replace(value);
    }

    /**
     * The hook did not apply.
     *
     * @param reason why, for the record
     * @return the result
     */
    static HookResult skipped(String reason) {
        return new Skipped(reason);
    }

    /** Go on. */
    enum Continue implements HookResult {
        /** The only value. */
        INSTANCE;

        @Override
        public HookResultKind kind() {
            return HookResultKind.CONTINUE;
        }
    }

    /**
     * Go on with other data.
     *
     * @param data the data of the point, a JSON value
     */
    record Modified(@Nullable Object data) implements HookResult {
        @Override
        public HookResultKind kind() {
            return HookResultKind.MODIFIED;
        }
    }

    /**
     * Refuse the operation.
     *
     * @param reason why, for the caller
     */
    record Cancel(String reason) implements HookResult {
        @Override
        public HookResultKind kind() {
            return HookResultKind.CANCEL;
        }
    }

    /**
     * Let another target do the work.
     *
     * @param target the name of a peer of the operation's component
     */
    record Redirect(String target) implements HookResult {
        @Override
        public HookResultKind kind() {
            return HookResultKind.REDIRECT;
        }
    }

    /**
     * Answer in place of the operation.
     *
     * @param value the output, a JSON value
     */
    record Replace(@Nullable Object value) implements HookResult {
        @Override
        public HookResultKind kind() {
            return HookResultKind.REPLACE;
        }
    }

    /**
     * Run the operation again after a delay.
     *
     * @param delay how long to wait, not negative
     * @param maxAttempts runs in all, at least 1
     */
    record Retry(Duration delay, int maxAttempts) implements HookResult {
        /**
         * Checks the members.
         *
         * @param delay how long to wait
         * @param maxAttempts runs in all
         * @throws ArgumentException {@code invalid_argument} if one is out of range
         */
        public Retry {
            if (delay.isNegative() || maxAttempts < 1) {
                throw new ArgumentException(
                        "retry", delay + ", " + maxAttempts, "a delay of 0 or more and at least 1 attempt");
            }
        }

        @Override
        public HookResultKind kind() {
            return HookResultKind.RETRY;
        }
    }

    /**
     * Run more operations beside the present one.
     *
     * @param operations 1 to 16 operations; copied
     */
    record Fork(List<ForkOperation> operations) implements HookResult {
        /**
         * Copies the operations.
         *
         * @param operations the operations
         * @throws ArgumentException {@code invalid_argument} unless there are 1 to 16
         */
        public Fork {
            operations = List.copyOf(operations);
            if (operations.isEmpty() || operations.size() > 16) {
                throw new ArgumentException("fork operations", String.valueOf(operations.size()), "1 to 16");
            }
        }

        @Override
        public HookResultKind kind() {
            return HookResultKind.FORK;
        }
    }

    /**
     * Answer from the cache under a key, else run the operation and store its output there.
     *
     * @param key the key
     * @param ttl how long an entry stays fresh
     * @param fill an output to store at once, or null
     */
    record Cache(String key, Duration ttl, @Nullable Outcome fill) implements HookResult {
        @Override
        public HookResultKind kind() {
            return HookResultKind.CACHE;
        }
    }

    /**
     * The hook did not apply.
     *
     * @param reason why, for the record
     */
    record Skipped(String reason) implements HookResult {
        @Override
        public HookResultKind kind() {
            return HookResultKind.SKIPPED;
        }
    }
}

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
     * Let a peer do the work.
     *
     * @param target the name of the peer
     * @return the result
     */
    static HookResult redirect(String target) {
        return new Redirect(target);
    }

    /**
     * Run the operation again, or for the first time later.
     *
     * @param delay how long to wait
     * @param maxAttempts runs in all, at least 1
     * @return the result
     * @throws ArgumentException {@code invalid_argument} if one is out of range
     */
    static HookResult retry(Duration delay, int maxAttempts) {
        return new Retry(delay, maxAttempts);
    }

    /**
     * Run more operations beside the present one.
     *
     * @param operations 1 to 16
     * @return the result
     * @throws ArgumentException {@code invalid_argument} unless there are 1 to 16
     */
    static HookResult fork(List<ForkOperation> operations) {
        return new Fork(operations);
    }

    /**
     * Answer from the cache, else run the operation and keep its output there.
     *
     * @param key the key, or null for one made of operation, component and input
     * @param ttl how long an entry stays fresh
     * @return the result
     * @throws ArgumentException {@code invalid_argument} if one is out of range
     */
    static HookResult cache(@Nullable String key, Duration ttl) {
        return new Cache(key, ttl, null);
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
        /**
         * Checks the member.
         *
         * @param reason why, for the caller
         * @throws ArgumentException {@code invalid_argument} if it is missing
         */
        public Cancel {
            ArgumentException.given(reason, "reason of a cancel", "a text");
        }

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
        /**
         * Checks the member.
         *
         * @param target the name of a peer of the operation's component
         * @throws ArgumentException {@code invalid_argument} if it is missing or blank
         */
        public Redirect {
            if (ArgumentException.given(target, "redirect target", "a name").isBlank()) {
                throw new ArgumentException("redirect target", target, "a name");
            }
        }

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
            ArgumentException.given(delay, "retry delay", "0 or more");
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
            for (ForkOperation each : ArgumentException.given(operations, "fork operations", "1 to 16")) {
                ArgumentException.given(each, "fork operation", "an operation");
            }
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
     * @param key the key, or null for one made of operation, component and input; principal and grants are always
     *     part of what is looked up
     * @param ttl how long an entry stays fresh, more than 0
     * @param fill an output to store at once, or null
     */
    record Cache(
            @Nullable String key, Duration ttl, @Nullable Outcome fill) implements HookResult {
        /**
         * Checks the members.
         *
         * @param key the key or null
         * @param ttl how long an entry stays fresh
         * @param fill an output to store at once, or null
         * @throws ArgumentException {@code invalid_argument} if one is out of range
         */
        public Cache {
            ArgumentException.given(ttl, "cache ttl", "more than 0");
            if (ttl.isNegative() || ttl.isZero()) {
                throw new ArgumentException("cache ttl", ttl.toString(), "more than 0");
            }
            if (key != null && (key.isEmpty() || key.length() > 1024)) {
                throw new ArgumentException("cache key", key.length() + " characters", "1 to 1024 characters");
            }
        }

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
        /**
         * Checks the member.
         *
         * @param reason why, for the record
         * @throws ArgumentException {@code invalid_argument} if it is missing
         */
        public Skipped {
            ArgumentException.given(reason, "reason of a skip", "a text");
        }

        @Override
        public HookResultKind kind() {
            return HookResultKind.SKIPPED;
        }
    }
}

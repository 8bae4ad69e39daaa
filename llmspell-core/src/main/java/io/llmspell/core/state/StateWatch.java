package io.llmspell.core.state;

import io.llmspell.core.error.ArgumentException;
import java.util.function.IntConsumer;

/**
 * What a watch wants to hear of.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param scope the scope
 * @param keys which keys, as a glob such as {@code user_*}; {@code *} for all
 * @param after the last commit that is known, 0 for none, or {@link #NOW}
 * @param counter hears of changes on their way to the subscriber: 1 for one that was taken up, in the thread that commits
 *     it and before the writer is answered, and -1 for one that is then kept back; it must only count
 */
public record StateWatch(Scope scope, String keys, long after, IntConsumer counter) {
    /** In place of a commit: only changes from the subscription on. */
    public static final long NOW = -1;

    private static final int LONGEST_GLOB = 1_024;

    /**
     * Checks the pattern.
     *
     * @param scope the scope
     * @param keys which keys, as a glob
     * @param after the last commit that is known
     * @param counter hears of changes on their way
     * @throws ArgumentException {@code invalid_argument} if the pattern is empty or beyond 1,024 characters
     */
    public StateWatch {
        if (keys.isEmpty() || keys.length() > LONGEST_GLOB) {
            throw new ArgumentException("pattern of keys", keys, "1 to 1,024 characters, such as user_* or *");
        }
    }

    /**
     * A watch from its subscription on.
     *
     * @param scope the scope
     * @param keys which keys, as a glob
     * @return the watch
     * @throws ArgumentException {@code invalid_argument} if the pattern is empty or beyond 1,024 characters
     */
    public static StateWatch of(Scope scope, String keys) {
        return new StateWatch(scope, keys, NOW, change -> {});
    }

    /**
     * A copy that begins with the values that are there and newer than a commit, in the order of their commits. What was
     * removed before the subscription is not told.
     *
     * @param version the last commit that is known, 0 for none
     * @return the copy
     */
    public StateWatch after(long version) {
        return new StateWatch(scope, keys, version, counter);
    }

    /**
     * A copy that says how many changes are on their way.
     *
     * @param count as {@link #counter}
     * @return the copy
     */
    public StateWatch counting(IntConsumer count) {
        return new StateWatch(scope, keys, after, count);
    }
}

package io.llmspell.core.hook;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.identity.Language;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How a hook is registered.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param name its name, unique at the point, 1 to 128 characters
 * @param description what it does; may be empty
 * @param version its semantic version
 * @param priority its place in the order, lower first: {@link #HIGHEST} to {@link #LOWEST}
 * @param failurePolicy what its failure does
 * @param language the language it is written in
 * @param tags free words for filters; copied
 * @param timeout how long one execution may take, or null for the deadline of the point
 * @param isolated whether it runs on a thread of its own, on a snapshot of the operation, and is abandoned if it is late
 * @param replayable whether its executions are kept so that they can be run again
 * @param enabled whether it runs from the start
 */
public record HookOptions(
        String name,
        String description,
        String version,
        int priority,
        FailurePolicy failurePolicy,
        Language language,
        Set<String> tags,
        @Nullable Duration timeout,
        boolean isolated,
        boolean replayable,
        boolean enabled) {
    /** The first place. */
    public static final int HIGHEST = -1000;
    /** An early place. */
    public static final int HIGH = -100;
    /** The middle; the default. */
    public static final int NORMAL = 0;
    /** A late place. */
    public static final int LOW = 100;
    /** The last place. */
    public static final int LOWEST = 1000;

    private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);

    /**
     * Checks and copies the members.
     *
     * @param name its name
     * @param description what it does
     * @param version its version
     * @param priority its place
     * @param failurePolicy what its failure does
     * @param language its language
     * @param tags free words
     * @param timeout how long one execution may take, or null
     * @param isolated whether it runs on a thread of its own
     * @param replayable whether its executions are kept
     * @param enabled whether it runs from the start
     * @throws ArgumentException {@code invalid_argument} if name, priority or timeout is out of range
     */
    public HookOptions {
        ArgumentException.given(name, "hook name", "1 to 128 characters");
        if (name.isBlank() || name.length() > 128) {
            throw new ArgumentException("hook name", name, "1 to 128 characters");
        }
        if (priority < HIGHEST || priority > LOWEST) {
            throw new ArgumentException("hook priority", String.valueOf(priority), "between -1000 and 1000");
        }
        if (timeout != null && (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST_TIMEOUT) > 0)) {
            throw new ArgumentException("hook timeout", timeout.toString(), "more than 0, at most 1 hour");
        }
        tags = Set.copyOf(tags);
    }

    /**
     * Options with the defaults: priority normal, fail open, Java, version 1.0.0, deadline of the point, enabled.
     *
     * @param name the hook's name
     * @return the options
     */
    public static HookOptions named(String name) {
        return builder(name).build();
    }

    /**
     * A builder with the defaults of {@link #named}.
     *
     * @param name the hook's name
     * @return the builder
     */
    public static HookOptionsBuilder builder(String name) {
        return new HookOptionsBuilder(name);
    }

    /**
     * The tags in a fixed order.
     *
     * @return the sorted tags
     */
    public Set<String> sortedTags() {
        return new TreeSet<>(tags);
    }
}

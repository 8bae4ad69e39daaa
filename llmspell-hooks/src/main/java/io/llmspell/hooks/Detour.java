package io.llmspell.hooks;

import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What few operations need: where they were sent instead, what they keep, when they run again. */
final class Detour {
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    /** The peer that does the work. */
    @Nullable String target;

    /** Where a hook said so. */
    @Nullable HookPoint point;

    /** Under which key the output of the body is to be kept. */
    ResultCache.@Nullable Key key;

    Duration ttl = Duration.ZERO;

    /** What the body gave, to be kept if nothing after it rejects it. */
    @Nullable Outcome kept;

    /** Whether the operation runs again when the present attempt has ended. */
    boolean again;

    /** How long it waits before. */
    Duration delay = Duration.ZERO;

    /** The sum of all waits so far. */
    long delayedNanos;

    /** The hooks after the body that forked. */
    final List<Registration> forkers = new ArrayList<>(1);

    /** What comes after the wait for forks. */
    Phase afterJoin = Phase.DONE;

    HookPoint point() {
        return Objects.requireNonNull(point);
    }

    /** The sum of all waits with one more; the longest time there is if it is longer. */
    long delayedBy(Duration more) {
        long nanos = nanos(more);
        return delayedNanos > Long.MAX_VALUE - nanos ? Long.MAX_VALUE : delayedNanos + nanos;
    }

    /** A time in nanoseconds; the longest time there is if it is longer. */
    static long nanos(Duration time) {
        return time.compareTo(LONGEST) > 0 ? Long.MAX_VALUE : time.toNanos();
    }

    /** Keeps the output of the body, if a hook has asked for it. */
    void store(ResultCache cache) {
        if (key != null && kept != null) {
            cache.put(key, kept.json(), ttl);
        }
    }

    /** Forgets what belongs to one attempt. */
    void nextAttempt() {
        target = null;
        key = null;
        kept = null;
        again = false;
        forkers.clear();
    }
}

package io.llmspell.hooks.coordination;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.time.TimeSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The places for instances, a bounded number of them.
 *
 * <p>{@code lock} guards who has a place; no foreign code runs under it.
 */
final class Instances {
    private final Object lock = new Object();
    private final Set<Place> places = new HashSet<>();
    private final LongAdder made = new LongAdder();
    private final LongAdder evicted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final SelectiveSettings settings;
    private final TimeSource time;
    private final Awaiter awaiter;

    Instances(SelectiveSettings settings, TimeSource time, Awaiter awaiter) {
        this.settings = settings;
        this.time = time;
        this.awaiter = awaiter;
    }

    Awaiter awaiter() {
        return awaiter;
    }

    /** A place, and who has it; identity counts. */
    static final class Place {
        private final LazyHook<?> hook;

        private Place(LazyHook<?> hook) {
            this.hook = hook;
        }
    }

    /** Takes a place for a hook that is about to be made, from the one that was used least recently if none is free. */
    Place reserve(LazyHook<?> hook) {
        Place taken = new Place(hook);
        Place oldest = null;
        boolean full = false;
        synchronized (lock) {
            if (places.size() >= settings.maxInstantiatedHooks()) {
                oldest = settings.useLruEviction() ? oldest() : null;
                full = oldest == null;
            }
            if (!full) {
                places.remove(oldest);
                places.add(taken);
            }
        }
        if (full) {
            refused.increment();
            throw hook.unavailable(
                    "cannot be made: " + settings.maxInstantiatedHooks()
                            + " hooks are instantiated already (hooks.selective.max_instantiated_hooks) and none can make room");
        }
        if (oldest != null) {
            evicted.increment();
            oldest.hook.drop();
        }
        return taken;
    }

    /** The one that was used least recently; those that are being made have nothing to give. */
    private @Nullable Place oldest() {
        return places.stream()
                .filter(place -> place.hook.ready())
                .min(Comparator.comparingLong(place -> place.hook.used()))
                .orElse(null);
    }

    void release(Place place) {
        synchronized (lock) {
            places.remove(place);
        }
    }

    void made() {
        made.increment();
    }

    void used(LazyHook<?> hook) {
        if (settings.useLruEviction() || settings.collectStats()) {
            hook.touch(time.nanos(), settings.collectStats());
        }
    }

    int size() {
        synchronized (lock) {
            return places.size();
        }
    }

    long madeInAll() {
        return made.sum();
    }

    long evictedInAll() {
        return evicted.sum();
    }

    long refusedInAll() {
        return refused.sum();
    }
}

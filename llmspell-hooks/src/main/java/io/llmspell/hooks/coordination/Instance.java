package io.llmspell.hooks.coordination;

import io.llmspell.core.redact.LogText;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a factory made. One that can be closed is closed after its last use, once it is retired.
 *
 * <p>{@code users} counts those who hold it, and is negative once it is closed.
 */
final class Instance<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Instance.class);
    private static final int CLOSED = Integer.MIN_VALUE;

    final T hook;

    /** What it takes up. */
    private final Instances.Place place;

    /** 1 for the slot that keeps it, 1 for each use. Only counted if there is something to close. */
    private final AtomicInteger users = new AtomicInteger(1);

    private volatile boolean retired;

    Instance(T hook, Instances.Place place) {
        this.hook = hook;
        this.place = place;
    }

    Instances.Place place() {
        return place;
    }

    /** Begins a use; false if it is closed already. */
    boolean enter() {
        if (!(hook instanceof AutoCloseable)) {
            return true;
        }
        return users.getAndUpdate(count -> count > 0 ? count + 1 : count) > 0;
    }

    /** Ends a use. */
    void leave() {
        if (hook instanceof AutoCloseable resource
                && users.updateAndGet(count -> count == 1 ? CLOSED : count - 1) == CLOSED) {
            try {
                resource.close();
            } catch (Exception | Error failure) { // nobody is left who could do anything about it
                LOG.warn("a hook that is used no longer could not be closed", LogText.maskedError(failure));
            }
        }
    }

    /** The slot keeps it no longer; the second call does nothing. */
    void retire() {
        if (!retired) {
            retired = true;
            leave();
        }
    }
}

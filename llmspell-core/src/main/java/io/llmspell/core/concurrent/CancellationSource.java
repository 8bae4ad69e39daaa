package io.llmspell.core.concurrent;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes a {@link Cancellation} token and cancels it.
 *
 * <p><b>Threads:</b> safe. Actions run outside the lock, on the thread that cancels.
 */
public final class CancellationSource implements Cancellation, Handle {
    private final Object lock = new Object();
    private final Set<Registration> actions = new LinkedHashSet<>();
    private volatile boolean cancelled;
    private volatile Handle parent = Handle.noop();

    /** Makes a token that nothing else cancels. */
    public CancellationSource() {}

    static CancellationSource childOf(Cancellation parent) {
        CancellationSource child = new CancellationSource();
        child.parent = parent.onCancel(child::cancel);
        return child;
    }

    /** Cancels the token, runs its actions and lets go of the parent; the second call does nothing. */
    public void cancel() {
        List<Registration> due;
        synchronized (lock) {
            if (cancelled) {
                return;
            }
            cancelled = true;
            due = new ArrayList<>(actions);
            actions.clear();
        }
        due.forEach(Registration::run);
        parent.close();
    }

    /** Lets go of the parent and of all actions without cancelling; to be called when the operation has ended. */
    @Override
    public void close() {
        parent.close();
        synchronized (lock) {
            actions.clear();
        }
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public Handle onCancel(Runnable action) {
        Registration registration = new Registration(action);
        synchronized (lock) {
            if (!cancelled) {
                actions.add(registration);
                return registration;
            }
        }
        registration.run();
        return Handle.noop();
    }

    /** One action; identity counts, so that the same action may be registered twice. */
    private final class Registration implements Handle {
        private final Runnable action;

        Registration(Runnable action) {
            this.action = action;
        }

        void run() {
            try {
                action.run();
            } catch (RuntimeException | Error dropped) {
                // a failing listener must not keep the others from hearing of the cancellation
            }
        }

        @Override
        public void close() {
            synchronized (lock) {
                actions.remove(this);
            }
        }
    }
}

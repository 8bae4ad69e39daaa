package io.llmspell.core.concurrent;

/**
 * A token that tells a running operation to stop.
 *
 * <p><b>Threads:</b> safe. Once cancelled a token stays cancelled.
 */
public interface Cancellation {
    /**
     * Whether the operation should stop.
     *
     * @return true from the first {@link CancellationSource#cancel} on
     */
    boolean isCancelled();

    /**
     * Runs an action once when the token is cancelled, at once if it is already. The action runs on the thread that
     * cancels and must be short; what it throws is dropped.
     *
     * @param action the action
     * @return a handle that takes the action back
     */
    Handle onCancel(Runnable action);

    /**
     * A token that follows this one and can be cancelled on its own.
     *
     * @return the source of the new token
     */
    default CancellationSource child() {
        return CancellationSource.childOf(this);
    }

    /**
     * Ends the present call if the token is cancelled.
     *
     * @param what the operation, for the message
     * @throws CancelledException {@code cancelled} if the token is cancelled
     */
    default void throwIfCancelled(String what) {
        if (isCancelled()) {
            throw new CancelledException(what);
        }
    }

    /**
     * A token that is never cancelled.
     *
     * @return the token
     */
    static Cancellation none() {
        return NeverCancelled.INSTANCE;
    }
}

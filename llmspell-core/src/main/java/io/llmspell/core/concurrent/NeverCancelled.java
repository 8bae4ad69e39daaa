package io.llmspell.core.concurrent;

/** The token of an operation that nobody can stop. */
enum NeverCancelled implements Cancellation {
    /** The only value. */
    INSTANCE;

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public Handle onCancel(Runnable action) {
        return Handle.noop();
    }
}

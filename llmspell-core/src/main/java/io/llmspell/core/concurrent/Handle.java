package io.llmspell.core.concurrent;

/**
 * Undoes one registration, subscription or schedule.
 *
 * <p><b>Threads:</b> safe; closing is idempotent and never throws.
 */
public interface Handle extends AutoCloseable {
    /** Releases what the handle stands for; the second call does nothing. */
    @Override
    void close();

    /**
     * A handle with nothing behind it.
     *
     * @return the handle
     */
    static Handle noop() {
        return () -> {};
    }
}

package io.llmspell.core.storage;

/**
 * Hears of a commit in commit order, after it is as durable as its mode and before the writer is acknowledged.
 *
 * <p><b>Threads:</b> called on the thread that commits, which is often that of another writer of the same group; calls of one
 * store never overlap. It may only enqueue: it must neither block nor call the store. <b>Errors:</b> what it throws is logged.
 */
@FunctionalInterface
public interface CommitListener {
    /**
     * Called once for the batch that carries the listener.
     *
     * @param done the commit
     */
    void committed(Commit.Done done);
}

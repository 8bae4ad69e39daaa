package io.llmspell.core.storage;

/**
 * Hears of a commit in commit order, after it is as durable as its mode and before the writer is acknowledged.
 *
 * <p>Runs on the committing thread and may only enqueue: it must neither block nor throw; what it throws is logged.
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

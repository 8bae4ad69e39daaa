package io.llmspell.storage.spi;

import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Commit;
import java.util.List;

/**
 * Decides and writes one group of batches; the part of a commit that differs between back ends.
 *
 * <p><b>Threads:</b> the {@link CommitQueue} calls it from one thread at a time, with interrupts held back.
 */
@FunctionalInterface
public interface Committer {
    /**
     * Decides the batches in order, each on top of the ones before it, and makes those without conflict as durable as
     * the strongest mode among them.
     *
     * @param group the batches, at least one
     * @return one outcome for each batch, in order
     * @throws io.llmspell.core.storage.StorageException if nothing of the group was written
     */
    List<Commit> commit(List<Batch> group);
}

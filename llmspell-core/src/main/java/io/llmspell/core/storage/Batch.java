package io.llmspell.core.storage;

import io.llmspell.core.error.ArgumentException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes that commit together or not at all.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param writes the parts in order, at least one; a later part sees the earlier ones
 * @param mode what the acknowledgement must mean
 * @param listener told of the commit before the acknowledgement, or null
 */
public record Batch(
        List<Write> writes, WriteMode mode, @Nullable CommitListener listener) {
    /**
     * Copies the writes.
     *
     * @param writes the parts
     * @param mode what the acknowledgement must mean
     * @param listener told of the commit, or null
     * @throws ArgumentException {@code invalid_argument} if there are no writes
     */
    public Batch {
        writes = List.copyOf(writes);
        if (writes.isEmpty()) {
            throw new ArgumentException("batch", "empty", "at least one write");
        }
    }

    /**
     * A batch without listener.
     *
     * @param mode what the acknowledgement must mean
     * @param writes the parts
     * @return the batch
     */
    public static Batch of(WriteMode mode, Write... writes) {
        return new Batch(List.of(writes), mode, null);
    }
}

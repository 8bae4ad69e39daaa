package io.llmspell.core.event;

import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.Write;
import java.util.Optional;

/**
 * An event of a change that is about to be committed: its hooks have run, it has no number yet.
 *
 * <p>The owner of the change puts {@link #write} into its batch, calls {@link #committed} from the batch's commit
 * listener and {@link #publish} after the commit has returned; or {@link #dropped} if nothing was committed.
 * <b>Threads:</b> {@code committed} is called in commit order, the others by the owner.
 */
public interface StagedEvent {
    /**
     * The part of the batch that keeps the event.
     *
     * @return an append to the journal, empty if the journal does not take the event
     */
    Optional<Write> write();

    /**
     * Gives the event its number and queues it for its subscribers; only enqueues.
     *
     * @param done the commit
     */
    void committed(Commit.Done done);

    /** Runs the synchronous subscribers and the hooks after the emit, on the calling thread; after the commit. */
    void publish();

    /** Forgets the event, because nothing was committed. */
    void dropped();
}

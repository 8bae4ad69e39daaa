package io.llmspell.core.session;

import io.llmspell.core.identity.Caller;
import io.llmspell.core.state.Scope;
import org.jspecify.annotations.Nullable;

/**
 * A span of work with state of its own, in the scope {@code session:ID}.
 *
 * <p><b>Threads:</b> safe. <b>Errors:</b> {@link SessionException} ({@code session_closed} after its end),
 * {@code access_denied} for callers that may not use its scope, {@code operation_cancelled} by a hook, and the codes of
 * state and storage.
 */
public interface Session {
    /**
     * Its id.
     *
     * @return a time-ordered UUID as text
     */
    String id();

    /**
     * The scope of its state.
     *
     * @return {@code session:ID}
     */
    default Scope scope() {
        return Scope.session(id());
    }

    /**
     * Its record as it is now.
     *
     * @return the record, also after the end
     * @throws SessionException {@code session_not_found} if the record of the ended session was given up since
     */
    SessionInfo info();

    /**
     * Whether it goes on.
     *
     * @throws SessionException {@code session_closed} if it has ended
     */
    void requireActive();

    /**
     * Stores a value in its state, or removes one, unless it has ended: that it goes on and the change are one commit.
     *
     * @param key the key
     * @param value a JSON value; null removes the key
     * @param caller on whose behalf
     */
    void set(String key, @Nullable Object value, Caller caller);

    /**
     * Copies its state as it is at one moment. Values that are in memory only are left out. A session keeps its newest 100
     * checkpoints.
     *
     * @param name a name for the copy, 1 to 256 characters, or null
     * @param caller on whose behalf
     * @return the copy
     * @throws io.llmspell.core.error.LimitException {@code limit_exceeded} if there is more than a checkpoint can hold
     */
    Checkpoint checkpoint(@Nullable String name, Caller caller);

    /**
     * Puts its state back: keys of the checkpoint get their values again, keys that are younger go, all in one commit.
     *
     * @param checkpoint the id of a checkpoint, or its name; of several with one name the newest counts
     * @param caller on whose behalf
     * @return how many keys were put back or removed
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if it has no such checkpoint
     */
    int restore(String checkpoint, Caller caller);

    /**
     * Ends it and removes its state, checkpoints and artifacts, unless it keeps them.
     *
     * @param caller on whose behalf
     * @throws SessionException {@code session_closed} if it has ended already
     */
    void finish(Caller caller);
}

package io.llmspell.core.state;

import java.util.Optional;

/**
 * A committed change of one key, as a watch tells it.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param key the key
 * @param before what stood there; empty if nothing did, and where it is not known: in what a watch tells of the time
 *     before it began, and in the rare case that other writers were faster four times in a row
 * @param after what stands there since; empty if the key was removed
 * @param version the number of the commit
 */
public record StateUpdate(StateKey key, Optional<StateValue> before, Optional<StateValue> after, long version) {
    /**
     * Takes the members as they are.
     *
     * @param key the key
     * @param before what stood there
     * @param after what stands there since
     * @param version the number of the commit
     */
    public StateUpdate {}
}

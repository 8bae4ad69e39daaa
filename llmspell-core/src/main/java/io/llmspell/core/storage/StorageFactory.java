package io.llmspell.core.storage;

import io.llmspell.core.time.TimeSource;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Opens a store; the settings of a back end implement it, so that whoever composes a runtime can open any of them.
 *
 * <p><b>Threads:</b> safe. <b>Errors:</b> {@link StorageException}.
 */
@FunctionalInterface
public interface StorageFactory {
    /**
     * Opens the store.
     *
     * @param spaces all spaces that will be used; those that are new are made
     * @param time the clock of the store's timers
     * @return the open store, to be closed by the caller
     * @throws StorageException {@code store_not_found}, {@code store_locked}, {@code store_read_only},
     *     {@code store_corrupt}, {@code store_too_new}, {@code store_full} or {@code store_unavailable}
     */
    StorageBackend open(Set<Space> spaces, TimeSource time);

    /**
     * What the stores of this factory can do, if that is known before one is open.
     *
     * @return the capabilities of every store that it opens; empty if only the open store knows
     */
    default Optional<Set<Capability>> capabilities() {
        return Optional.empty();
    }

    /**
     * Where the stores of this factory lie, so that what belongs to them, such as the keys of their secrets, is kept
     * beside them.
     *
     * @return the folder; empty if they lie in none, or in one that only the back end knows
     */
    default Optional<Path> location() {
        return Optional.empty();
    }
}

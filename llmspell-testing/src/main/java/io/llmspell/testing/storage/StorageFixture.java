package io.llmspell.testing.storage;

import io.llmspell.core.storage.Capability;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import java.util.Set;

/** What every part of the contract needs: a store and what it can do. */
interface StorageFixture {
    /** The spaces that {@link #open} must give the store; two without and two with log. */
    Set<Space> SPACES = Set.of(Space.STATE, Space.META, Space.EVENTS, Space.AUDIT);

    /**
     * Opens the store under test with the spaces of {@link #SPACES}: empty at the first call of a test, and, if the
     * store has {@link Capability#PERSISTENCE}, with its data at later calls of the same test. The caller closes it.
     *
     * @return the open store
     */
    StorageBackend open();

    /**
     * What the store under test must be able to do; each missing capability turns on a test that the store refuses what
     * needs it.
     *
     * @return the capabilities, all by default
     */
    default Set<Capability> capabilities() {
        return Set.of(Capability.values());
    }

    /**
     * Whether the store has a capability.
     *
     * @param capability the capability
     * @return true if {@link #capabilities()} holds it
     */
    default boolean can(Capability capability) {
        return capabilities().contains(capability);
    }
}

package io.llmspell.core.identity;

import java.util.UUID;

/**
 * A UUID version 8 that follows from a name: 122 bits of two hashes, which tell names apart and hide nothing.
 *
 * <p>Not {@link UUID#nameUUIDFromBytes}: its MD5 loads the security providers, a tenth of the time to start.
 */
final class NameId {
    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final long SECOND_BASIS = 0x9e3779b97f4a7c15L;
    private static final long VERSION = 0x8000L;
    private static final long VARIANT = 0x8000000000000000L;

    private NameId() {}

    static UUID of(String name) {
        long high = (hash(name, FNV_BASIS) & ~0xF000L) | VERSION;
        long low = (hash(name, SECOND_BASIS) >>> 2) | VARIANT;
        return new UUID(high, low);
    }

    /** FNV-1a over the characters, then the finalizer of SplitMix64, so that near names give far hashes. */
    private static long hash(String name, long basis) {
        long hash = basis;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * FNV_PRIME;
        }
        hash = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ hash >>> 27) * 0x94d049bb133111ebL;
        return hash ^ hash >>> 31;
    }
}

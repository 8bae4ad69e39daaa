package io.llmspell.core.storage;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InternalException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * How the entries of a log are chained, so that none can be changed, removed or moved unseen.
 *
 * <p>The value of a chained append is stored behind the link of the chained append before it: the SHA-256 of that one's
 * position as 8 big-endian bytes and of its whole stored value. The first has a link of zeros. The committer makes the
 * link, in commit order, and keeps the {@link Head} under {@link #headKey} in {@link Space#META}, in the same commit.
 * <b>Threads:</b> safe.
 */
public final class LogChain {
    /** The length of a link. */
    public static final int LINK_BYTES = 32;

    private static final Bytes HEADS = Bytes.utf8("log-head:");
    private static final Bytes NONE = Bytes.own(new byte[LINK_BYTES]);

    private LogChain() {}

    /**
     * The newest entry of a chain.
     *
     * <p><b>Threads:</b> immutable.
     *
     * @param position its position, 0 if the chain has no entry yet
     * @param link its link, which the next entry will begin with
     */
    public record Head(long position, Bytes link) {
        /** The head of a chain without entries. */
        public static final Head START = new Head(0, NONE);

        /**
         * Reads a head.
         *
         * @param stored what stands under {@link LogChain#headKey}
         * @return the head
         * @throws StorageException {@code store_corrupt} if it has another length
         */
        public static Head decode(Bytes stored) {
            if (stored.length() != Long.BYTES + LINK_BYTES) {
                throw new StorageException(
                        ErrorCode.STORE_CORRUPT,
                        "the head of a chained log is " + stored.length() + " bytes long, but must be "
                                + (Long.BYTES + LINK_BYTES) + "; restore the store from a backup");
            }
            return new Head(stored.longAt(0), stored.slice(Long.BYTES, stored.length()));
        }

        /**
         * The form that is stored.
         *
         * @return position and link
         */
        public Bytes encoded() {
            return Bytes.ofLong(position).plus(link);
        }

        /**
         * The stored form of the next entry.
         *
         * @param value the value of the append
         * @return the link and the value
         */
        public Bytes linked(Bytes value) {
            return link.plus(value);
        }

        /**
         * The head after an entry.
         *
         * @param next the position of the entry
         * @param stored the entry as it is stored
         * @return the head
         */
        public static Head after(long next, Bytes stored) {
            return new Head(next, LogChain.link(next, stored));
        }
    }

    /**
     * The link that the entry after this one begins with.
     *
     * @param position the position of the entry
     * @param stored the entry as it is stored
     * @return 32 bytes
     */
    public static Bytes link(long position, Bytes stored) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(Bytes.ofLong(position).view());
            digest.update(stored.view());
            return Bytes.own(digest.digest());
        } catch (NoSuchAlgorithmException missing) {
            // every Java platform has SHA-256
            throw InternalException.coded("linking an entry of a log", missing);
        }
    }

    /**
     * The link that a chained entry begins with.
     *
     * @param stored the entry as it is stored
     * @return 32 bytes; fewer if the entry is not chained and shorter
     */
    public static Bytes linkOf(Bytes stored) {
        return stored.slice(0, Math.min(LINK_BYTES, stored.length()));
    }

    /**
     * The value of a chained entry.
     *
     * @param stored the entry as it is stored
     * @return what was appended; empty if the entry is not chained and shorter than a link
     */
    public static Bytes valueOf(Bytes stored) {
        return stored.slice(Math.min(LINK_BYTES, stored.length()), stored.length());
    }

    /**
     * Where the head of a log's chain is kept, in {@link Space#META}. Only the committer writes there.
     *
     * @param log the log
     * @return the key
     */
    public static Bytes headKey(Space log) {
        return HEADS.plus(Bytes.utf8(log.name()));
    }

    /**
     * Whether a key is kept for heads.
     *
     * @param space the space of the key
     * @param key the key
     * @return true if only the committer may write it
     */
    public static boolean isHead(Space space, Bytes key) {
        return space.equals(Space.META) && key.startsWith(HEADS);
    }
}

package io.llmspell.storage.spi;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.LogChain;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.Write;
import java.util.Collection;
import java.util.TreeSet;

/**
 * Checks batches and spaces before they reach a back end.
 *
 * <p><b>Threads:</b> safe.
 */
public final class BatchRules {
    private static final int MAX_INDEX_PREFIX = 1_024;

    private BatchRules() {}

    /**
     * Checks every part of a batch.
     *
     * @param batch the batch
     * @param known the spaces of the store
     * @throws ArgumentException {@code invalid_argument} if a space is unknown, a log is written by key, an index
     *     prefix is larger than 1 KiB, or a key is kept for the store itself
     */
    public static void check(Batch batch, Collection<Space> known) {
        for (Write write : batch.writes()) {
            checkSpace(write.space(), known);
            if (write instanceof Write.Append append) {
                append.indexPrefixes().forEach(BatchRules::checkPrefix);
                if (append.chained()) {
                    checkSpace(Space.META, known);
                }
            } else if (write instanceof Write.Unindex gone) {
                checkLog(gone.space(), known);
                checkPrefix(gone.indexPrefix());
            } else if (write.space().log() && !(write instanceof Write.DeleteRange)) {
                throw new ArgumentException(
                        "space of a " + write.getClass().getSimpleName(),
                        write.space().name(),
                        "no log");
            } else {
                checkKey(write);
            }
        }
    }

    private static void checkKey(Write write) {
        Bytes key = write instanceof Write.Put put ? put.key() : write instanceof Write.Delete gone ? gone.key() : null;
        if (key != null && LogChain.isHead(write.space(), key)) {
            throw new ArgumentException("key", key.text(), "one that is not kept for the heads of chained logs");
        }
    }

    /**
     * Checks that a store has a space.
     *
     * @param space the space
     * @param known the spaces of the store
     * @throws ArgumentException {@code invalid_argument} if it has not
     */
    public static void checkSpace(Space space, Collection<Space> known) {
        if (!known.contains(space)) {
            TreeSet<String> names = new TreeSet<>();
            known.forEach(each -> names.add(each.name()));
            throw new ArgumentException("space", space.name(), "one that the store was opened with: " + names);
        }
    }

    /**
     * Checks that a space is a log.
     *
     * @param space the space
     * @param known the spaces of the store
     * @throws ArgumentException {@code invalid_argument} if it is unknown or no log
     */
    public static void checkLog(Space space, Collection<Space> known) {
        checkSpace(space, known);
        if (!space.log()) {
            throw new ArgumentException("space of an index scan", space.name(), "a log");
        }
    }

    private static void checkPrefix(Bytes prefix) {
        if (prefix.length() > MAX_INDEX_PREFIX) {
            throw new ArgumentException("index prefix", prefix.length() + " bytes", "at most " + MAX_INDEX_PREFIX);
        }
    }
}

package io.llmspell.core.audit;

import io.llmspell.core.storage.Write;
import java.util.List;

/**
 * Keeps audit records in an order that nobody can change unseen.
 *
 * <p><b>Threads:</b> safe.
 */
public interface AuditLog {
    /**
     * Keeps a record durably.
     *
     * @param record the record
     */
    void append(AuditRecord record);

    /**
     * Prepares a record for the batch of the change that it is about.
     *
     * @param record the record
     * @return the part of the batch
     */
    Write stage(AuditRecord record);

    /**
     * Finds records.
     *
     * @param query which ones
     * @return the records, newest first, at most as many as the query's limit
     * @throws io.llmspell.core.storage.StorageException {@code store_corrupt} if a record cannot be read
     */
    List<AuditRecord> query(AuditQuery query);

    /**
     * Checks the whole log.
     *
     * @return how many records are in order, and what was removed by whom
     * @throws io.llmspell.core.storage.StorageException {@code store_corrupt} naming the first record that was
     *     changed, moved, or removed without a record that says so
     */
    AuditReport verify();
}

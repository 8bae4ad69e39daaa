package io.llmspell.core.storage;

import io.llmspell.core.error.ErrorCode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Packs a JSON value and its header into the bytes of a record, with a checksum, and back.
 *
 * <p>The key takes part in the checksum, so that a record under a wrong key is found. <b>Threads:</b> safe.
 */
public interface RecordCodec {
    /**
     * Packs a value in clear.
     *
     * @param key the key of the record
     * @param header its header; its key id is left out
     * @param value a JSON value
     * @return the record
     */
    Bytes encode(Bytes key, RecordHeader header, @Nullable Object value);

    /**
     * Packs a value so that nobody can read or change it without the key; its header stays readable.
     *
     * @param key the key of the record
     * @param header its header; its key id says which key seals, or null for the active one
     * @param value a JSON value
     * @return the record, whose header names the key
     * @throws StorageException {@code store_key_missing} or {@code store_key_wrong} if there is no such key
     */
    default Bytes seal(Bytes key, RecordHeader header, @Nullable Object value) {
        throw new StorageException(
                ErrorCode.STORE_KEY_MISSING,
                "the codec of these records has no keys, so nothing can be sealed; make it with a key ring");
    }

    /**
     * The id of the key that seals now; if there is no key yet, one is made.
     *
     * @return the id
     * @throws StorageException {@code store_key_missing} or {@code store_key_wrong} if there is none
     */
    default String sealingKey() {
        throw new StorageException(
                ErrorCode.STORE_KEY_MISSING, "the codec of these records has no keys; make it with a key ring");
    }

    /**
     * Reads the header alone.
     *
     * @param record the record
     * @return the header
     * @throws StorageException {@code store_corrupt} or {@code store_too_new}
     */
    RecordHeader header(Bytes record);

    /**
     * How many bytes of a record {@link #expiresAt} has to see.
     *
     * @param begin the first bytes of a record, or all
     * @return the number, or {@link Integer#MAX_VALUE} if it takes the whole record or the bytes do not tell
     */
    default int headLength(Bytes begin) {
        return Integer.MAX_VALUE;
    }

    /**
     * Reads of the header only when the record stops to count: a listing asks this of each record.
     *
     * @param record the record, or at least so much of it as {@link #headLength} tells
     * @return the moment, or null if the record does not expire
     * @throws StorageException {@code store_corrupt} or {@code store_too_new}
     */
    default @Nullable Instant expiresAt(Bytes record) {
        return header(record).expiresAt();
    }

    /**
     * Reads the value.
     *
     * @param key the key of the record
     * @param record the record
     * @return the JSON value
     * @throws StorageException {@code store_corrupt} if the checksum or the seal does not fit, {@code store_too_new} if
     *     a newer release wrote the record, {@code store_key_missing} or {@code store_key_wrong} if it is sealed with a
     *     key that is not there
     */
    @Nullable Object decode(Bytes key, Bytes record);
}

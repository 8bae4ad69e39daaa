package io.llmspell.core.storage;

import org.jspecify.annotations.Nullable;

/**
 * Packs a JSON value and its header into the bytes of a record, with a checksum, and back.
 *
 * <p>The key takes part in the checksum, so that a record under a wrong key is found. <b>Threads:</b> safe.
 */
public interface RecordCodec {
    /**
     * Packs a value.
     *
     * @param key the key of the record
     * @param header its header
     * @param value a JSON value
     * @return the record
     */
    Bytes encode(Bytes key, RecordHeader header, @Nullable Object value);

    /**
     * Reads the header alone.
     *
     * @param record the record
     * @return the header
     * @throws StorageException {@code store_corrupt} or {@code store_too_new}
     */
    RecordHeader header(Bytes record);

    /**
     * Reads the value.
     *
     * @param key the key of the record
     * @param record the record
     * @return the JSON value
     * @throws StorageException {@code store_corrupt} if the checksum does not fit, {@code store_too_new} if a newer
     *     release wrote the record
     */
    @Nullable Object decode(Bytes key, Bytes record);
}

package io.llmspell.core.storage;

/**
 * Encrypts what must not lie in a store in clear, and knows the keys for it by their ids.
 *
 * <p>One key is active: it seals. The others only open what was sealed with them. <b>Threads:</b> safe.
 */
public interface Sealer {
    /**
     * The id of the key that seals now; if there is no key yet, one is made and kept.
     *
     * @return the id
     * @throws StorageException {@code store_key_missing} if there is no key and none can be kept,
     *     {@code store_key_wrong} if the keys cannot be read
     */
    String activeKey();

    /**
     * Encrypts a text and protects it, together with what stands around it, against changes.
     *
     * @param keyId the id of the key
     * @param clear the text
     * @param around what must be the same when the text is opened; it is not encrypted
     * @return the sealed text
     * @throws StorageException {@code store_key_missing} without any key, {@code store_key_wrong} without this one
     */
    byte[] seal(String keyId, byte[] clear, byte[] around);

    /**
     * Decrypts a sealed text.
     *
     * @param keyId the id of the key
     * @param sealed the sealed text
     * @param around what stood around it when it was sealed
     * @return the text
     * @throws StorageException {@code store_key_missing} without any key, {@code store_key_wrong} without this one,
     *     {@code store_corrupt} if the text or what stands around it was changed
     */
    byte[] open(String keyId, byte[] sealed, byte[] around);
}

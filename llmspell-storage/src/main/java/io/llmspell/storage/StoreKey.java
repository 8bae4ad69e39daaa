package io.llmspell.storage;

import io.llmspell.core.error.InternalException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key of 256 bits and its id, which is worked out from the key: so a key that was mistyped or mixed up with another is
 * found before anything is read with it.
 */
final class StoreKey {
    static final int BYTES = 32;

    private static final byte[] DOMAIN = "llmspell key id".getBytes(StandardCharsets.UTF_8);
    private static final int ID_BYTES = 8;

    private final String id;
    private final SecretKey key;
    private final String text;

    private StoreKey(byte[] bytes) {
        this.id = id(bytes);
        this.key = new SecretKeySpec(bytes, "AES");
        this.text = Base64.getEncoder().encodeToString(bytes);
    }

    /** Takes the bytes over; there must be 32. */
    static StoreKey of(byte[] bytes) {
        return new StoreKey(bytes);
    }

    static StoreKey random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return new StoreKey(bytes);
    }

    private static String id(byte[] bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(DOMAIN);
            return HexFormat.of().formatHex(digest.digest(bytes), 0, ID_BYTES);
        } catch (GeneralSecurityException missing) {
            // every Java platform has SHA-256
            throw InternalException.coded("the id of a key", missing);
        }
    }

    String id() {
        return id;
    }

    SecretKey key() {
        return key;
    }

    /** The key itself, in base64; for the key file alone. */
    String secret() {
        return text;
    }

    @Override
    public String toString() {
        return "StoreKey[" + id + "]";
    }
}

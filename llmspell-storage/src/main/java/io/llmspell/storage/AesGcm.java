package io.llmspell.storage;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InternalException;
import io.llmspell.core.storage.StorageException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES-256-GCM. A sealed text is a fresh random nonce (12 bytes), the encrypted text, and the tag (16 bytes).
 *
 * <p>One key is good for 2^32 texts under random nonces; whoever writes more makes a new key before.
 */
final class AesGcm {
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE = 12;
    private static final int TAG = 16;

    private final SecureRandom random = new SecureRandom();

    byte[] seal(SecretKey key, byte[] clear, byte[] around) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        byte[] sealed = Arrays.copyOf(nonce, NONCE + clear.length + TAG);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce);
            cipher.updateAAD(around);
            cipher.doFinal(clear, 0, clear.length, sealed, NONCE);
            return sealed;
        } catch (GeneralSecurityException impossible) {
            // every Java platform has AES-GCM, and the room is right
            throw InternalException.coded("sealing a value", impossible);
        }
    }

    byte[] open(SecretKey key, byte[] sealed, byte[] around) {
        if (sealed.length < NONCE + TAG) {
            throw changed("it is only " + sealed.length + " bytes long");
        }
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(sealed, NONCE));
            cipher.updateAAD(around);
            return cipher.doFinal(sealed, NONCE, sealed.length - NONCE);
        } catch (AEADBadTagException tampered) {
            throw changed("its seal does not fit");
        } catch (GeneralSecurityException impossible) {
            throw InternalException.coded("opening a sealed value", impossible);
        }
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG * Byte.SIZE, nonce));
        return cipher;
    }

    private static StorageException changed(String why) {
        return new StorageException(
                ErrorCode.STORE_CORRUPT,
                "a sealed record was changed by somebody who has not its key: " + why + "; restore it from a backup");
    }
}

package io.llmspell.core.redact;

import io.llmspell.core.error.InternalException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What is put in place of secrets: a fixed text, or one with a keyed hash, so that equal secrets can be told from
 * others without being known.
 *
 * <p>The key is made with the first secret: most programs meet none. {@code key} is written once, under {@code this}.
 */
final class Mask {
    /** The length of the longest mask. */
    static final int LONGEST = 23;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int HASH_BYTES = 6;
    private static final int KEY_BYTES = 32;
    private static final String BEGIN = Redactor.MASK.substring(0, Redactor.MASK.length() - 1) + ":";
    private static final Pattern ANY = Pattern.compile("\\[REDACTED(?::[0-9a-f]{12})?]");
    private static final Pattern HASHED = Pattern.compile(Pattern.quote(BEGIN) + "[0-9a-f]{12}]");

    private final boolean hashes;
    private final byte @Nullable [] given;
    private volatile @Nullable SecretKeySpec key;

    private Mask(boolean hashes, byte @Nullable [] given) {
        this.hashes = hashes;
        this.given = given;
    }

    static Mask plain() {
        return new Mask(false, null);
    }

    static Mask hashing(byte[] key) {
        return new Mask(true, key.clone());
    }

    /** Hashes under a random key. */
    static Mask hashing() {
        return new Mask(true, null);
    }

    private SecretKeySpec key() {
        SecretKeySpec present = key;
        return present != null ? present : newKey();
    }

    private synchronized SecretKeySpec newKey() {
        SecretKeySpec present = key;
        if (present == null) {
            byte[] bytes = given;
            if (bytes == null) {
                bytes = new byte[KEY_BYTES];
                new SecureRandom().nextBytes(bytes);
            }
            present = new SecretKeySpec(bytes, ALGORITHM);
            key = present;
        }
        return present;
    }

    String of(Object secret) {
        if (!hashes) {
            return Redactor.MASK;
        }
        byte[] hash = hash(key(), secret.toString());
        return BEGIN + HexFormat.of().formatHex(hash, 0, HASH_BYTES) + "]";
    }

    private static byte[] hash(SecretKeySpec key, String secret) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(secret.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException missing) {
            // every Java platform has HMAC-SHA-256
            throw InternalException.coded("hashing a secret", missing);
        }
    }

    /** Whether a text is a mask already, of either form, so that masking twice is masking once. */
    boolean is(String text) {
        return text.equals(Redactor.MASK)
                || (text.length() == LONGEST && HASHED.matcher(text).matches());
    }

    /** How many characters of a part of a text are masks. */
    static int lengthIn(String text, int from, int to) {
        int length = 0;
        Matcher masks = ANY.matcher(text).region(from, to);
        while (masks.find()) {
            length += masks.end() - masks.start();
        }
        return length;
    }
}

package io.llmspell.core.redact;

import io.llmspell.core.concurrent.Lazy;
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
 * @param key gives the key of the hash, null for the fixed text
 */
record Mask(@Nullable Lazy<SecretKeySpec> key) {
    /** The length of the longest mask. */
    static final int LONGEST = 23;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int HASH_BYTES = 6;
    private static final int KEY_BYTES = 32;
    private static final String BEGIN = Redactor.MASK.substring(0, Redactor.MASK.length() - 1) + ":";
    private static final Pattern ANY = Pattern.compile("\\[REDACTED(?::[0-9a-f]{12})?]");
    private static final Pattern HASHED = Pattern.compile(Pattern.quote(BEGIN) + "[0-9a-f]{12}]");

    static Mask plain() {
        return new Mask(null);
    }

    static Mask hashing(byte[] key) {
        byte[] copy = key.clone();
        return new Mask(new Lazy<>(() -> new SecretKeySpec(copy, ALGORITHM)));
    }

    /** Hashes under a random key, which is made with the first secret: most programs meet none. */
    static Mask hashing() {
        return new Mask(new Lazy<>(() -> {
            byte[] random = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(random);
            return new SecretKeySpec(random, ALGORITHM);
        }));
    }

    String of(Object secret) {
        if (key == null) {
            return Redactor.MASK;
        }
        byte[] hash = hash(key.get(), secret.toString());
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

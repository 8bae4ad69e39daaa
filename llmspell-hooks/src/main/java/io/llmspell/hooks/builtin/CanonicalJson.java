package io.llmspell.hooks.builtin;

import io.llmspell.core.json.JsonCodec;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Gives JSON values that are the same the same digest, whatever the order of their members and the form of their numbers.
 *
 * <p><b>Threads:</b> safe.
 */
final class CanonicalJson {
    /** As many digits as certainly fit into a {@code long}. */
    private static final int LONG_DIGITS = 18;

    private final JsonCodec codec;

    CanonicalJson(JsonCodec codec) {
        this.codec = codec;
    }

    /** The SHA-256 digest of the canonical text, in hexadecimal. */
    String digest(@Nullable Object json) {
        return HexFormat.of().formatHex(sha256().digest(codec.bytes(sorted(json))));
    }

    /** The canonical text. */
    String text(@Nullable Object json) {
        return codec.text(sorted(json));
    }

    private @Nullable Object sorted(@Nullable Object json) {
        if (json instanceof Map<?, ?> object) {
            Map<String, @Nullable Object> members = new TreeMap<>();
            object.forEach((name, value) -> members.put(String.valueOf(name), sorted(value)));
            return members;
        }
        if (json instanceof List<?> array) {
            List<@Nullable Object> elements = new ArrayList<>(array.size());
            array.forEach(element -> elements.add(sorted(element)));
            return elements;
        }
        return json instanceof Number number ? canonical(number) : json;
    }

    /** One form for equal numbers: a {@code Long} if it fits, else a decimal without zeros at its end. */
    private Number canonical(Number number) {
        if (number instanceof Long || number instanceof Integer) {
            return number.longValue();
        }
        BigDecimal exact = exact(number).stripTrailingZeros();
        if (exact.scale() <= 0 && exact.precision() - exact.scale() <= LONG_DIGITS) {
            return exact.longValueExact();
        }
        return exact;
    }

    private BigDecimal exact(Number number) {
        if (number instanceof BigDecimal decimal) {
            return decimal;
        }
        // The codec's text of a Double is the number that JSON users see, as in JsonValues.same.
        return number instanceof BigInteger whole ? new BigDecimal(whole) : new BigDecimal(codec.text(number));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java runtime has SHA-256", impossible);
        }
    }
}

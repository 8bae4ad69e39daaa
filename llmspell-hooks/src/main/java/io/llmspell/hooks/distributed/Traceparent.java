package io.llmspell.hooks.distributed;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** W3C trace context: {@code 00-TRACE-SPAN-FLAGS}. */
final class Traceparent {
    private static final Pattern FORM = Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
    private static final int SPAN_AT = 36;
    private static final int SPAN_BYTES = 8;

    private Traceparent() {}

    static boolean valid(String text) {
        return FORM.matcher(text).matches();
    }

    /** The same trace with a span of its own, or null if there is no trace. */
    static @Nullable String next(@Nullable String present, SecureRandom random) {
        if (present == null || !valid(present)) {
            return null;
        }
        byte[] span = new byte[SPAN_BYTES];
        random.nextBytes(span);
        span[0] |= 1; // not all zero
        return present.substring(0, SPAN_AT) + HexFormat.of().formatHex(span) + present.substring(SPAN_AT + 16);
    }
}

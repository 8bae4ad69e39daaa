package io.llmspell.hooks.builtin;

import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.redact.Redactor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Small redacted copies of JSON values for logs, traces and audit records.
 *
 * <p>The work is bounded by the size of the copy and not by that of the value: members and elements beyond it are not
 * looked at, and of a very long text only the beginning is. Everything is masked before it is cut, and what is cut off a
 * long text is more than a secret is long, so no half of a secret remains. <b>Threads:</b> immutable.
 *
 * @param redactor masks secrets
 * @param json prints values
 */
record Excerpts(Redactor redactor, JsonCodec json) {
    private static final String MORE = "…";
    private static final int MORE_BYTES = 3;

    /** How much of a text is masked and then thrown away, because a secret may go on behind what is looked at. */
    private static final int MARGIN = 16_384;

    /** The value as compact JSON text of at most so many bytes in UTF-8; ends with {@code …} if something is missing. */
    String text(@Nullable Object value, int maxBytes) {
        return cut(json.text(copy(value, maxBytes)), maxBytes);
    }

    /** A masked text of at most so many bytes. */
    String line(String text, int maxBytes) {
        return cut(masked(text, maxBytes), maxBytes);
    }

    /** The masked value without what goes beyond about so many characters. */
    @Nullable Object copy(@Nullable Object value, int budget) {
        return new Copy(budget).of(value);
    }

    private String masked(String text, int wanted) {
        int window = wanted + MARGIN;
        if (text.length() <= window) {
            return redactor.text(text);
        }
        String masked = redactor.text(text.substring(0, whole(text, window)));
        return masked.substring(0, whole(masked, Math.max(0, masked.length() - MARGIN))) + MORE;
    }

    /** The end itself, or one less if it would part a surrogate pair. */
    private static int whole(String text, int end) {
        return end > 0 && end < text.length() && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
    }

    static String cut(String text, int maxBytes) {
        if (text.length() <= maxBytes / 3 || text.getBytes(StandardCharsets.UTF_8).length <= maxBytes) {
            return text;
        }
        int room = maxBytes - MORE_BYTES;
        int end = 0;
        for (int bytes = 0; end < text.length(); ) {
            int point = text.codePointAt(end);
            bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            if (bytes > room) {
                break;
            }
            end += Character.charCount(point);
        }
        return room < 0 ? "" : text.substring(0, end) + MORE;
    }

    /** One copy under way; {@code left} counts the characters that are still wanted. */
    private final class Copy {
        private int left;

        Copy(int left) {
            this.left = left;
        }

        @Nullable Object of(@Nullable Object value) {
            if (value instanceof String text) {
                int wanted = Math.max(0, left);
                left -= Math.min(text.length(), wanted) + 2;
                return masked(text, wanted);
            }
            if (value instanceof Map<?, ?> map) {
                return map(map);
            }
            if (value instanceof List<?> list) {
                return list(list);
            }
            left -= value instanceof Number ? value.toString().length() : 5;
            return value;
        }

        private Map<String, @Nullable Object> map(Map<?, ?> map) {
            Map<String, @Nullable Object> some = new LinkedHashMap<>();
            for (Map.Entry<?, ?> member : map.entrySet()) {
                String name = String.valueOf(member.getKey());
                int wanted = Math.max(0, left);
                left -= Math.min(name.length(), wanted) + 4;
                if (left < 0) {
                    some.put(MORE, map.size() - some.size());
                    break;
                }
                Object inside = member.getValue();
                some.put(masked(name, wanted), redactor.secretName(name) ? redactor.member(name, inside) : of(inside));
            }
            return some;
        }

        private List<@Nullable Object> list(List<?> list) {
            List<@Nullable Object> some = new ArrayList<>();
            for (Object element : list) {
                left--;
                if (left < 0) {
                    some.add(MORE);
                    break;
                }
                some.add(of(element));
            }
            return some;
        }
    }
}

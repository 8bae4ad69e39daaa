package io.llmspell.core.state;

import io.llmspell.core.error.ErrorCode;
import java.text.Normalizer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules for keys and ids: checked, normalised to NFC, checked again. */
final class KeyRules {
    private static final int LONGEST = 256;

    private KeyRules() {}

    static String normal(String raw, String what) {
        checkCharacters(raw, what);
        String normal = Normalizer.isNormalized(raw, Normalizer.Form.NFC)
                ? raw
                : Normalizer.normalize(raw, Normalizer.Form.NFC);
        checkCharacters(normal, what);
        checkForm(normal, what);
        return normal;
    }

    private static void checkForm(String text, String what) {
        if (text.isEmpty()) {
            throw invalid(what, text, "is empty; 1 to " + LONGEST + " characters are allowed", 0);
        }
        int length = text.codePointCount(0, text.length());
        if (length > LONGEST) {
            throw invalid(what, text, "is " + length + " characters long, at most " + LONGEST + " allowed", LONGEST);
        }
        for (String start : new String[] {"__", "$$"}) {
            if (text.startsWith(start)) {
                throw invalid(what, text, "begins with \"" + start + "\", which is reserved", 0);
            }
        }
        for (String part : new String[] {"..", "\\", "//"}) {
            int at = text.indexOf(part);
            if (at >= 0) {
                throw invalid(what, text, "has \"" + part + "\" at position " + at, at);
            }
        }
    }

    private static void checkCharacters(String text, String what) {
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            String problem = problem(c);
            if (problem != null) {
                throw invalid(what, text, "has " + problem + " at position " + i, i);
            }
            i += Character.charCount(c);
        }
    }

    private static @Nullable String problem(int c) {
        if (Character.isISOControl(c)) {
            return String.format(java.util.Locale.ROOT, "the control character U+%04X", c);
        }
        if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
            return "an unpaired surrogate";
        }
        boolean bidirectional = c == 0x061C
                || c == 0x200E
                || c == 0x200F
                || (c >= 0x202A && c <= 0x202E)
                || (c >= 0x2066 && c <= 0x2069);
        return bidirectional ? String.format(java.util.Locale.ROOT, "the bidirectional control U+%04X", c) : null;
    }

    private static StateException invalid(String what, String text, String problem, int position) {
        Map<String, @Nullable Object> details = new LinkedHashMap<>();
        details.put("position", position);
        return new StateException(ErrorCode.INVALID_KEY, what + " (" + shown(text) + ") " + problem, details, null);
    }

    private static String shown(String text) {
        StringBuilder safe = new StringBuilder("\"");
        text.codePoints().limit(40).forEach(c -> safe.appendCodePoint(problem(c) == null ? c : 0xFFFD));
        return safe.append(text.length() > 40 ? "…\"" : "\"").toString();
    }
}

package io.llmspell.core.redact;

import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The redactor of the house. */
final class DefaultRedactor implements Redactor {
    private static final String PEM_BEGIN = "-----BEGIN ";
    private static final String PEM_END = "-----END ";

    private static final List<SecretPattern> PATTERNS = List.of(
            SecretPattern.literal("sk-ant-", SecretPattern.WORD, 95),
            SecretPattern.literal("sk-", SecretPattern.WORD, 48),
            SecretPattern.literal("AKIA", SecretPattern.UPPER, 16),
            SecretPattern.literal("ghp_", SecretPattern.WORD, 36),
            SecretPattern.literal("gho_", SecretPattern.WORD, 36),
            SecretPattern.literal("eyJ", c -> SecretPattern.WORD.test(c) || c == '.', 40),
            SecretPattern.assigned("key", 20),
            SecretPattern.assigned("token", 20),
            SecretPattern.assigned("bearer", 20),
            SecretPattern.assigned("password", 8),
            SecretPattern.assigned("secret", 8));

    @Override
    public @Nullable Object value(@Nullable Object json) {
        Object masked = masked(json);
        return masked == json ? json : JsonValues.checked(masked, JsonLimits.TOOL);
    }

    private @Nullable Object masked(@Nullable Object json) {
        if (json instanceof String text) {
            return text(text);
        }
        if (json instanceof Map<?, ?> map) {
            return maskedMap(map);
        }
        return json instanceof List<?> list ? maskedList(list) : json;
    }

    private Object maskedMap(Map<?, ?> map) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        boolean changed = false;
        for (Map.Entry<?, ?> member : map.entrySet()) {
            String name = (String) member.getKey();
            Object before = member.getValue();
            Object after = secretName(name) ? hidden(before) : masked(before);
            changed |= after != before;
            copy.put(name, after);
        }
        return changed ? copy : map;
    }

    private Object maskedList(List<?> list) {
        List<@Nullable Object> copy = new ArrayList<>(list.size());
        boolean changed = false;
        for (Object before : list) {
            Object after = masked(before);
            changed |= after != before;
            copy.add(after);
        }
        return changed ? copy : list;
    }

    /** Everything below a secret name goes, but what cannot be a secret. */
    private static @Nullable Object hidden(@Nullable Object value) {
        return value == null || value instanceof Boolean ? value : MASK;
    }

    @Override
    public String text(String text) {
        StringBuilder out = new StringBuilder();
        int copied = 0;
        for (int at = 0; at < text.length(); ) {
            Span secret = secretAt(text, at);
            if (secret == null) {
                at++;
                continue;
            }
            out.append(text, copied, secret.from()).append(MASK);
            copied = secret.to();
            at = Math.max(at + 1, copied);
        }
        return copied == 0 ? text : out.append(text, copied, text.length()).toString();
    }

    private static @Nullable Span secretAt(String text, int at) {
        if (text.startsWith(PEM_BEGIN, at)) {
            return pem(text, at);
        }
        if (at > 0 && Character.isLetterOrDigit(text.charAt(at - 1)) && Character.isLetter(text.charAt(at))) {
            return wordPart(text, at);
        }
        return match(text, at, false);
    }

    /** Inside a word only assignments count: {@code api_key=…} and {@code apikey=…}, but not {@code desk-…}. */
    private static @Nullable Span wordPart(String text, int at) {
        return match(text, at, true);
    }

    private static @Nullable Span match(String text, int at, boolean assignmentsOnly) {
        for (SecretPattern pattern : PATTERNS) {
            if (assignmentsOnly && !pattern.assignment()) {
                continue;
            }
            int start = pattern.start(text, at);
            int end = start < 0 ? -1 : pattern.end(text, at, start);
            if (end > 0) {
                return new Span(start, end);
            }
        }
        return null;
    }

    private static @Nullable Span pem(String text, int at) {
        int lineEnd = text.indexOf("-----", at + PEM_BEGIN.length());
        if (lineEnd < 0 || !text.substring(at, Math.min(lineEnd, at + 80)).endsWith("PRIVATE KEY")) {
            return null;
        }
        int end = text.indexOf(PEM_END, lineEnd);
        int close = end < 0 ? -1 : text.indexOf("-----", end + PEM_END.length());
        return new Span(at, close < 0 ? text.length() : close + 5);
    }

    @Override
    public boolean secretName(String name) {
        return SecretNames.matches(name);
    }

    private record Span(int from, int to) {}
}

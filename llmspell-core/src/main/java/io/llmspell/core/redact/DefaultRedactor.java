package io.llmspell.core.redact;

import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValues;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The redactor of the house. */
final class DefaultRedactor implements Redactor {
    private static final int ASCII = 128;
    static final List<SecretPattern> PATTERNS = List.of(
            SecretPattern.literal("sk-ant-", SecretPattern::word, 95),
            SecretPattern.literal("sk-", SecretPattern::word, 48),
            SecretPattern.literal("AKIA", SecretPattern::upper, 16),
            SecretPattern.literal("ghp_", SecretPattern::word, 36),
            SecretPattern.literal("gho_", SecretPattern::word, 36),
            SecretPattern.literal("eyJ", c -> SecretPattern.word(c) || c == '.', 40),
            SecretPattern.assigned("key", 20),
            SecretPattern.assigned("token", 20),
            SecretPattern.announced("bearer", 20),
            SecretPattern.phrase("password", 8),
            SecretPattern.phrase("secret", 8));

    /** Masks may be longer than what they hide, and redaction must not fail for that. */
    private static final JsonLimits GROWN = new JsonLimits(
            JsonLimits.TOOL.depth(), JsonLimits.TOOL.nodes(), JsonLimits.TOOL.bytes() * (Mask.LONGEST + 2));

    private static final int MOST_COPIED = 1 << 16;

    private final KnownNames names;
    private final List<SecretPattern> patterns;
    private final Mask mask;

    /** The patterns by the first character of their prefix, in their order; most characters begin none. */
    private final List<List<SecretPattern>> byFirst;

    /** With which two characters of ASCII a secret can begin: most of a text is passed over with one look here. */
    private final boolean[] begins = new boolean[ASCII * ASCII];

    DefaultRedactor(SecretNames names, List<SecretPattern> patterns, Mask mask) {
        this.names = new KnownNames(names);
        this.patterns = List.copyOf(patterns);
        this.mask = mask;
        this.byFirst = byFirst(this.patterns);
        begins['-' * ASCII + '-'] = true; // a key block begins with dashes
        this.patterns.forEach(this::addBegins);
    }

    private void addBegins(SecretPattern pattern) {
        for (int c = 0; c < ASCII; c++) {
            for (int d = 0; d < ASCII && pattern.mayBeginWith(c); d++) {
                begins[c * ASCII + d] |= pattern.mayGoOnWith(d);
            }
        }
    }

    /** Every secret has more than one character. */
    private boolean mayBegin(String text, int at) {
        char c = text.charAt(at);
        if (c >= ASCII || at + 1 == text.length()) {
            return c >= ASCII;
        }
        char d = text.charAt(at + 1);
        return d >= ASCII ? !byFirst.get(c).isEmpty() : begins[c * ASCII + d];
    }

    /** The next place where one may begin, or the end: a loop over bytes is three times as fast as one over a text. */
    private int mayBegin(byte[] ascii, int from) {
        int last = ascii.length - 1;
        int at = from;
        while (at < last && !begins[ascii[at] * ASCII + ascii[at + 1]]) {
            at++;
        }
        return at < last ? at : ascii.length;
    }

    /**
     * The characters of a text, each in its place, or null if it has others than ASCII or is too long for a copy. Half of
     * a surrogate pair shows as a question mark, and neither begins a secret.
     */
    private static byte @Nullable [] ascii(String text) {
        byte[] bytes = text.length() > MOST_COPIED ? null : text.getBytes(StandardCharsets.UTF_8);
        return bytes == null || bytes.length != text.length() ? null : bytes;
    }

    /** Plain loops: this runs at each start, before anything is compiled. */
    private static List<List<SecretPattern>> byFirst(List<SecretPattern> patterns) {
        List<List<SecretPattern>> table = new ArrayList<>(Collections.nCopies(ASCII, List.of()));
        for (SecretPattern pattern : patterns) {
            for (int c = 0; c < ASCII; c++) {
                if (pattern.mayBeginWith(c)) {
                    List<SecretPattern> longer = new ArrayList<>(table.get(c));
                    longer.add(pattern);
                    table.set(c, longer);
                }
            }
        }
        return table;
    }

    private List<SecretPattern> beginningWith(char c) {
        return c < ASCII ? byFirst.get(c) : patterns;
    }

    @Override
    public @Nullable Object value(@Nullable Object json) {
        Object masked = masked(json);
        return masked == json ? json : JsonValues.checked(masked, GROWN);
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
        Map<@Nullable Object, @Nullable Object> copy = new LinkedHashMap<>();
        boolean changed = false;
        for (Map.Entry<?, ?> member : map.entrySet()) {
            Object before = member.getValue();
            boolean secret = member.getKey() instanceof String name && secretName(name);
            Object after = secret ? hidden(before) : masked(before);
            changed |= after != before;
            copy.put(member.getKey(), after);
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
    private @Nullable Object hidden(@Nullable Object value) {
        if (value == null || value instanceof Boolean || (value instanceof String text && mask.is(text))) {
            return value;
        }
        return mask.of(value);
    }

    @Override
    public @Nullable Object member(String name, @Nullable Object value) {
        return secretName(name) ? hidden(value) : value(value);
    }

    @Override
    public String text(String text) {
        byte[] ascii = ascii(text);
        StringBuilder out = null;
        int copied = 0;
        for (int at = 0; at < text.length(); ) {
            at = ascii == null ? at : mayBegin(ascii, at);
            boolean look = ascii == null ? mayBegin(text, at) : at < ascii.length;
            Span secret = look ? secretAt(text, at, copied) : null;
            if (secret == null) {
                at++;
                continue;
            }
            out = out == null ? new StringBuilder() : out;
            out.append(text, copied, secret.from()).append(mask.of(text.substring(secret.from(), secret.to())));
            copied = secret.to();
            at = copied;
        }
        return out == null ? text : out.append(text, copied, text.length()).toString();
    }

    private @Nullable Span secretAt(String text, int at, int copied) {
        int block = KeyBlock.end(text, at);
        if (block >= 0) {
            return new Span(at, block);
        }
        for (SecretPattern pattern : beginningWith(text.charAt(at))) {
            int start = pattern.start(text, at);
            if (start < 0 || (!pattern.assignment() && at > copied && continuesWord(text, at))) {
                continue; // apikey=… counts, desk-… does not
            }
            int end = pattern.end(text, at, start);
            if (end > 0 && pattern.stillLongEnough(end - start - Mask.lengthIn(text, start, end))) {
                return new Span(start, end);
            }
        }
        return null;
    }

    /** The letter of an escape such as {@code \n}, which printed JSON is full of, is no part of a word. */
    private static boolean continuesWord(String text, int at) {
        boolean escape = at > 1 && text.charAt(at - 2) == '\\';
        return Character.isLetter(text.charAt(at)) && Character.isLetterOrDigit(text.charAt(at - 1)) && !escape;
    }

    @Override
    public boolean secretName(String name) {
        return names.secret(name);
    }

    @Override
    public Redactor withNames(Collection<String> more) {
        return more.isEmpty() ? this : new DefaultRedactor(names.names().with(more), patterns, mask);
    }

    private record Span(int from, int to) {}
}

package io.llmspell.state;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.state.ScopeKind;
import io.llmspell.core.state.StateException;
import io.llmspell.core.storage.Bytes;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Encodes hostile scopes and keys; says what came back changed, and which two became one. */
final class KeyCodecCheck {
    private static final List<String> HOSTILE = List.of(
            "a",
            "b",
            ":",
            "/",
            ".",
            "agent",
            "global",
            "step",
            "user:",
            "custom:",
            " ",
            "é",
            "e\u0301",
            "\uFB2C",
            "\u037E",
            "😀",
            "\uFFFD",
            "?",
            "\uE000",
            "\uD7FF",
            "\uDBFF\uDFFD",
            "\uD800",
            "\uDFFF",
            "\uD83D",
            "\u0000",
            "\u0001",
            "\u0002",
            "\u0000\u0001",
            "\u202E",
            "__",
            "$$",
            "\\",
            "\uFF0E",
            "İ",
            "ß",
            "\u1E9B\u0323",
            "%2F");
    private static final Set<ErrorCode> VERDICTS = Set.of(ErrorCode.INVALID_KEY, ErrorCode.INVALID_SCOPE);

    private final Codec codec;
    private final Random random;
    private final Map<Bytes, Name> seen = new HashMap<>();
    private int accepted;

    /** What is checked. */
    interface Codec {
        /** The bytes of a key, or a {@link StateException}. */
        Bytes encode(Name name);

        /** The name back. */
        Name decode(Bytes encoded);
    }

    /** A scope and a key as texts that nobody has checked. */
    record Name(ScopeKind kind, List<String> ids, String key) {
        Name normal() {
            return new Name(kind, ids.stream().map(KeyCodecCheck::nfc).toList(), nfc(key));
        }
    }

    KeyCodecCheck(Codec codec, long seed) {
        this.codec = codec;
        this.random = new Random(seed);
    }

    private static String nfc(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    int accepted() {
        return accepted;
    }

    /** Gives what is wrong, empty if nothing is. */
    List<String> run(int tries) {
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < tries; i++) {
            Name name = name();
            Bytes encoded;
            try {
                encoded = codec.encode(name);
            } catch (StateException refused) {
                if (!VERDICTS.contains(refused.code())) {
                    wrong.add("refused as " + refused.code() + ": " + name);
                }
                continue;
            }
            accepted++;
            Name other = seen.putIfAbsent(encoded, name.normal());
            if (other != null && !other.equals(name.normal())) {
                wrong.add("one place for " + other + " and " + name);
            } else if (!codec.decode(encoded).equals(name.normal())) {
                wrong.add("came back changed: " + name + " as " + codec.decode(encoded));
            }
        }
        return wrong;
    }

    private Name name() {
        ScopeKind kind = ScopeKind.values()[random.nextInt(ScopeKind.values().length)];
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < kind.ids(); i++) {
            ids.add(text());
        }
        return new Name(kind, ids, text());
    }

    /** Mostly short, so that many are near to each other; sometimes as long as a key may be, or longer. */
    private String text() {
        StringBuilder text = new StringBuilder();
        int parts = random.nextInt(40) == 0 ? 250 + random.nextInt(10) : 1 + random.nextInt(4);
        int letters = new int[] {3, 3, 16, HOSTILE.size()}[random.nextInt(4)];
        for (int i = 0; i < parts; i++) {
            text.append(HOSTILE.get(random.nextInt(letters)));
        }
        return text.toString();
    }
}

package io.llmspell.hooks.builtin;

import io.llmspell.core.redact.Redactor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds where in a JSON value secrets stand, without telling them.
 *
 * <p>Looks at the first 256 KiB of text only: what it finds is a notice, and all copies are masked whatever it finds.
 * For one search on one thread.
 */
final class SecretPlaces {
    private static final int MOST_PLACES = 8;
    private static final int MOST_TEXT = 262_144;

    private final Redactor redactor;
    private final List<String> places = new ArrayList<>();
    private int left = MOST_TEXT;

    SecretPlaces(Redactor redactor) {
        this.redactor = redactor;
    }

    /** The first places, such as {@code $.headers.authorization}; empty if nothing was found. */
    List<String> in(@Nullable Object json) {
        visit("$", json);
        return List.copyOf(places);
    }

    private boolean enough() {
        return places.size() >= MOST_PLACES || left <= 0;
    }

    private void visit(String path, @Nullable Object value) {
        if (enough()) {
            return;
        }
        left--;
        if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> member : map.entrySet()) {
                String name = String.valueOf(member.getKey());
                member(path + "." + named(name), name, member.getValue());
            }
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size() && !enough(); i++) {
                visit(path + "[" + i + "]", list.get(i));
            }
        } else if (value instanceof String text) {
            String seen = text.length() <= left ? text : text.substring(0, left);
            left -= seen.length();
            if (!redactor.text(seen).equals(seen)) {
                places.add(path);
            }
        }
    }

    private void member(String path, String name, @Nullable Object value) {
        if (enough()) {
            return;
        }
        left -= name.length();
        if (!redactor.secretName(name)) {
            visit(path, value);
        } else if (redactor.member(name, value) != value) {
            places.add(path);
        }
    }

    /** A name as it may be shown: it can be a secret itself, or very long. */
    private String named(String name) {
        String masked = redactor.text(name.length() <= 64 ? name : name.substring(0, 64) + "…");
        return masked;
    }
}

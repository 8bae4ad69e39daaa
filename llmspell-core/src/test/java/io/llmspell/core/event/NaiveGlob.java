package io.llmspell.core.event;

import java.util.List;

/** The pattern language as its description reads, by plain recursion over text; slow and obvious. */
final class NaiveGlob {
    private NaiveGlob() {}

    static boolean matches(String pattern, String type) {
        return segments(List.of(pattern.split("\\.")), List.of(type.split("\\.")));
    }

    private static boolean segments(List<String> patterns, List<String> types) {
        if (patterns.isEmpty()) {
            return types.isEmpty();
        }
        String first = patterns.get(0);
        List<String> rest = patterns.subList(1, patterns.size());
        if (first.equals("**")) {
            return segments(rest, types) || (!types.isEmpty() && segments(patterns, types.subList(1, types.size())));
        }
        if (types.isEmpty()) {
            return false;
        }
        if (first.equals("*") && rest.isEmpty()) {
            return true;
        }
        return segment(first, types.get(0)) && segments(rest, types.subList(1, types.size()));
    }

    private static boolean segment(String glob, String text) {
        if (glob.isEmpty()) {
            return text.isEmpty();
        }
        String rest = glob.substring(1);
        return switch (glob.charAt(0)) {
            case '*' -> segment(rest, text) || (!text.isEmpty() && segment(glob, text.substring(1)));
            case '{' -> anyOf(glob, text);
            case '[' -> {
                int close = glob.indexOf(']');
                yield !text.isEmpty()
                        && inSet(glob.substring(1, close), text.charAt(0))
                        && segment(glob.substring(close + 1), text.substring(1));
            }
            case '?' -> !text.isEmpty() && segment(rest, text.substring(1));
            case '\\' -> text.startsWith(rest.substring(0, 1)) && segment(rest.substring(1), text.substring(1));
            default -> text.startsWith(glob.substring(0, 1)) && segment(rest, text.substring(1));
        };
    }

    private static boolean anyOf(String glob, String text) {
        int close = glob.indexOf('}');
        for (String choice : glob.substring(1, close).split(",", -1)) {
            if (segment(choice + glob.substring(close + 1), text)) {
                return true;
            }
        }
        return false;
    }

    private static boolean inSet(String set, char c) {
        if (set.startsWith("!")) {
            return !inSet(set.substring(1), c);
        }
        boolean range = set.length() == 3 && set.charAt(1) == '-';
        return range ? c >= set.charAt(0) && c <= set.charAt(2) : set.indexOf(c) >= 0;
    }
}

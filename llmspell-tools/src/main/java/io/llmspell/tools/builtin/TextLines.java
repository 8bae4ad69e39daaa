package io.llmspell.tools.builtin;

import java.util.List;

/** Operations on the lines of a text; a line feed at the end of the text stays. */
final class TextLines {
    private TextLines() {}

    static List<String> of(String text) {
        return text.lines().toList();
    }

    static String indent(String text, int spaces) {
        String margin = " ".repeat(spaces);
        BoundedText indented = new BoundedText();
        String separator = "";
        for (String line : text.split("\n", -1)) {
            indented.append(separator).append(line.isBlank() ? "" : margin).append(line);
            separator = "\n";
        }
        return indented.text();
    }

    /** Takes away the white space that all lines have in front; blank lines do not count. */
    static String dedent(String text) {
        String[] lines = text.split("\n", -1);
        int margin = Integer.MAX_VALUE;
        for (String line : lines) {
            if (!line.isBlank()) {
                margin = Math.min(margin, line.length() - line.stripLeading().length());
            }
        }
        for (int i = 0; i < lines.length; i++) {
            lines[i] = lines[i].isBlank() ? "" : lines[i].substring(margin);
        }
        return String.join("\n", lines);
    }

    /** Breaks lines at white space; a word that is longer than a line gets one of its own. */
    static String wrap(String text, int width) {
        BoundedText wrapped = new BoundedText();
        String separator = "";
        for (String line : text.split("\n", -1)) {
            wrapped.append(separator);
            wrapLine(line, width, wrapped);
            separator = "\n";
        }
        return wrapped.text();
    }

    private static void wrapLine(String line, int width, BoundedText wrapped) {
        int column = 0;
        for (String word : line.strip().split("\\s+", -1)) {
            int length = word.codePointCount(0, word.length());
            boolean fits = column == 0 || column + 1 + length <= width;
            wrapped.append(column == 0 ? "" : fits ? " " : "\n").append(word);
            column = column > 0 && fits ? column + 1 + length : length;
        }
    }
}

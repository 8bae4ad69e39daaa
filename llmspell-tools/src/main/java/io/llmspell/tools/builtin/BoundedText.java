package io.llmspell.tools.builtin;

import io.llmspell.core.error.LimitException;

/** A text that grows up to a limit, because an operation may multiply its input. */
final class BoundedText {
    private static final int LONGEST = 5_000_000;

    private final StringBuilder text = new StringBuilder();

    BoundedText append(String part) {
        if ((long) text.length() + part.length() > LONGEST) {
            throw LimitException.exceeded(
                    "result length", LONGEST + " characters", "the result of text_manipulator would be too long");
        }
        text.append(part);
        return this;
    }

    String text() {
        return text.toString();
    }
}

package io.llmspell.core.internal.json;

import com.fasterxml.jackson.core.io.NumberOutput;

/** The shortest text of a double, the same on every JDK: that of the JDK itself is sometimes longer before 19. */
public final class DoubleText {
    private DoubleText() {}

    /**
     * Prints a double.
     *
     * @param value a finite number
     * @return the shortest decimal that reads back as {@code value}
     */
    public static String of(double value) {
        return NumberOutput.toString(value, true);
    }
}

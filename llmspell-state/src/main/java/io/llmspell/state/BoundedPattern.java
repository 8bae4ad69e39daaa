package io.llmspell.state;

import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressions;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.json.JsonValueException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A pattern of a schema that gives up instead of searching for hours: the matcher may look at so many characters. */
final class BoundedPattern implements RegularExpression {
    private static final int MOST_LOOKS = 20_000_000;

    private final Pattern pattern;

    BoundedPattern(String regex) {
        try {
            pattern = Pattern.compile(RegularExpressions.replaceLongformCharacterProperties(
                    RegularExpressions.replaceDollarAnchors(regex)));
        } catch (PatternSyntaxException e) {
            throw JsonValueException.invalidSchema(
                    "pattern",
                    "\"" + regex + "\" is no regular expression: " + e.getDescription() + " at position "
                            + e.getIndex(),
                    e);
        }
    }

    @Override
    public boolean matches(String value) {
        try {
            return pattern.matcher(new Counted(value)).find();
        } catch (StackOverflowError e) {
            throw tooCostly();
        }
    }

    private LlmSpellException tooCostly() {
        return LimitException.exceeded(
                "pattern_steps",
                String.valueOf(MOST_LOOKS),
                "the pattern \"" + pattern + "\" is too costly for a text");
    }

    /** A text that counts how often it is looked at. */
    private final class Counted implements CharSequence {
        private final String text;
        private int looks;

        Counted(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++looks > MOST_LOOKS) {
                throw tooCostly();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}

package io.llmspell.core.event;

import java.util.List;

/**
 * A glob within one segment, without alternatives.
 *
 * @param tokens what must follow in turn
 */
record PatternGlob(List<Token> tokens) {
    PatternGlob {
        tokens = List.copyOf(tokens);
    }

    /** Two pointers: on a mismatch only the newest star takes one character more, so there is no exponential case. */
    boolean matches(String text, int from, int to) {
        int token = 0;
        int at = from;
        int starToken = -1;
        int starAt = from;
        while (at < to) {
            int character = text.codePointAt(at);
            if (token < tokens.size() && tokens.get(token) instanceof Run) {
                starToken = token++;
                starAt = at;
            } else if (token < tokens.size() && tokens.get(token).takes(character)) {
                token++;
                at += Character.charCount(character);
            } else if (starToken >= 0) {
                starAt += Character.charCount(text.codePointAt(starAt));
                at = starAt;
                token = starToken + 1;
            } else {
                return false;
            }
        }
        while (token < tokens.size() && tokens.get(token) instanceof Run) {
            token++;
        }
        return token == tokens.size();
    }

    /** A part of a glob. */
    sealed interface Token {
        /** Whether the part takes a character; a run is asked only by its class. */
        boolean takes(int character);
    }

    /** {@code *}: any run of characters. */
    record Run() implements Token {
        @Override
        public boolean takes(int character) {
            return true;
        }
    }

    /** {@code ?}: exactly one character. */
    record One() implements Token {
        @Override
        public boolean takes(int character) {
            return true;
        }
    }

    /**
     * A character as it is.
     *
     * @param wanted the character
     */
    record Literal(int wanted) implements Token {
        @Override
        public boolean takes(int character) {
            return character == wanted;
        }
    }

    /**
     * {@code [...]}: one of a set, or one that is not in it.
     *
     * @param spans the ranges of the set
     * @param negated whether it is the others that match
     */
    record OneOf(List<Span> spans, boolean negated) implements Token {
        OneOf {
            spans = List.copyOf(spans);
        }

        @Override
        public boolean takes(int character) {
            for (int i = 0; i < spans.size(); i++) {
                if (character >= spans.get(i).first()
                        && character <= spans.get(i).last()) {
                    return !negated;
                }
            }
            return negated;
        }
    }

    /**
     * A range of characters.
     *
     * @param first the first
     * @param last the last, included
     */
    record Span(int first, int last) {}
}

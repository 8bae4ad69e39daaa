package io.llmspell.core.event;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.event.PatternGlob.Literal;
import io.llmspell.core.event.PatternGlob.One;
import io.llmspell.core.event.PatternGlob.OneOf;
import io.llmspell.core.event.PatternGlob.Run;
import io.llmspell.core.event.PatternGlob.Span;
import io.llmspell.core.event.PatternGlob.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the text of one pattern; used once. */
final class PatternParser {
    private static final int LONGEST = 1024;
    private static final int MOST_ALTERNATIVES = 64;

    private final String text;
    private int at;

    PatternParser(String text) {
        this.text = text;
    }

    List<PatternSegment> parse() {
        if (text.isEmpty() || text.length() > LONGEST) {
            throw error(0, "it is " + text.length() + " characters long; 1 to " + LONGEST + " are allowed");
        }
        List<PatternSegment> segments = new ArrayList<>();
        do {
            segments.add(segment());
        } while (skip('.'));
        PatternSegment last = segments.get(segments.size() - 1);
        if (last.alternatives().equals(List.of(new PatternGlob(List.of(new Run()))))) {
            segments.add(PatternSegment.ANY_NUMBER);
        }
        return segments;
    }

    private PatternSegment segment() {
        int start = at;
        if (text.startsWith("**", at) && endsSegment(at + 2)) {
            at += 2;
            return PatternSegment.ANY_NUMBER;
        }
        List<List<Token>> choices = List.of(List.of());
        while (!endsSegment(at)) {
            int position = at;
            choices = product(choices, skip('{') ? braces(position) : List.of(List.of(token())), position);
        }
        if (at == start) {
            throw error(start, "a segment is empty; write a word, * or ** between two dots");
        }
        return new PatternSegment(choices.stream().map(PatternGlob::new).toList());
    }

    private List<List<Token>> product(List<List<Token>> heads, List<List<Token>> tails, int position) {
        if (heads.size() * tails.size() > MOST_ALTERNATIVES) {
            throw error(
                    position,
                    "the alternatives of the segment make more than " + MOST_ALTERNATIVES
                            + " combinations; subscribe with several patterns");
        }
        List<List<Token>> joined = new ArrayList<>(heads.size() * tails.size());
        for (List<Token> head : heads) {
            for (List<Token> tail : tails) {
                List<Token> both = new ArrayList<>(head);
                both.addAll(tail);
                joined.add(both);
            }
        }
        return joined;
    }

    private List<List<Token>> braces(int open) {
        List<List<Token>> choices = new ArrayList<>();
        List<Token> choice = new ArrayList<>();
        while (!skip('}')) {
            if (at >= text.length() || text.charAt(at) == '.') {
                throw error(open, "{ is not closed within its segment; write {a,b}");
            }
            if (text.charAt(at) == '{') {
                throw error(at, "braces stand within braces; write all alternatives in one pair");
            }
            if (skip(',')) {
                choices.add(choice);
                choice = new ArrayList<>();
            } else {
                choice.add(token());
            }
        }
        choices.add(choice);
        if (choices.size() == 1 && choice.isEmpty()) {
            throw error(open, "the braces are empty; write {a,b}");
        }
        return choices;
    }

    private Token token() {
        int position = at;
        int character = next();
        return switch (character) {
            case '*' -> run(position);
            case '?' -> new One();
            case '[' -> set(position);
            case '\\' -> new Literal(escaped(position));
            case ']' -> throw error(position, "] has no [ before it; write \\] for the character");
            case '}' -> throw error(position, "} has no { before it; write \\} for the character");
            default -> new Literal(character);
        };
    }

    private Run run(int position) {
        if (at < text.length() && text.charAt(at) == '*') {
            throw error(position, "** stands beside other characters; it must be alone between two dots");
        }
        return new Run();
    }

    private OneOf set(int open) {
        boolean negated = skip('!');
        List<Span> spans = new ArrayList<>();
        while (!skip(']')) {
            if (at >= text.length() || text.charAt(at) == '.') {
                throw error(open, "[ is not closed within its segment; write [abc]");
            }
            spans.add(span());
        }
        if (spans.isEmpty()) {
            throw error(open, "the set is empty; write [abc], [a-z] or [!a]");
        }
        return new OneOf(spans, negated);
    }

    private Span span() {
        int position = at;
        int first = member();
        boolean range = at + 1 < text.length() && text.charAt(at) == '-' && "].".indexOf(text.charAt(at + 1)) < 0;
        if (!range) {
            return new Span(first, first);
        }
        at++;
        int last = member();
        if (last < first) {
            throw error(position, "the range runs backwards; write the smaller character first");
        }
        return new Span(first, last);
    }

    private int member() {
        int position = at;
        int character = next();
        return character == '\\' ? escaped(position) : character;
    }

    private int escaped(int position) {
        if (at >= text.length() || text.charAt(at) == '.') {
            throw error(position, "a backslash stands before nothing; write the character that it shall take as it is");
        }
        return next();
    }

    private int next() {
        int character = text.codePointAt(at);
        if (Character.isISOControl(character) || Character.getType(character) == Character.SURROGATE) {
            throw error(at, "a control character or half a surrogate pair stands here; no event type has one");
        }
        at += Character.charCount(character);
        return character;
    }

    private boolean skip(char wanted) {
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private boolean endsSegment(int position) {
        return position >= text.length() || text.charAt(position) == '.';
    }

    private EventException error(int position, String problem) {
        String shown = text.length() <= 80 ? text : text.substring(0, 77) + "...";
        return new EventException(
                ErrorCode.INVALID_PATTERN,
                "event pattern \"" + shown + "\" is malformed at position " + position + ": " + problem,
                Map.of("pattern", shown, "position", (long) position),
                null);
    }
}

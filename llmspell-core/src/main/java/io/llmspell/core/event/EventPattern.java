package io.llmspell.core.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A glob over event types: {@code tool.*}, {@code **.error}, {@code agent.run.{started,failed}}.
 *
 * <p>It matches the whole type, case-sensitive, by dot-separated segments. The segment {@code *} is one segment, as
 * the last one it is one or more, alone it is everything; {@code **} is any number of segments, also none. Inside a
 * segment {@code *} is any run of characters, {@code ?} exactly one, {@code [abc]}, {@code [a-z]} and {@code [!a]} one
 * of a set, {@code {a,b}} one of at most 64 alternatives; a backslash takes the next character as it is.
 *
 * <p><b>Threads:</b> immutable. <b>Cost:</b> a match takes at most time in proportion to the length of the type times
 * that of the pattern; it allocates nothing.
 */
public final class EventPattern {
    private final String text;
    private final List<PatternSegment> segments;

    private EventPattern(String text, List<PatternSegment> segments) {
        this.text = text;
        this.segments = List.copyOf(segments);
    }

    /**
     * Compiles a pattern.
     *
     * @param text the pattern, 1 to 1,024 characters
     * @return the compiled pattern
     * @throws EventException {@code invalid_pattern} with the position and what would be right
     */
    public static EventPattern compile(String text) {
        return new EventPattern(text, new PatternParser(text).parse());
    }

    /**
     * Whether an event type fits the pattern.
     *
     * @param type the type
     * @return true if all of it fits
     */
    public boolean matches(String type) {
        int item = 0;
        int at = 0;
        int starItem = -1;
        int starAt = 0;
        while (at <= type.length()) {
            PatternSegment segment = item < segments.size() ? segments.get(item) : null;
            int end = segmentEnd(type, at);
            if (segment != null && segment.anyNumber()) {
                starItem = item++;
                starAt = at;
            } else if (segment != null && segment.matches(type, at, end)) {
                item++;
                at = end + 1;
            } else if (starItem >= 0) {
                // only the newest ** need take more: what the earlier ones took is the least that they can
                starAt = segmentEnd(type, starAt) + 1;
                at = starAt;
                item = starItem + 1;
            } else {
                return false;
            }
        }
        return restIsEmpty(item);
    }

    private boolean restIsEmpty(int from) {
        for (int i = from; i < segments.size(); i++) {
            if (!segments.get(i).anyNumber()) {
                return false;
            }
        }
        return true;
    }

    private static int segmentEnd(String type, int from) {
        int dot = type.indexOf('.', from);
        return dot < 0 ? type.length() : dot;
    }

    /**
     * The text that was compiled.
     *
     * @return the pattern
     */
    public String text() {
        return text;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EventPattern pattern && text.equals(pattern.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}

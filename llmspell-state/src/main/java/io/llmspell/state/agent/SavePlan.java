package io.llmspell.state.agent;

import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What one save must write: of a conversation only what is new, unless it was changed or stands in too many pieces.
 *
 * <p>Messages are numbered as they come and numbers are never used again, so that no key is written and removed by the
 * same save.
 *
 * @param first the number of the oldest message that counts
 * @param added the new segments by the number of their first message
 * @param removed the numbers of the segments that go
 * @param segments how many messages stand together after the save
 */
record SavePlan(
        long first,
        NavigableMap<Long, List<JsonObject>> added,
        List<Long> removed,
        NavigableMap<Long, Integer> segments) {
    /** More pieces than these are put together again. */
    private static final int MOST_SEGMENTS = 64;

    static SavePlan of(Kept kept, List<JsonObject> messages) {
        int gone = gone(kept.messages(), messages);
        long first = kept.first() + gone;
        NavigableMap<Long, Integer> segments = new TreeMap<>(kept.segments());
        List<Long> removed = new ArrayList<>();
        kept.segments().forEach((number, count) -> {
            if (number + count <= first) {
                segments.remove(number);
                removed.add(number);
            }
        });
        List<JsonObject> fresh = messages.subList(kept.messages().size() - gone, messages.size());
        NavigableMap<Long, List<JsonObject>> added = pieces(kept.next(), fresh);
        added.forEach((number, piece) -> segments.put(number, piece.size()));
        return segments.size() > MOST_SEGMENTS
                        && segments.size() > 2 * pieces(0, messages).size()
                ? whole(kept, messages)
                : new SavePlan(first, added, removed, segments);
    }

    private static SavePlan whole(Kept kept, List<JsonObject> messages) {
        NavigableMap<Long, List<JsonObject>> added = pieces(kept.next(), messages);
        NavigableMap<Long, Integer> segments = new TreeMap<>();
        added.forEach((number, piece) -> segments.put(number, piece.size()));
        return new SavePlan(kept.next(), added, List.copyOf(kept.segments().keySet()), segments);
    }

    /** How many messages went at the front while the others stayed; all of them if others changed. */
    private static int gone(List<JsonObject> before, List<JsonObject> now) {
        int gone = 0;
        while (!begins(now, before.subList(gone, before.size()))) {
            gone++;
        }
        return gone;
    }

    private static boolean begins(List<JsonObject> whole, List<JsonObject> part) {
        if (part.isEmpty() || part.size() > whole.size()) {
            return part.isEmpty();
        }
        for (int i = 0; i < part.size(); i++) {
            if (!JsonValues.same(whole.get(i), part.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Messages in pieces that are small enough for a record each. */
    private static NavigableMap<Long, List<JsonObject>> pieces(long number, List<JsonObject> messages) {
        NavigableMap<Long, List<JsonObject>> pieces = new TreeMap<>();
        int from = 0;
        long bytes = 0;
        for (int i = 0; i < messages.size(); i++) {
            long size = JsonValues.bytes(messages.get(i));
            if (i > from && bytes + size > JsonLimits.VALUE.bytes()) {
                pieces.put(number + from, messages.subList(from, i));
                from = i;
                bytes = 0;
            }
            bytes += size;
        }
        if (from < messages.size()) {
            pieces.put(number + from, messages.subList(from, messages.size()));
        }
        return pieces;
    }
}

package io.llmspell.state.sharing;

import io.llmspell.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a channel counts: never changed, only replaced, in one commit with the messages that it counts.
 *
 * @param sent the number of the last message
 * @param open how many requests are not answered yet
 * @param boxes for each member the place of its first message and the place after its last
 */
record Ledger(long sent, long open, Map<String, Box> boxes) {
    /** Where the messages of a member are. */
    record Box(long first, long next) {
        static final Box EMPTY = new Box(0, 0);

        long waiting() {
            return next - first;
        }
    }

    Ledger {
        boxes = Map.copyOf(boxes);
    }

    static final Ledger NEW = new Ledger(0, 0, Map.of());

    Box box(String member) {
        return boxes.getOrDefault(member, Box.EMPTY);
    }

    /** After a message to somebody. */
    Ledger put(String member) {
        Box box = box(member);
        return with(member, new Box(box.first(), box.next() + 1));
    }

    /** After somebody has taken a message. */
    Ledger taken(String member) {
        Box box = box(member);
        return with(member, new Box(box.first() + 1, box.next()));
    }

    private Ledger with(String member, Box box) {
        Map<String, Box> all = new LinkedHashMap<>(boxes);
        all.put(member, box);
        return new Ledger(sent, open, all);
    }

    Ledger numbered() {
        return new Ledger(sent + 1, open, boxes);
    }

    Ledger open(long more) {
        return new Ledger(sent, open + more, boxes);
    }

    JsonObject json() {
        Map<String, List<Long>> places = new LinkedHashMap<>();
        boxes.forEach((member, box) -> places.put(member, List.of(box.first(), box.next())));
        return JsonObject.of("sent", sent, "open", open, "boxes", places);
    }

    static Ledger read(String channel, @Nullable Object json) {
        if (json instanceof JsonObject told
                && told.get("sent") instanceof Long sent
                && told.get("open") instanceof Long open
                && told.get("boxes") instanceof Map<?, ?> places) {
            Map<String, Box> boxes = new LinkedHashMap<>();
            for (Map.Entry<?, ?> each : places.entrySet()) {
                List<Long> place = new ArrayList<>();
                if (each.getValue() instanceof List<?> pair) {
                    pair.forEach(number -> place.add(number instanceof Long is ? is : -1L));
                }
                if (place.size() != 2) {
                    throw Channel.foreign(channel);
                }
                boxes.put((String) each.getKey(), new Box(place.get(0), place.get(1)));
            }
            return new Ledger(sent, open, boxes);
        }
        throw Channel.foreign(channel);
    }
}

package io.llmspell.events;

import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one subscription got. Each event carries its publisher, its number and a sum over both and its type, so that what
 * was made up, came twice or in the wrong order shows.
 *
 * <p>Safe for threads.
 */
final class EventRecord {
    private static final Component SOURCE = Component.named(ComponentType.SYSTEM, "history");

    private final Set<Long> seen = new HashSet<>();
    private final Map<Long, Long> last = new HashMap<>();
    private final List<String> faults = new ArrayList<>();
    private final boolean ordered;
    private final String prefix;

    /**
     * Makes an empty record.
     *
     * @param ordered whether the events of each publisher come in the order in which they were published
     * @param prefix how the types begin that the subscription wants
     */
    EventRecord(boolean ordered, String prefix) {
        this.ordered = ordered;
        this.prefix = prefix;
    }

    static EventDraft draft(String type, long publisher, long number) {
        return EventDraft.of(
                type,
                JsonObject.of("publisher", publisher, "number", number, "sum", sum(type, publisher, number)),
                SOURCE);
    }

    private static long sum(String type, long publisher, long number) {
        return type.hashCode() + (publisher + 1) * 0x9E3779B97F4A7C15L ^ Long.rotateLeft(number, 17);
    }

    synchronized void add(UniversalEvent event) {
        JsonObject payload = (JsonObject) event.payload();
        if (payload == null
                || !(payload.get("publisher") instanceof Long publisher)
                || !(payload.get("number") instanceof Long number)
                || !Long.valueOf(sum(event.type(), publisher, number)).equals(payload.get("sum"))) {
            faults.add("nobody published " + event.type() + " " + payload);
            return;
        }
        if (!event.type().startsWith(prefix)) {
            faults.add(event.type() + " does not match " + prefix);
        }
        if (!seen.add(publisher << 32 | number)) {
            faults.add("twice: " + payload);
        }
        Long before = last.put(publisher, number);
        if (ordered && before != null && before > number) {
            faults.add(payload + " after number " + before);
        }
    }

    synchronized int count() {
        return seen.size();
    }

    /** The first thing that is wrong, or null. */
    synchronized @Nullable String fault() {
        return faults.isEmpty() ? null : faults.get(0);
    }
}

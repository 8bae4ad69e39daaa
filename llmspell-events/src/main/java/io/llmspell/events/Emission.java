package io.llmspell.events;

import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventStamp;
import io.llmspell.core.event.PublishResult;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One event on its way through the bus.
 *
 * <p><b>Threads:</b> for one thread at a time; a staged one is handed from its owner to the committer and back. Id, time
 * and the event itself are made when somebody needs them.
 */
final class Emission implements Routed {
    /** Longer lives are for ever: the tick count could not hold them. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private EventDraft draft;
    private final Caller caller;
    private final IdGenerator ids;
    private final TimeSource time;
    private @Nullable UUID id;
    private @Nullable Instant timestamp;
    private @Nullable Route route;
    private @Nullable UniversalEvent event;
    private @Nullable List<Room> rooms;
    private long sequence;
    private long expiresAt = Queued.NEVER;
    private int matched;

    Emission(EventDraft draft, Caller caller, IdGenerator ids, TimeSource time) {
        this.draft = draft;
        this.caller = caller;
        this.ids = ids;
        this.time = time;
    }

    EventDraft draft() {
        return draft;
    }

    Caller caller() {
        return caller;
    }

    /** Fixes id and time, which may take longer than what happens under a lock should. */
    void stamp() {
        if (id == null) {
            id = ids.next();
            timestamp = time.now();
        }
    }

    /** Puts the number of the commit into the payload; before the event is made. */
    void committed(String member, long version) {
        if (draft.payload() instanceof JsonObject payload) {
            draft = draft.withPayload(payload.with(member, version));
        }
    }

    /** Gives the event its number and the subscriptions that matched it then. */
    void number(long drawn, Route matching) {
        sequence = drawn;
        route = matching;
        expiresAt = expiry(draft.ttl(), time);
    }

    static long expiry(@Nullable Duration ttl, TimeSource time) {
        return ttl == null || ttl.compareTo(LONGEST) >= 0 ? Queued.NEVER : time.nanos() + ttl.toNanos();
    }

    UniversalEvent event() {
        if (event == null) {
            event = made();
        }
        return event;
    }

    private UniversalEvent made() {
        stamp();
        return UniversalEvent.of(
                draft,
                new EventStamp(
                        Objects.requireNonNull(id),
                        Objects.requireNonNull(timestamp),
                        sequence,
                        caller.language(),
                        caller.correlation(),
                        caller.traceparent(),
                        UniversalEvent.SCHEMA_VERSION));
    }

    /** The event as it will be but for its number, which it does not have yet. */
    UniversalEvent unnumbered() {
        return made();
    }

    @Nullable Route route() {
        return route;
    }

    long expiresAt() {
        return expiresAt;
    }

    void matched(int more) {
        matched += more;
    }

    void waitsFor(Room room) {
        if (rooms == null) {
            rooms = new ArrayList<>(2);
        }
        rooms.add(room);
    }

    List<Room> rooms() {
        return rooms == null ? List.of() : rooms;
    }

    @Override
    public PublishResult result() {
        return rooms == null ? new PublishResult.Accepted(sequence, matched) : decided(rooms);
    }

    private PublishResult decided(List<Room> all) {
        PublishResult.Rejected rejected = refusals(all, sequence, draft.type());
        return rejected == null ? new PublishResult.Accepted(sequence, matched) : rejected;
    }

    /** What became of an event for which publishers stood in line, or null if it was taken everywhere. */
    static PublishResult.@Nullable Rejected refusals(List<Room> all, long sequence, String type) {
        List<Room> refused = all.stream().filter(room -> room.refusal() != null).toList();
        if (refused.isEmpty()) {
            return null;
        }
        List<String> ids =
                refused.stream().map(room -> room.subscription().id()).toList();
        String reasons = refused.stream()
                .map(room -> room.subscription() + ": " + room.refusal())
                .collect(Collectors.joining("; "));
        return new PublishResult.Rejected(sequence, ids, "event \"" + type + "\" was refused: " + reasons);
    }

    @Override
    public JsonObject view() {
        return JsonObject.of(
                "event_id", event().id().toString(), "event_type", draft.type(), "sequence", sequence, "matched", (long)
                        matched);
    }
}

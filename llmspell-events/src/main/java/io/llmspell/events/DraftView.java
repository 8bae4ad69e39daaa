package io.llmspell.events;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventException;
import io.llmspell.core.event.PublishResult;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.PointData;
import io.llmspell.core.json.JsonObject;
import io.llmspell.events.format.EventJson;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shows an event that is being emitted; hooks may change its data, tags and time to live before it has a number.
 *
 * @param <O> what the operation gives
 */
abstract class DraftView<O extends Routed> implements View<EventDraft, O> {
    private static final List<String> CHANGEABLE = List.of("data", "tags", "ttl_seconds");

    @Override
    public Object input(EventDraft draft) {
        return before(draft);
    }

    @Override
    public Object output(O emission) {
        return emission.view();
    }

    @Override
    public Object data(HookPoint point, EventDraft draft, @Nullable O emission) {
        return emission != null && point.equals(HookPoint.AFTER_EVENT_EMIT) ? emission.view() : before(draft);
    }

    private static JsonObject before(EventDraft draft) {
        return JsonObject.of(
                "event_type",
                draft.type(),
                "data",
                draft.payload(),
                "tags",
                EventJson.tags(draft.tags()),
                "ttl_seconds",
                EventJson.seconds(draft.ttl()));
    }

    @Override
    public EventDraft modified(HookPoint point, EventDraft draft, @Nullable Object data) {
        JsonObject merged = PointData.merged(point, before(draft), data, CHANGEABLE);
        return draft.withPayload(merged.get("data"))
                .withTags(tags(draft, merged.get("tags")))
                .withTtl(ttl(draft, merged.get("ttl_seconds")));
    }

    private static Set<String> tags(EventDraft draft, @Nullable Object value) {
        Set<String> tags = new HashSet<>();
        if (value instanceof List<?> list) {
            for (Object tag : list) {
                if (!(tag instanceof String text)) {
                    throw wrong(draft, "a tag", "a text");
                }
                tags.add(text);
            }
            return tags;
        }
        throw wrong(draft, "tags", "a list of texts");
    }

    private static @Nullable Duration ttl(EventDraft draft, @Nullable Object value) {
        Duration life = EventJson.life(value);
        if (value != null && life == null) {
            throw wrong(draft, "ttl_seconds", "null or a number of seconds above 0 and at most " + Long.MAX_VALUE);
        }
        return life;
    }

    private static EventException wrong(EventDraft draft, String what, String wanted) {
        return new EventException(
                ErrorCode.INVALID_EVENT,
                "a hook gave event " + draft.type() + " data in which " + what + " is not " + wanted);
    }

    private static HookException unanswerable(HookPoint point) {
        return HookException.resultNotAllowed(
                "a hook", point, HookResultKind.REPLACE, "continue, modified, cancel, redirect and skipped");
    }

    /** Of events that go out at once; another event may go out in their place. */
    static final class Whole extends DraftView<Routed> {
        @Override
        public Routed answer(HookPoint point, EventDraft draft, @Nullable Object value) {
            if (value instanceof JsonObject other
                    && other.get("sequence") instanceof Long sequence
                    && other.get("matched") instanceof Long matched) {
                return new RoutedElsewhere(other, new PublishResult.Accepted(sequence, Math.toIntExact(matched)));
            }
            throw unanswerable(point);
        }
    }

    /** Of events that go out with a change. */
    static final class Staging extends DraftView<Emission> {
        @Override
        public Emission answer(HookPoint point, EventDraft draft, @Nullable Object value) {
            throw unanswerable(point);
        }
    }
}

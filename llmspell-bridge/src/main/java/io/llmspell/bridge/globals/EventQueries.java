package io.llmspell.bridge.globals;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventJournal;
import io.llmspell.core.event.EventQuery;
import io.llmspell.core.event.JournaledEvent;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptCallback;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** What {@code Event} reads from the journal: {@code query} and {@code replay}. */
final class EventQueries {
    private static final Set<String> QUERY = Set.of(
            "event_type",
            "start_time",
            "end_time",
            "correlation_id",
            "component",
            "tags",
            "after_sequence",
            "filters",
            "limit");
    private static final Duration HANDLER_LIMIT = Duration.ofSeconds(5);

    private final GlobalServices services;

    EventQueries(GlobalServices services) {
        this.services = services;
    }

    Object query(ScriptCall call) {
        return events(call, call.map(0, "query")).stream().map(EventView::of).toList();
    }

    Object replay(ScriptCall call) {
        Map<String, @Nullable Object> options = call.map(1, "options");
        new OptionReader(call.function(), options, Set.of("to"));
        Object to = options.get("to");
        if (!(to instanceof ScriptCallback) && !"publish".equals(to)) {
            throw call.wrong(1, "options.to", "a function or \"publish\"", to);
        }
        List<UniversalEvent> events = events(call, call.map(0, "query"));
        for (UniversalEvent event : events) {
            Caller caller = call.caller().correlated(event.correlation());
            if (to instanceof ScriptCallback handler) {
                handler.call(caller, HANDLER_LIMIT, EventView.of(event));
            } else {
                services.events()
                        .publish(again(event), caller.in(event.language()))
                        .orThrow();
            }
        }
        return (long) events.size();
    }

    /** The same once more; the attribute says of what. */
    private static EventDraft again(UniversalEvent event) {
        return event.draft()
                .withAttributes(event.attributes().with("replay_of", event.id().toString()));
    }

    private List<UniversalEvent> events(ScriptCall call, Map<String, @Nullable Object> raw) {
        OptionReader options = new OptionReader(call.function(), raw, QUERY);
        EventQuery query = EventQuery.all()
                .types(types(options).toArray(new String[0]))
                .between(time(call, options, "start_time"), time(call, options, "end_time"))
                .anyTag(Set.copyOf(options.texts("tags")))
                .afterSequence(options.whole("after_sequence", 0, 0, Long.MAX_VALUE));
        String correlation = options.optionalText("correlation_id");
        query = correlation == null ? query : query.run(new CorrelationId(correlation));
        String component = options.optionalText("component");
        query = component == null ? query : query.source(component);
        Predicate<UniversalEvent> filters = EventFilters.of(call.function(), options.map("filters"));
        return read(call, query, filters, options.whole("limit", 1_000, 0, 1_000_000));
    }

    /** One pattern or several. */
    static List<String> types(OptionReader options) {
        if (options.raw("event_type") instanceof List<?>) {
            return options.texts("event_type");
        }
        String type = options.optionalText("event_type");
        return type == null ? List.of() : List.of(type);
    }

    /** Waits as the script does, so that its handlers are served meanwhile. */
    List<UniversalEvent> read(ScriptCall call, EventQuery query, Predicate<UniversalEvent> filters, long limit) {
        Flux<UniversalEvent> events = journal()
                .query(query)
                .map(JournaledEvent::event)
                .<UniversalEvent>handle((event, sink) -> {
                    UniversalEvent seen = EventSight.seen(services.state(), call.caller(), event);
                    if (seen != null && filters.test(seen)) {
                        sink.next(seen);
                    }
                })
                .take(limit);
        return call.session()
                .awaiter()
                .await(
                        events.collectList().toFuture(),
                        Awaiter.NO_DEADLINE,
                        call.caller().token());
    }

    private EventJournal journal() {
        return services.events()
                .journal()
                .orElseThrow(() -> new InvalidStateException(
                        "the journal is switched off, so no event is kept; set [events.journal] enabled = true"));
    }

    /** A time as RFC 3339 text, or as seconds since 1970 as {@code os.time} gives them. */
    static @Nullable Instant time(ScriptCall call, OptionReader options, String name) {
        Object value = options.raw(name);
        try {
            if (value == null) {
                return null;
            }
            if (value instanceof String text) {
                return OffsetDateTime.parse(text).toInstant();
            }
            if (value instanceof Number number) {
                BigDecimal millis = new BigDecimal(number.toString()).movePointRight(3);
                return Instant.ofEpochMilli(millis.longValue());
            }
        } catch (DateTimeParseException | NumberFormatException malformed) {
            throw wrongTime(call, name, "\"" + value + "\"");
        }
        throw wrongTime(call, name, JsonValueException.typeName(value));
    }

    private static ArgumentException wrongTime(ScriptCall call, String name, String shown) {
        return new ArgumentException(call.function() + ": option \"" + name
                + "\" must be a time such as \"2025-01-31T12:00:00Z\" or seconds since 1970, but is " + shown);
    }
}

package io.llmspell.bridge.globals;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.event.BusStats;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventException;
import io.llmspell.core.event.EventPattern;
import io.llmspell.core.event.Overflow;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptCallback;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptModule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The global {@code Event}: publish, subscribe and receive. */
final class EventGlobal {
    private static final Set<String> PUBLISH = Set.of(
            "correlation_id",
            "causation_id",
            "language",
            "tags",
            "priority",
            "source",
            "target",
            "ttl_seconds",
            "metadata",
            "persistent");
    private static final Set<String> SOURCE = Set.of("component", "instance_id");
    private static final Set<String> SUBSCRIBE = Set.of(
            "filter",
            "language",
            "backpressure",
            "max_queue_size",
            "block_timeout_ms",
            "batch_size",
            "batch_ms",
            "throttle_per_second");
    private static final double LONGEST_WAIT_MILLIS = 86_400_000;

    private final GlobalServices services;
    private final Map<String, EventSubscriptionObject> subscriptions = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Void>> serving = new ConcurrentHashMap<>();

    private final EventQueries queries;
    private final EventTimelines timelines;
    private final SessionCount count = new SessionCount("max_subscriptions", 10_000);

    private EventGlobal(GlobalServices services) {
        this.services = services;
        this.queries = new EventQueries(services);
        this.timelines = new EventTimelines(services, queries);
    }

    static ScriptModule describe(GlobalServices services) {
        EventGlobal event = new EventGlobal(services);
        return ScriptModule.of(
                "Event",
                "Publishes events and hears of them.",
                List.of(
                        ScriptFunction.waiting(
                                "publish = emit",
                                "type, data = {}, options?; or {event_type =, data =, ...}",
                                "Publishes an event; gives true when the bus accepted it.",
                                event::publish),
                        ScriptFunction.plain(
                                "subscribe",
                                "pattern or {patterns}, options?, fn?",
                                "Subscribes; gives a handle to receive from, or calls fn for each event.",
                                call -> event.subscribe(call, false)),
                        ScriptFunction.plain(
                                "on",
                                "pattern, fn, options?",
                                "Calls fn for each event that matches.",
                                call -> event.subscribe(call, true)),
                        ScriptFunction.waiting(
                                "receive",
                                "sub, timeout_ms = 5000",
                                "Waits for the next event; nil if none comes in time.",
                                call -> event.subscription(call).receive(call, millis(call, 1, "timeout_ms", 5_000))),
                        ScriptFunction.waiting(
                                "receive_batch",
                                "sub, {max_events = 100, timeout_ms = 1000}",
                                "Waits for several events.",
                                call -> event.subscription(call).receiveBatch(call, call.map(1, "options"))),
                        ScriptFunction.plain(
                                "unsubscribe",
                                "sub",
                                "Ends a subscription; gives whether it was there.",
                                event::unsubscribe),
                        ScriptFunction.plain(
                                "unsubscribe_pattern",
                                "pattern",
                                "Ends this script's subscriptions of a pattern; gives how many there were.",
                                event::unsubscribePattern),
                        ScriptFunction.plain(
                                "list_subscriptions",
                                "{all}?",
                                "This script's subscriptions; with all = true those of every script.",
                                event::listSubscriptions),
                        ScriptFunction.plain("get_stats", "", "The counters of the bus.", call -> event.stats()),
                        ScriptFunction.plain(
                                "subscription_stats",
                                "sub",
                                "The counters of a subscription.",
                                call -> event.subscription(call).counters()),
                        ScriptFunction.waiting(
                                "query",
                                "{event_type, start_time, end_time, correlation_id, component, tags, after_sequence,"
                                        + " filters, limit = 1000}?",
                                "Reads events from the journal, the oldest first.",
                                event.queries::query),
                        ScriptFunction.waiting(
                                "replay",
                                "query, {to = fn or \"publish\"}",
                                "Hands events of the journal to fn, or publishes them again; gives how many.",
                                event.queries::replay),
                        ScriptFunction.waiting(
                                "timeline",
                                "correlation_id or query",
                                "What happened in a run, in order and with causes.",
                                event.timelines::timeline),
                        ScriptFunction.waiting(
                                "run",
                                "seconds?",
                                "Serves handlers until Event.stop() is called or the time is over.",
                                event::run),
                        ScriptFunction.plain("stop", "", "Ends Event.run().", event::stop)));
    }

    static Duration millis(ScriptCall call, int index, String name, long otherwise) {
        double value = call.number(index, name, otherwise).doubleValue();
        if (!(value >= 0 && value <= LONGEST_WAIT_MILLIS)) {
            throw call.wrong(index, name, "between 0 and 86400000", value);
        }
        return Duration.ofNanos((long) (value * 1_000_000));
    }

    private Object publish(ScriptCall call) {
        Map<String, @Nullable Object> options = new LinkedHashMap<>();
        String type;
        Object data;
        if (call.raw(0) instanceof Map<?, ?>) {
            options.putAll(call.map(0, "event"));
            type = type(call, options);
            Object payload = options.remove("payload");
            Object given = options.remove("data");
            data = given == null ? payload : given;
        } else {
            type = call.text(0, "type");
            data = call.raw(1);
            options.putAll(call.map(2, "options"));
        }
        OptionReader read = new OptionReader(call.function(), options, PUBLISH);
        Object payload = data == null ? JsonObject.empty() : ScriptCall.plain(data);
        EventDraft draft = draft(call, type, payload, read);
        services.events().publish(draft, caller(call, read)).orThrow();
        return true;
    }

    private static String type(ScriptCall call, Map<String, @Nullable Object> event) {
        Object named = event.remove("event_type");
        Object other = event.remove("type");
        Object type = named == null ? other : named;
        if (type instanceof String text) {
            return text;
        }
        throw call.wrong(0, "event", "a map with the text member event_type", call.raw(0));
    }

    private EventDraft draft(ScriptCall call, String type, @Nullable Object payload, OptionReader options) {
        EventDraft draft = EventDraft.of(type, payload, source(call, options))
                .withTags(Set.copyOf(options.texts("tags")))
                .withLinks(options.optionalText("causation_id"), options.optionalText("target"))
                .withAttributes(attributes(options))
                .withPriority(priority(options))
                .withPersistent(options.flag("persistent", false));
        double seconds = options.number("ttl_seconds", 0, -1e9, 1e9);
        if (!options.has("ttl_seconds")) {
            return draft;
        }
        return draft.withTtl(Duration.ofNanos((long) (seconds * 1e9)));
    }

    private static Component source(ScriptCall call, OptionReader options) {
        OptionReader source = new OptionReader(call.function() + ": source", options.map("source"), SOURCE);
        String name =
                source.text("component", call.session().caller().principal().text());
        Component named = Component.named(new ComponentType("script"), name);
        String instance = source.optionalText("instance_id");
        return instance == null ? named : new Component(named.type(), name, uuid(call, instance));
    }

    private static UUID uuid(ScriptCall call, String instance) {
        try {
            return UUID.fromString(instance);
        } catch (IllegalArgumentException e) {
            throw new ArgumentException(call.function() + ": source.instance_id", instance, "a UUID");
        }
    }

    private static JsonObject attributes(OptionReader options) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>(options.map("metadata"));
        if (options.has("priority") && !(options.raw("priority") instanceof Number)) {
            members.put("priority", options.raw("priority"));
        }
        return JsonValues.object(
                (Map<?, ?>) java.util.Objects.requireNonNull(ScriptCall.plain(members)), JsonLimits.VALUE);
    }

    /** A number is the event's own priority; what is none, such as a word, is carried as an attribute. */
    private static @Nullable Integer priority(OptionReader options) {
        return options.raw("priority") instanceof Number
                ? Integer.valueOf((int) options.whole("priority", 0, Integer.MIN_VALUE, Integer.MAX_VALUE))
                : null;
    }

    private static Caller caller(ScriptCall call, OptionReader options) {
        Caller caller = call.caller();
        String correlation = options.optionalText("correlation_id");
        Language language = options.language("language");
        if (correlation != null) {
            caller = caller.correlated(new CorrelationId(correlation));
        }
        return language == null ? caller : caller.in(language);
    }

    private Object subscribe(ScriptCall call, boolean handlerSecond) {
        List<String> patterns = patterns(call);
        ScriptCallback handler = null;
        Map<String, @Nullable Object> options = Map.of();
        for (int i = 1; i < call.size(); i++) {
            if (call.raw(i) instanceof ScriptCallback fn) {
                handler = fn;
            } else if (call.has(i)) {
                options = call.map(i, "options");
            }
        }
        if (handlerSecond && handler == null) {
            throw call.wrong(1, "fn", "a function", call.raw(1));
        }
        OptionReader read = new OptionReader(call.function(), options, SUBSCRIBE);
        EventChoice choice = new EventChoice(
                patterns.stream().map(EventPattern::compile).toList(),
                read.language("language"),
                read.callback("filter"));
        Handle counted = count.take(call.session());
        EventSubscriptionObject subscription;
        try {
            subscription = new EventSubscriptionObject(
                    services, call, choice, subscribeOptions(read), EventPace.of(read), handler);
        } catch (RuntimeException refused) {
            counted.close();
            throw refused;
        }
        subscriptions.put(subscription.id(), subscription);
        subscription.onEnd(call.session().own(subscription::end), () -> {
            subscriptions.remove(subscription.id());
            counted.close();
        });
        return subscription;
    }

    private static List<String> patterns(ScriptCall call) {
        if (!(call.raw(0) instanceof List<?> list)) {
            return List.of(call.text(0, "pattern"));
        }
        List<String> patterns = new ArrayList<>();
        for (Object each : list) {
            if (!(each instanceof String pattern)) {
                throw call.wrong(0, "patterns", "an array of texts", each);
            }
            patterns.add(pattern);
        }
        if (patterns.isEmpty()) {
            throw call.wrong(0, "patterns", "at least one pattern", list);
        }
        return patterns;
    }

    /** What a script does not say is as the bus is configured. */
    private static SubscribeOptions subscribeOptions(OptionReader options) {
        SubscribeOptions read = SubscribeOptions.DEFAULT;
        if (options.has("backpressure")) {
            read = read.withOverflow(overflow(options.text("backpressure", "")));
        }
        if (options.has("max_queue_size")) {
            read = read.withBufferSize((int) options.whole("max_queue_size", 0, 1, 10_000_000));
        }
        if (options.has("block_timeout_ms")) {
            long wait = (long) options.number("block_timeout_ms", 0, 1, LONGEST_WAIT_MILLIS);
            read = read.withBlockTimeout(Duration.ofMillis(wait));
        }
        return read;
    }

    private static Overflow overflow(String strategy) {
        for (Overflow each : Overflow.values()) {
            if (each.id().equals(strategy)) {
                return each;
            }
        }
        throw new ArgumentException("backpressure", strategy, "drop_oldest, drop_newest, block or reject");
    }

    private EventSubscriptionObject subscription(ScriptCall call) {
        if (call.raw(0) instanceof EventSubscriptionObject object) {
            return object.checkedOpen();
        }
        String id = call.text(0, "sub");
        EventSubscriptionObject found = subscriptions.get(id);
        if (found == null || found.session() != call.session()) {
            throw new EventException(ErrorCode.UNKNOWN_SUBSCRIPTION, "No active subscription found: " + id);
        }
        return found;
    }

    private List<EventSubscriptionObject> own(ScriptCall call) {
        return subscriptions.values().stream()
                .filter(each -> each.session() == call.session())
                .sorted(Comparator.comparing(EventSubscriptionObject::id))
                .toList();
    }

    private Object unsubscribe(ScriptCall call) {
        if (call.raw(0) instanceof EventSubscriptionObject object) {
            return object.end();
        }
        EventSubscriptionObject found = subscriptions.get(call.text(0, "sub"));
        return found != null && found.session() == call.session() && found.end();
    }

    private Object unsubscribePattern(ScriptCall call) {
        String pattern = call.text(0, "pattern");
        long count = 0;
        for (EventSubscriptionObject each : own(call)) {
            if (each.pattern().equals(pattern)) {
                each.end();
                count++;
            }
        }
        return count;
    }

    private Object listSubscriptions(ScriptCall call) {
        OptionReader options = new OptionReader(call.function(), call.map(0, "options"), Set.of("all"));
        List<EventSubscriptionObject> rows = options.flag("all", false)
                ? subscriptions.values().stream()
                        .sorted(Comparator.comparing(EventSubscriptionObject::id))
                        .toList()
                : own(call);
        return rows.stream().map(EventSubscriptionObject::row).toList();
    }

    private Object stats() {
        BusStats stats = services.events().stats();
        Map<String, Object> bus = new LinkedHashMap<>();
        bus.put("events_published", stats.published());
        bus.put("events_processed", stats.accepted());
        bus.put("events_delivered", stats.delivered());
        bus.put("events_dropped", stats.dropped());
        bus.put("events_rejected", stats.rejected());
        bus.put("events_buffered", stats.buffered());
        bus.put("rate_limit_violations", stats.rateLimited());
        bus.put("buffer_size", stats.buffered());
        Map<String, Long> byLanguage = new LinkedHashMap<>();
        subscriptions
                .values()
                .forEach(each -> byLanguage.merge(each.session().language().id(), 1L, Long::sum));
        Map<String, Object> bridge = new LinkedHashMap<>();
        bridge.put("active_subscriptions", (long) subscriptions.size());
        bridge.put("subscriptions_by_language", byLanguage);
        return Map.of("event_bus_stats", bus, "bridge_stats", bridge);
    }

    private Object run(ScriptCall call) {
        CompletableFuture<Void> stopped = serving.computeIfAbsent(call.session().id(), id -> new CompletableFuture<>());
        long deadline = Awaiter.NO_DEADLINE;
        if (call.has(0)) {
            deadline = services.time().nanos()
                    + (long) (call.number(0, "seconds", 0).doubleValue() * 1e9);
        }
        try {
            call.session().awaiter().await(stopped, deadline, call.caller().token());
        } catch (LimitException timeIsOver) {
            if (deadline == Awaiter.NO_DEADLINE || deadline - services.time().nanos() > 0) {
                throw timeIsOver; // a deadline around it
            }
            return true; // asked for: Event.run(seconds) ends in time
        } finally {
            serving.remove(call.session().id());
        }
        return true;
    }

    private Object stop(ScriptCall call) {
        CompletableFuture<Void> stopped = serving.get(call.session().id());
        return stopped != null && stopped.complete(null);
    }
}

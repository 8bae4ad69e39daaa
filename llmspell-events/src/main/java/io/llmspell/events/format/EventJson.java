package io.llmspell.events.format;

import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventException;
import io.llmspell.core.event.EventStamp;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Events as JSON objects, and back without loss.
 *
 * <p><b>Threads:</b> safe. <b>Errors:</b> what is read and is no event is {@link EventException} {@code invalid_event},
 * naming the member.
 */
public final class EventJson {
    private EventJson() {}

    /**
     * The whole event.
     *
     * @param event the event
     * @return members in a fixed order; those that are null are left out, but for the payload
     */
    public static JsonObject write(UniversalEvent event) {
        return record(event, event.payload(), event.attributes()).with("sequence", event.sequence());
    }

    /**
     * The whole event but its sequence, for records that are written before it is known.
     *
     * @param event the event
     * @param payload what to write in place of its payload, such as a masked copy
     * @param attributes what to write in place of its attributes
     * @return the members
     */
    public static JsonObject record(UniversalEvent event, @Nullable Object payload, @Nullable Object attributes) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("id", event.id().toString());
        members.put("type", event.type());
        members.put("payload", payload);
        members.put("source", source(event.source()));
        members.put("language", event.language().id());
        members.put("timestamp", event.timestamp().toString());
        members.put("correlation_id", event.correlation().text());
        putUnlessNull(members, "causation_id", event.causation());
        putUnlessNull(members, "target", event.target());
        putUnlessNull(members, "priority", event.priority() == null ? null : (long) event.priority());
        members.put("tags", tags(event.tags()));
        members.put("attributes", attributes);
        putUnlessNull(members, "ttl_seconds", seconds(event.ttl()));
        putUnlessNull(members, "traceparent", event.traceparent());
        members.put("schema_version", event.schemaVersion());
        return JsonValues.object(members, JsonLimits.TOOL);
    }

    private static JsonObject source(Component source) {
        return JsonObject.of(
                "type",
                source.type().name(),
                "name",
                source.name(),
                "id",
                source.id().toString());
    }

    private static void putUnlessNull(Map<String, @Nullable Object> members, String name, @Nullable Object value) {
        if (value != null) {
            members.put(name, value);
        }
    }

    /**
     * Reads what {@link #write} has written. Members that are not known are ignored.
     *
     * @param json the object
     * @return the event
     * @throws EventException {@code invalid_event} if a member is missing or wrong
     */
    public static UniversalEvent read(JsonObject json) {
        return read(json, new EventMembers(json).number("sequence"));
    }

    /**
     * Reads what {@link #record} has written.
     *
     * @param json the object
     * @param sequence the number of the event
     * @return the event
     * @throws EventException {@code invalid_event} if a member is missing or wrong
     */
    public static UniversalEvent read(JsonObject json, long sequence) {
        EventMembers members = new EventMembers(json);
        EventDraft draft = members.checked(() -> new EventDraft(
                members.text("type"),
                json.get("payload"),
                component(new EventMembers(members.object("source"))),
                members.optionalText("causation_id"),
                members.optionalText("target"),
                members.optionalInt("priority"),
                members.texts("tags"),
                members.object("attributes"),
                members.life("ttl_seconds"),
                false));
        EventStamp stamp = members.checked(() -> new EventStamp(
                members.uuid("id"),
                members.instant("timestamp"),
                sequence,
                Language.of(members.text("language")),
                new CorrelationId(members.text("correlation_id")),
                members.optionalText("traceparent"),
                members.text("schema_version")));
        return UniversalEvent.of(draft, stamp);
    }

    private static Component component(EventMembers source) {
        return new Component(new ComponentType(source.text("type")), source.text("name"), source.uuid("id"));
    }

    /**
     * Tags in the order of their characters, so that equal events have equal texts.
     *
     * @param tags the tags
     * @return the sorted tags
     */
    public static JsonArray tags(Set<String> tags) {
        return JsonArray.of(tags.stream().sorted().toArray());
    }

    /**
     * A time to live as a number of seconds.
     *
     * @param ttl the time, or null
     * @return whole seconds as an integer, others as a decimal; null for null
     */
    public static @Nullable Object seconds(@Nullable Duration ttl) {
        if (ttl == null) {
            return null;
        }
        return ttl.getNano() == 0
                ? (Object) ttl.getSeconds()
                : BigDecimal.valueOf(ttl.getSeconds()).add(BigDecimal.valueOf(ttl.getNano(), 9));
    }

    /**
     * A number of seconds as a time to live.
     *
     * @param seconds a number above 0, to the nanosecond
     * @return the time, null if the value is no such number
     */
    public static @Nullable Duration life(@Nullable Object seconds) {
        if (!(seconds instanceof Number)) {
            return null;
        }
        BigDecimal exact = new BigDecimal(seconds.toString());
        if (exact.signum() <= 0 || exact.precision() - exact.scale() > 19) {
            return null;
        }
        BigDecimal whole = exact.setScale(0, RoundingMode.DOWN);
        if (whole.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            return null;
        }
        long nanos = exact.subtract(whole).movePointRight(9).longValue();
        return Duration.ofSeconds(whole.longValueExact(), nanos);
    }
}

package io.llmspell.events.format;

import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventException;
import io.llmspell.core.event.EventStamp;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The context attributes of a CloudEvent, with what they say of an event.
 *
 * @param members all attributes but the data: texts, truth values, integers
 * @param isBase64 whether the payload of the event is the Base64 text of binary data
 */
record CloudContext(Map<String, @Nullable Object> members, boolean isBase64) {
    /** The attribute of an event that keeps the context of a CloudEvent from elsewhere. */
    static final String KEPT = "cloudevent";

    private static final String BINARY = "data_base64";
    private static final String VERSION = "specversion";
    private static final ComponentType EXTERNAL = new ComponentType("external");
    private static final int LONGEST_NAME = 256;

    static CloudContext of(UniversalEvent event) {
        JsonObject kept = kept(event.attributes());
        if (kept != null && kept.get(VERSION) != null) {
            Map<String, @Nullable Object> members = new LinkedHashMap<>(kept);
            boolean binary = members.remove(BINARY) != null;
            return new CloudContext(members, binary);
        }
        return new CloudContext(own(event, kept), false);
    }

    /** The kept context, if it is one: attributes may hold anything under this name. */
    private static @Nullable JsonObject kept(JsonObject attributes) {
        if (!(attributes.get(KEPT) instanceof JsonObject kept) || kept.isEmpty()) {
            return null;
        }
        boolean whole = kept.get(VERSION) != null;
        for (Map.Entry<String, @Nullable Object> each : kept.entrySet()) {
            boolean name = each.getKey().matches("[a-z0-9]{1,64}")
                    || (whole && each.getKey().equals(BINARY));
            if (!name || !isScalar(each.getValue()) || (!whole && OwnContext.NAMES.contains(each.getKey()))) {
                return null;
            }
        }
        return kept;
    }

    private static boolean isScalar(@Nullable Object value) {
        return value instanceof String
                || value instanceof Boolean
                || (value instanceof Long number && number == number.intValue());
    }

    private static Map<String, @Nullable Object> own(UniversalEvent event, @Nullable JsonObject extras) {
        Map<String, @Nullable Object> members = OwnContext.write(event, extras != null);
        if (extras != null) {
            members.putAll(extras);
        }
        return members;
    }

    static CloudContext read(Map<String, @Nullable Object> members, boolean binary) {
        Map<String, @Nullable Object> present = new LinkedHashMap<>();
        members.forEach((name, value) -> {
            if (!name.matches("[a-z0-9]{1,64}")) {
                throw CloudEvents.wrong(
                        name.length() > 80 ? name.substring(0, 80) : name, "named by lower-case letters and digits");
            }
            if (value != null && !isScalar(value)) {
                throw CloudEvents.wrong(name, "a text, a truth value or an integer of 32 bits");
            }
            if (value != null) {
                present.put(name, value);
            }
        });
        if (!"1.0".equals(present.get(VERSION))) {
            throw CloudEvents.wrong(VERSION, "1.0");
        }
        for (String required : Set.of("id", "source", "type")) {
            if (!(present.get(required) instanceof String text) || text.isEmpty()) {
                throw CloudEvents.wrong(required, "a text that is not empty");
            }
        }
        return new CloudContext(present, binary);
    }

    @Nullable String contentType() {
        return members.get("datacontenttype") instanceof String type ? type : null;
    }

    UniversalEvent event(@Nullable Object data, Instant received) {
        UniversalEvent own = isBase64 ? null : mine(data);
        return own == null ? foreign(data, received) : own;
    }

    /** An event that one of us has written, or null. */
    private @Nullable UniversalEvent mine(@Nullable Object data) {
        UniversalEvent event;
        try {
            event = OwnContext.read(OwnContext.normal(members), data);
        } catch (EventException notOurs) {
            return null;
        }
        Map<String, @Nullable Object> written = OwnContext.write(event, false);
        Map<String, @Nullable Object> extras = OwnContext.normal(members);
        for (Map.Entry<String, @Nullable Object> each : written.entrySet()) {
            if (!Objects.equals(extras.remove(each.getKey()), each.getValue())) {
                return null;
            }
        }
        if (extras.isEmpty()) {
            return event;
        }
        return event.attributes().containsKey(KEPT) || extras.keySet().stream().anyMatch(OwnContext.NAMES::contains)
                ? null
                : with(event, extras);
    }

    private static UniversalEvent with(UniversalEvent event, Map<String, @Nullable Object> extras) {
        JsonObject attributes = event.attributes().with(KEPT, JsonValues.object(extras, JsonLimits.VALUE));
        return UniversalEvent.of(event.draft().withAttributes(attributes), event.stamp());
    }

    private UniversalEvent foreign(@Nullable Object data, Instant received) {
        String source = text("source");
        UUID id = uuid(text("id"), source);
        Map<String, @Nullable Object> kept = new LinkedHashMap<>(members);
        if (isBase64) {
            kept.put(BINARY, true);
        }
        String name = source.length() > LONGEST_NAME ? source.substring(0, LONGEST_NAME) : source;
        EventDraft draft = EventDraft.of(text("type"), data, new Component(EXTERNAL, name, named(source)))
                .withLinks(members.get("causationid") instanceof String cause ? cause : null, null)
                .withAttributes(JsonObject.of(KEPT, JsonValues.object(kept, JsonLimits.VALUE)));
        return UniversalEvent.of(
                draft,
                new EventStamp(
                        id,
                        time(received),
                        0,
                        Language.UNKNOWN,
                        run(id),
                        members.get("traceparent") instanceof String trace ? trace : null,
                        UniversalEvent.SCHEMA_VERSION));
    }

    private String text(String name) {
        return String.valueOf(members.get(name));
    }

    private static UUID uuid(String id, String source) {
        try {
            UUID uuid = UUID.fromString(id);
            if (uuid.toString().equals(id)) {
                return uuid;
            }
        } catch (IllegalArgumentException e) {
            // ids of others may be any text; with the source they are unique
        }
        return named(source + '\n' + id);
    }

    private static UUID named(String text) {
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private Instant time(Instant received) {
        if (!(members.get("time") instanceof String time)) {
            return received;
        }
        try {
            return OffsetDateTime.parse(time).toInstant();
        } catch (DateTimeException e) {
            throw CloudEvents.wrong("time", "a time by RFC 3339, such as 2025-01-31T12:00:00Z");
        }
    }

    private CorrelationId run(UUID id) {
        if (members.get("correlationid") instanceof String run && run.matches("[!-~]{1,128}")) {
            return new CorrelationId(run);
        }
        return new CorrelationId("ce-" + id);
    }
}

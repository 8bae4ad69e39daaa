package io.llmspell.events.journal;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.RecordHeader;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.storage.Write;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Events as records of a log, and back.
 *
 * <p>Payload and attributes are redacted, because the journal is a copy that leaves the house. The position of a record
 * is not known when it is packed, so the name of the space stands for the key in its checksum. <b>Threads:</b> safe.
 */
final class EventRecords {
    private final RecordCodec codec;
    private final Space space;
    private final Bytes key;

    EventRecords(RecordCodec codec, Space space) {
        this.codec = codec;
        this.space = space;
        this.key = Bytes.utf8(space.name());
    }

    Space space() {
        return space;
    }

    /**
     * The part of a batch that keeps an event.
     *
     * @param sequence its number, 0 if that is not known yet
     * @param versionMember the member of the payload that takes the revision of the record when it is read, or null
     */
    Write.Append append(UniversalEvent event, long sequence, @Nullable String versionMember, Redactor redactor) {
        Map<String, @Nullable Object> members = members(event, redactor);
        if (sequence > 0) {
            members.put("sequence", sequence);
        }
        put(members, "version_member", versionMember);
        RecordHeader header = RecordHeader.of("standard", event.correlation());
        Bytes record = codec.encode(key, header, JsonValues.object(members, JsonLimits.TOOL));
        return new Write.Append(space, record, IndexPrefixes.of(event));
    }

    private static Map<String, @Nullable Object> members(UniversalEvent event, Redactor redactor) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("id", event.id().toString());
        members.put("type", event.type());
        members.put("payload", redactor.value(event.payload()));
        Component source = event.source();
        members.put(
                "source",
                JsonObject.of(
                        "type",
                        source.type().name(),
                        "name",
                        source.name(),
                        "id",
                        source.id().toString()));
        members.put("language", event.language().id());
        members.put("timestamp", event.timestamp().toString());
        members.put("correlation_id", event.correlation().text());
        put(members, "causation_id", event.causation());
        put(members, "target", event.target());
        put(
                members,
                "priority",
                event.priority() == null ? null : event.priority().longValue());
        put(members, "traceparent", event.traceparent());
        members.put("tags", JsonArray.of(event.tags().stream().sorted().toArray()));
        members.put("attributes", redactor.value(event.attributes()));
        put(members, "ttl_seconds", seconds(event.ttl()));
        members.put("schema_version", event.schemaVersion());
        return members;
    }

    private static void put(Map<String, @Nullable Object> members, String name, @Nullable Object value) {
        if (value != null) {
            members.put(name, value);
        }
    }

    private static @Nullable Object seconds(@Nullable Duration ttl) {
        if (ttl == null) {
            return null;
        }
        return ttl.getNano() == 0
                ? (Object) ttl.getSeconds()
                : BigDecimal.valueOf(ttl.getSeconds()).add(BigDecimal.valueOf(ttl.getNano(), 9));
    }

    /** The members of a record. */
    JsonObject read(long position, Stored stored) {
        if (codec.decode(key, stored.value()) instanceof JsonObject members) {
            return members;
        }
        throw corrupt(position, "it holds no object");
    }

    /** The event of a record, with the number that is written in it, or 0. */
    UniversalEvent event(long position, Stored stored) {
        JsonObject members = read(position, stored);
        try {
            return event(members, stored.revision());
        } catch (IllegalArgumentException
                | DateTimeParseException
                | ClassCastException
                | NullPointerException
                | JsonValueException e) {
            throw corrupt(position, String.valueOf(e.getMessage()));
        }
    }

    private static UniversalEvent event(JsonObject members, long revision) {
        Object payload = members.get("payload");
        if (members.get("version_member") instanceof String member && payload instanceof JsonObject object) {
            payload = object.with(member, revision);
        }
        return new UniversalEvent(
                UUID.fromString(members.text("id")),
                members.text("type"),
                payload,
                component((JsonObject) members.get("source")),
                Language.of(members.text("language")),
                Instant.parse(members.text("timestamp")),
                members.get("sequence") instanceof Long number ? number : 0,
                new CorrelationId(members.text("correlation_id")),
                (String) members.get("causation_id"),
                (String) members.get("target"),
                members.get("priority") instanceof Long priority ? Math.toIntExact(priority) : null,
                tags((List<?>) members.get("tags")),
                (JsonObject) members.get("attributes"),
                ttl(members.get("ttl_seconds")),
                (String) members.get("traceparent"),
                members.text("schema_version"));
    }

    private static Component component(JsonObject source) {
        return new Component(
                new ComponentType(source.text("type")), source.text("name"), UUID.fromString(source.text("id")));
    }

    private static Set<String> tags(List<?> words) {
        Set<String> tags = new HashSet<>();
        words.forEach(word -> tags.add((String) word));
        return tags;
    }

    private static @Nullable Duration ttl(@Nullable Object seconds) {
        if (seconds == null) {
            return null;
        }
        BigDecimal number = new BigDecimal(seconds.toString());
        BigDecimal whole = number.setScale(0, RoundingMode.DOWN);
        return Duration.ofSeconds(
                whole.longValueExact(), number.subtract(whole).movePointRight(9).longValue());
    }

    private StorageException corrupt(long position, String why) {
        return new StorageException(
                ErrorCode.STORE_CORRUPT,
                "record " + position + " of the log " + space.name() + " is no event (" + why
                        + "); restore the store from a backup");
    }
}

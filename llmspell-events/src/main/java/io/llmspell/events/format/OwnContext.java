package io.llmspell.events.format;

import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventStamp;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.json.JsonValues;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The context attributes that say all of an event of ours but its payload. */
final class OwnContext {
    static final Set<String> NAMES = Set.of(
            "specversion",
            "id",
            "source",
            "type",
            "time",
            "datacontenttype",
            "dataschema",
            "subject",
            "data",
            "sequence",
            "correlationid",
            "causationid",
            "target",
            "priority",
            "tags",
            "eventattributes",
            "ttl",
            "traceparent",
            "language",
            "schemaversion");

    private static final JsonCodec JSON = JsonCodec.create();

    private OwnContext() {}

    static Map<String, @Nullable Object> write(UniversalEvent event, boolean withoutKept) {
        Map<String, @Nullable Object> context = new LinkedHashMap<>();
        context.put("specversion", "1.0");
        context.put("id", event.id().toString());
        context.put("source", source(event.source()));
        context.put("type", event.type());
        context.put("time", event.timestamp().toString());
        if (event.payload() != null) {
            context.put("datacontenttype", "application/json");
        }
        context.put("sequence", String.format(Locale.ROOT, "%019d", event.sequence()));
        context.put("correlationid", event.correlation().text());
        putFree(context, "causationid", event.causation());
        putFree(context, "target", event.target());
        if (event.priority() != null) {
            context.put("priority", (long) event.priority());
        }
        if (!event.tags().isEmpty()) {
            context.put("tags", escaped(JSON.text(EventJson.tags(event.tags()))));
        }
        putAttributes(context, event.attributes(), withoutKept);
        if (event.ttl() != null) {
            context.put("ttl", event.ttl().toString());
        }
        putFree(context, "traceparent", event.traceparent());
        context.put("language", event.language().id());
        putFree(context, "schemaversion", event.schemaVersion());
        return context;
    }

    private static void putAttributes(
            Map<String, @Nullable Object> context, JsonObject attributes, boolean withoutKept) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>(attributes);
        if (withoutKept) {
            members.remove(CloudContext.KEPT);
        }
        if (!members.isEmpty()) {
            context.put("eventattributes", escaped(JSON.text(JsonValues.object(members, JsonLimits.TOOL))));
        }
    }

    private static String source(Component source) {
        return '/'
                + PercentText.segment(source.type().name())
                + '/'
                + PercentText.segment(source.name())
                + '/'
                + source.id();
    }

    private static void putFree(Map<String, @Nullable Object> context, String name, @Nullable String text) {
        if (text != null) {
            boolean plain =
                    !text.isEmpty() && text.charAt(0) != '"' && text.chars().allMatch(OwnContext::isAllowed);
            context.put(name, plain ? text : escaped(JSON.text(text)));
        }
    }

    /** The characters that CloudEvents allow in texts, but for surrogates, which stand in pairs here. */
    private static boolean isAllowed(int c) {
        return !Character.isISOControl(c) && !(c >= 0xfdd0 && c <= 0xfdef) && c != 0xfffe && c != 0xffff;
    }

    /** JSON text in which the characters that CloudEvents forbid are escapes. */
    private static String escaped(String json) {
        StringBuilder out = new StringBuilder(json.length() + 8);
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (isAllowed(c)) {
                out.append(c);
            } else {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return out.toString();
    }

    /** The same attributes as {@link #write} writes them, where others may write the same value in another way. */
    static Map<String, @Nullable Object> normal(Map<String, @Nullable Object> context) {
        Map<String, @Nullable Object> normal = new LinkedHashMap<>(context);
        if (context.get("priority") instanceof String digits && digits.matches("-?\\d{1,10}")) {
            normal.put("priority", Long.parseLong(digits)); // headers have no types
        }
        if (context.get("time") instanceof String time) {
            try {
                normal.put("time", OffsetDateTime.parse(time).toInstant().toString());
            } catch (DateTimeException e) {
                return normal; // whoever reads it refuses it
            }
        }
        return normal;
    }

    /** Reads what {@link #write} has written; anything else is no event of ours. */
    static UniversalEvent read(Map<String, @Nullable Object> context, @Nullable Object payload) {
        EventMembers members = new EventMembers(JsonValues.object(context, JsonLimits.TOOL));
        EventDraft draft = members.checked(() -> new EventDraft(
                members.text("type"),
                payload,
                component(members.text("source")),
                free(members.optionalText("causationid")),
                free(members.optionalText("target")),
                members.optionalInt("priority"),
                tags(members.optionalText("tags")),
                attributes(members.optionalText("eventattributes")),
                life(members.optionalText("ttl")),
                false));
        EventStamp stamp = members.checked(() -> new EventStamp(
                members.uuid("id"),
                members.instant("time"),
                sequence(members.text("sequence")),
                Language.of(members.text("language")),
                new CorrelationId(members.text("correlationid")),
                free(members.optionalText("traceparent")),
                String.valueOf(free(members.text("schemaversion")))));
        return UniversalEvent.of(draft, stamp);
    }

    private static long sequence(String digits) {
        if (digits.matches("\\d{19}") && digits.compareTo(String.valueOf(Long.MAX_VALUE)) <= 0) {
            return Long.parseLong(digits);
        }
        throw CloudEvents.wrong("sequence", "19 digits");
    }

    private static Component component(String source) {
        String[] parts = source.split("/", -1);
        if (parts.length != 4 || !parts[0].isEmpty()) {
            throw CloudEvents.wrong("source", "a path of type, name and id");
        }
        JsonObject id = JsonObject.of("source", parts[3]);
        return new Component(
                new ComponentType(PercentText.plain(parts[1])),
                PercentText.plain(parts[2]),
                new EventMembers(id).uuid("source"));
    }

    private static @Nullable String free(@Nullable String text) {
        if (text == null || !text.startsWith("\"")) {
            return text;
        }
        return json(text) instanceof String inside ? inside : text;
    }

    private static @Nullable Object json(String text) {
        try {
            return JSON.parse(text, JsonLimits.TOOL);
        } catch (JsonValueException e) {
            throw CloudEvents.wrong("text", "JSON, as it begins like it");
        }
    }

    private static Set<String> tags(@Nullable String text) {
        if (text == null) {
            return Set.of();
        }
        Object tags = json(text);
        return tags instanceof List<?> ? new EventMembers(JsonObject.of("tags", tags)).texts("tags") : Set.of();
    }

    private static JsonObject attributes(@Nullable String text) {
        return text != null && json(text) instanceof JsonObject members ? members : JsonObject.empty();
    }

    private static @Nullable Duration life(@Nullable String text) {
        try {
            return text == null ? null : Duration.parse(text);
        } catch (DateTimeException e) {
            throw CloudEvents.wrong("ttl", "a duration such as PT5S");
        }
    }
}

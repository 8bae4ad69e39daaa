package io.llmspell.core.hook;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Snapshots as JSON and back; reading takes what writing gives and refuses all else by name. */
final class SnapshotJson {
    private static final String WHERE = "the JSON of a hook snapshot";
    private static final Set<String> MEMBERS = Set.of(
            "point",
            "component",
            "operation_id",
            "principal",
            "correlation_id",
            "parent_id",
            "language",
            "timestamp",
            "data",
            "metadata",
            "attempt");
    private static final Set<String> OF_COMPONENT = Set.of("type", "name", "id");

    private SnapshotJson() {}

    static JsonObject write(HookSnapshot seen) {
        Component component = seen.component();
        return JsonObject.of(
                "point", seen.point().name(),
                "component",
                        JsonObject.of(
                                "type", component.type().name(),
                                "name", component.name(),
                                "id", component.id().toString()),
                "operation_id", seen.operationId(),
                "principal", seen.principal(),
                "correlation_id", seen.correlation().text(),
                "parent_id", seen.parentOperation(),
                "language", seen.language().id(),
                "timestamp", seen.timestamp().toString(),
                "data", seen.data(),
                "metadata", new TreeMap<>(seen.metadata()),
                "attempt", seen.attempt());
    }

    static HookSnapshot read(Map<String, ?> json) {
        members(json, "", MEMBERS);
        Map<?, ?> component = map(json, "component");
        members(component, "component.", OF_COMPONENT);
        try {
            return new HookSnapshot(
                    new HookPoint(text(json, "point")),
                    new Component(
                            new ComponentType(text(component, "type")),
                            text(component, "name"),
                            UUID.fromString(text(component, "id"))),
                    text(json, "operation_id"),
                    text(json, "principal"),
                    new CorrelationId(text(json, "correlation_id")),
                    json.get("parent_id") == null ? null : text(json, "parent_id"),
                    Language.of(text(json, "language")),
                    Instant.parse(text(json, "timestamp")),
                    json.get("data"),
                    texts(map(json, "metadata")),
                    attempt(json.get("attempt")));
        } catch (DateTimeException | IllegalArgumentException unfit) {
            throw new ArgumentException(WHERE, String.valueOf(unfit.getMessage()), "what a snapshot's json() gives");
        }
    }

    private static void members(Map<?, ?> json, String path, Set<String> known) {
        for (String name : known) {
            if (!json.containsKey(name)) {
                throw wrong(path + name, null, "present");
            }
        }
        for (Object name : json.keySet()) {
            if (!known.contains(String.valueOf(name))) {
                throw wrong(path + name, json.get(name), "absent: no such member is known");
            }
        }
    }

    private static String text(Map<?, ?> json, String name) {
        if (json.get(name) instanceof String text) {
            return text;
        }
        throw wrong(name, json.get(name), "a text");
    }

    private static Map<?, ?> map(Map<?, ?> json, String name) {
        if (json.get(name) instanceof Map<?, ?> map) {
            return map;
        }
        throw wrong(name, json.get(name), "an object");
    }

    private static Map<String, String> texts(Map<?, ?> json) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Object name : json.keySet()) {
            texts.put(String.valueOf(name), text(json, String.valueOf(name)));
        }
        return texts;
    }

    private static int attempt(@Nullable Object json) {
        if (json instanceof Number number && number.longValue() >= 1 && number.longValue() <= Integer.MAX_VALUE) {
            return number.intValue();
        }
        throw wrong("attempt", json, "a whole number from 1");
    }

    private static ArgumentException wrong(String member, @Nullable Object value, String wanted) {
        return new ArgumentException(WHERE + ": " + member, String.valueOf(value), wanted);
    }
}

package io.llmspell.state.artifact;

import io.llmspell.core.artifact.ArtifactInfo;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.RecordHeader;
import io.llmspell.core.storage.StorageException;
import io.llmspell.state.Sealing;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns records of artifacts into bytes and back. */
final class ArtifactCodec {
    private final RecordCodec records;

    ArtifactCodec(RecordCodec records) {
        this.records = records;
    }

    /** The record of a version; if something in it is secret it is sealed, for the hash of a secret can be guessed. */
    Bytes write(Bytes key, ArtifactInfo info, @Nullable Sealing sealing) {
        JsonObject json = JsonValues.object(members(info), JsonLimits.TOOL);
        return sealing == null
                ? records.encode(key, header(info), json)
                : sealing.seal(records, key, header(info), json);
    }

    private static RecordHeader header(ArtifactInfo info) {
        return RecordHeader.of(
                StateClass.STANDARD.id(), new CorrelationId(info.origin().correlationId()));
    }

    /** A part of a content, sealed. */
    Bytes seal(Bytes key, ArtifactInfo info, Bytes part, Sealing sealing) {
        return sealing.seal(records, key, header(info), Base64.getEncoder().encodeToString(part.toArray()));
    }

    byte[] open(Bytes key, Bytes sealed) {
        try {
            return Base64.getDecoder().decode(String.valueOf(records.decode(key, sealed)));
        } catch (IllegalArgumentException e) {
            throw new StorageException(
                    ErrorCode.STORE_CORRUPT, "a part of an artifact's content is no sealed one; restore the store");
        }
    }

    private static Map<String, @Nullable Object> members(ArtifactInfo info) {
        ArtifactInfo.Origin origin = info.origin();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("artifact_id", info.id());
        json.put("artifact_name", info.name());
        json.put("artifact_type", info.type());
        json.put("version", info.version());
        json.put("form", info.form());
        json.put("content_hash", info.contentHash());
        json.put("size", info.size());
        json.put("session_id", origin.sessionId());
        json.put("creator", origin.creator());
        json.put("correlation_id", origin.correlationId());
        json.put("parents", origin.parents());
        json.put("state_keys", origin.stateKeys());
        json.put("event_ids", origin.eventIds());
        json.put("hook_executions", origin.hookExecutions());
        json.put("created_at", origin.createdAt().toString());
        json.put("permanent", info.permanent());
        json.put("tags", info.tags());
        json.put("metadata", info.metadata());
        return json;
    }

    ArtifactInfo read(Bytes key, Bytes record) {
        JsonObject json = object(records.decode(key, record));
        ArtifactInfo.Origin origin = new ArtifactInfo.Origin(
                (String) json.get("session_id"),
                json.text("creator"),
                json.text("correlation_id"),
                texts(json, "parents"),
                texts(json, "state_keys"),
                texts(json, "event_ids"),
                texts(json, "hook_executions"),
                Instant.parse(json.text("created_at")));
        return new ArtifactInfo(
                json.text("artifact_id"),
                json.text("artifact_name"),
                json.text("artifact_type"),
                number(json, "version"),
                json.text("form"),
                json.text("content_hash"),
                number(json, "size"),
                origin,
                Boolean.TRUE.equals(json.get("permanent")),
                texts(json, "tags"),
                object(json.get("metadata")));
    }

    private static long number(JsonObject json, String name) {
        return json.get(name) instanceof Number number ? number.longValue() : 0;
    }

    private static List<String> texts(JsonObject json, String name) {
        return json.get(name) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static JsonObject object(@Nullable Object value) {
        return value instanceof JsonObject object ? object : JsonObject.empty();
    }
}

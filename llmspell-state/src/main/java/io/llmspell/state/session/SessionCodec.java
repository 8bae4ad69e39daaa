package io.llmspell.state.session;

import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.session.Checkpoint;
import io.llmspell.core.session.SessionInfo;
import io.llmspell.core.session.SessionStatus;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.RecordHeader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns sessions into records of the store and back. */
final class SessionCodec {
    private final RecordCodec records;

    SessionCodec(RecordCodec records) {
        this.records = records;
    }

    Bytes write(Bytes key, SessionRow row, @Nullable CorrelationId correlation) {
        SessionInfo info = row.info();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("session_id", info.id());
        json.put("name", info.name());
        json.put("parent_id", info.parentId());
        json.put("status", info.status().id());
        json.put("started_at", info.startedAt().toString());
        json.put("ended_at", info.endedAt() == null ? null : info.endedAt().toString());
        json.put(
                "checkpoints",
                info.checkpoints().stream().map(SessionCodec::json).toList());
        json.put("tags", info.tags());
        json.put("metadata", info.metadata());
        json.put("keep_state", info.keepState());
        json.put("bound_to", row.boundTo());
        json.put("cleaned", row.cleaned());
        return records.encode(
                key, RecordHeader.of(StateClass.STANDARD.id(), correlation), JsonValues.object(json, JsonLimits.TOOL));
    }

    Bytes instant(Bytes key, Instant when) {
        return records.encode(
                key, RecordHeader.of(StateClass.STANDARD.id(), null), JsonObject.of("used_at", when.toString()));
    }

    Instant instant(Bytes key, Bytes record) {
        return Instant.parse(object(records.decode(key, record)).text("used_at"));
    }

    private static JsonObject json(Checkpoint checkpoint) {
        return JsonObject.of(
                "checkpoint_id",
                checkpoint.id(),
                "name",
                checkpoint.name(),
                "created_at",
                checkpoint.createdAt().toString(),
                "keys",
                checkpoint.keys(),
                "annotations",
                checkpoint.annotations());
    }

    SessionRow read(Bytes key, Bytes record) {
        JsonObject json = object(records.decode(key, record));
        List<Checkpoint> checkpoints = new ArrayList<>();
        for (Object each : list(json.get("checkpoints"))) {
            checkpoints.add(checkpoint(object(each)));
        }
        String status = json.text("status");
        SessionInfo info = new SessionInfo(
                json.text("session_id"),
                (String) json.get("name"),
                (String) json.get("parent_id"),
                status.equals(SessionStatus.ACTIVE.id()) ? SessionStatus.ACTIVE : SessionStatus.ENDED,
                Instant.parse(json.text("started_at")),
                json.get("ended_at") instanceof String ended ? Instant.parse(ended) : null,
                checkpoints,
                list(json.get("tags")).stream().map(String::valueOf).toList(),
                object(json.get("metadata")),
                Boolean.TRUE.equals(json.get("keep_state")));
        return new SessionRow(info, (String) json.get("bound_to"), Boolean.TRUE.equals(json.get("cleaned")));
    }

    private static Checkpoint checkpoint(JsonObject json) {
        return new Checkpoint(
                json.text("checkpoint_id"),
                (String) json.get("name"),
                Instant.parse(json.text("created_at")),
                json.get("keys") instanceof Number keys ? keys.longValue() : 0,
                object(json.get("annotations")));
    }

    private static JsonObject object(@Nullable Object value) {
        return value instanceof JsonObject object ? object : JsonObject.empty();
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }
}

package io.llmspell.storage;

import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.audit.AuditTrimming;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.LogChain;
import io.llmspell.core.storage.StorageException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Audit records as JSON values; the names are part of the storage format. */
final class AuditRecordJson {
    private static final int LONGEST = 4_096;
    private static final String TRIMMED = "trimmed";

    private AuditRecordJson() {}

    static JsonObject write(AuditRecord record) {
        JsonObject json = JsonObject.of(
                "timestamp", record.timestamp().toString(),
                "principal", write(record.principal()),
                "action", cut(record.action()),
                "target", cut(record.target()),
                "allowed", record.allowed(),
                "reason", cut(record.reason()),
                "correlation_id", record.correlation().text());
        String key = record.key();
        json = key == null ? json : json.with("key", cut(key));
        return record.count() == 1 ? json : json.with("count", record.count());
    }

    /** The record of a trimming, with what went: how many, and the last one by position and link. */
    static JsonObject write(AuditRecord record, long removed, LogChain.Head last) {
        JsonObject gone = JsonObject.of("records", removed, "up_to", last.position(), "link", hex(last.link()));
        return write(record).with(TRIMMED, gone);
    }

    private static String hex(Bytes link) {
        return HexFormat.of().formatHex(link.toArray());
    }

    /** What a record says of a trimming, null if it is about something else. */
    static @Nullable Checkpoint checkpoint(@Nullable Object json) {
        if (!(json instanceof JsonObject record) || !(record.get(TRIMMED) instanceof JsonObject gone)) {
            return null;
        }
        AuditRecord about = read(json);
        if (gone.get("records") instanceof Long removed
                && gone.get("up_to") instanceof Long position
                && gone.get("link") instanceof String link) {
            AuditTrimming trimming =
                    new AuditTrimming(removed, about.principal(), about.timestamp(), about.correlation());
            return new Checkpoint(trimming, position, link);
        }
        throw foreign(null);
    }

    /**
     * The end of what was trimmed, as the log says it.
     *
     * @param trimming who removed how much
     * @param position the last record that went
     * @param link its link, in hexadecimal
     */
    record Checkpoint(AuditTrimming trimming, long position, String link) {
        boolean endsAt(LogChain.Head anchor) {
            return position == anchor.position() && link.equals(hex(anchor.link()));
        }
    }

    private static JsonObject write(Principal principal) {
        if (principal instanceof Principal.RuntimePart part) {
            return JsonObject.of("type", "runtime", "id", part.part());
        } else if (principal instanceof Principal.Script script) {
            return JsonObject.of("type", "script", "id", script.engine(), "script", script.script());
        } else if (principal instanceof Principal.Agent agent) {
            return JsonObject.of("type", "agent", "id", agent.id());
        } else if (principal instanceof Principal.Workflow workflow) {
            return JsonObject.of("type", "workflow", "id", workflow.runId());
        }
        return JsonObject.of("type", "host");
    }

    private static String cut(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST - 2)) ? LONGEST - 2 : LONGEST - 1;
        return text.substring(0, end) + "…";
    }

    static AuditRecord read(@Nullable Object json) {
        try {
            if (json instanceof JsonObject record
                    && record.get("principal") instanceof JsonObject principal
                    && record.get("allowed") instanceof Boolean allowed) {
                return new AuditRecord(
                        Instant.parse(record.text("timestamp")),
                        principal(principal),
                        record.text("action"),
                        record.text("target"),
                        record.get("key") instanceof String key ? key : null,
                        allowed,
                        record.text("reason"),
                        new CorrelationId(record.text("correlation_id")),
                        record.get("count") instanceof Long count ? count : 1);
            }
        } catch (LlmSpellException | DateTimeException wrong) {
            throw foreign(wrong);
        }
        throw foreign(null);
    }

    private static Principal principal(JsonObject json) {
        return switch (json.text("type")) {
            case "host" -> new Principal.Host();
            case "runtime" -> new Principal.RuntimePart(json.text("id"));
            case "script" ->
                new Principal.Script(json.text("id"), json.get("script") instanceof String name ? name : null);
            case "agent" -> new Principal.Agent(json.text("id"));
            case "workflow" -> new Principal.Workflow(json.text("id"));
            default -> throw foreign(null);
        };
    }

    private static StorageException foreign(@Nullable Throwable cause) {
        return new StorageException(
                ErrorCode.STORE_CORRUPT, "an audit record has a form that no release writes", Map.of(), cause);
    }
}

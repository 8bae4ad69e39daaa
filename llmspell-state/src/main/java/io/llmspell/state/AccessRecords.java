package io.llmspell.state;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.state.Boundary;
import io.llmspell.core.state.GrantAccess;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateGrant;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.RecordHeader;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.storage.Write;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rights as records in the space {@code meta}; keys and names are part of the storage format. */
final class AccessRecords {
    /** Where all records of rights are. */
    static final Range ALL = Range.prefix(Bytes.utf8("access:"));

    private static final Bytes GRANTS = Bytes.utf8("access:grant:");
    private static final Bytes AGENTS = Bytes.utf8("access:agent:");
    private static final Bytes SHARED = Bytes.utf8("access:shared:");

    private final RecordCodec codec;

    AccessRecords(RecordCodec codec) {
        this.codec = codec;
    }

    /** What a record says. */
    sealed interface Entry {}

    /** A grant. */
    record Granted(StateGrant grant) implements Entry {}

    /** All of an agent's rights but its grants. */
    record Bounded(String agent, boolean cutOff, Boundary boundary) implements Entry {}

    /** A shared scope and who declared it. */
    record Shared(Scope scope, String owner) implements Entry {}

    Write put(StateGrant grant, CorrelationId run) {
        Instant expiry = grant.expiry();
        JsonObject json = JsonObject.of(
                "scope", grant.scope().text(),
                "agent", grant.agent(),
                "access", grant.access().id(),
                "by", grant.by(),
                "expires_at", expiry == null ? null : expiry.toEpochMilli());
        return put(grantKey(grant.scope(), grant.agent()), json, run);
    }

    Write delete(StateGrant grant) {
        return new Write.Delete(Space.META, grantKey(grant.scope(), grant.agent()));
    }

    private static Bytes grantKey(Scope scope, String agent) {
        return GRANTS.plus(StateKey.prefix(scope)).plus(Bytes.utf8(agent));
    }

    Write put(String agent, AgentRights rights, CorrelationId run) {
        Bytes key = AGENTS.plus(Bytes.utf8(agent));
        if (rights.plain()) {
            return new Write.Delete(Space.META, key);
        }
        Boundary boundary = rights.boundary();
        return put(
                key,
                JsonObject.of(
                        "agent", agent,
                        "cut_off", rights.cutOff(),
                        "boundary", boundary.kind().id(),
                        "read_all", boundary.readAll(),
                        "write_shared", boundary.writeShared()),
                run);
    }

    Write put(Scope shared, String owner, CorrelationId run) {
        return put(sharedKey(shared), JsonObject.of("scope", shared.text(), "owner", owner), run);
    }

    Write delete(Scope shared) {
        return new Write.Delete(Space.META, sharedKey(shared));
    }

    private static Bytes sharedKey(Scope shared) {
        return SHARED.plus(StateKey.prefix(shared));
    }

    private Write put(Bytes key, JsonObject json, CorrelationId run) {
        return new Write.Put(Space.META, key, codec.encode(key, RecordHeader.of("standard", run), json));
    }

    /** Reads a record; what cannot be read is no reason to allow anything, so it is an error. */
    Entry read(Bytes key, Stored stored) {
        try {
            if (codec.decode(key, stored.value()) instanceof JsonObject json) {
                if (key.startsWith(GRANTS)) {
                    return new Granted(grant(json));
                }
                if (key.startsWith(AGENTS)) {
                    return bounded(json);
                }
                if (key.startsWith(SHARED)) {
                    return new Shared(Scope.parse(json.text("scope")), json.text("owner"));
                }
            }
        } catch (JsonValueException | StateException | ArgumentException wrong) {
            throw foreign(wrong);
        }
        throw foreign(null);
    }

    private static StateGrant grant(JsonObject json) {
        return new StateGrant(
                Scope.parse(json.text("scope")),
                json.text("agent"),
                GrantAccess.of(json.text("access")),
                json.text("by"),
                json.get("expires_at") instanceof Long millis ? Instant.ofEpochMilli(millis) : null);
    }

    private static Bounded bounded(JsonObject json) {
        String kind = json.text("boundary");
        Boundary boundary = switch (kind) {
            case "strict" -> Boundary.STRICT;
            case "read_only_shared" -> Boundary.READ_ONLY_SHARED;
            case "shared_access" -> Boundary.SHARED_ACCESS;
            case "custom" -> Boundary.custom(flag(json, "read_all"), flag(json, "write_shared"), null);
            default -> throw foreign(null);
        };
        return new Bounded(json.text("agent"), flag(json, "cut_off"), boundary);
    }

    private static boolean flag(JsonObject json, String name) {
        return Boolean.TRUE.equals(json.get(name));
    }

    private static StorageException foreign(@Nullable Throwable cause) {
        return new StorageException(
                ErrorCode.STORE_CORRUPT,
                "a record of who may use which state has a form that this release does not know, so nobody but the"
                        + " host can use state; restore the store from a backup, or open it with the release that"
                        + " wrote it",
                Map.of(),
                cause);
    }
}

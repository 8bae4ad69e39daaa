package io.llmspell.hooks.distributed;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.HookSnapshot;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.storage.Bytes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Contexts as bytes: canonical JSON (fixed members in a fixed order, sets and texts sorted) under a seal.
 *
 * <p>Reading is strict: the size is checked first, then the signature, then every member must be there and none that is
 * not known. Safe for threads.
 */
final class ContextCodec {
    static final int MOST_BYTES = 256 * 1024;
    static final int MOST_KEYS = 64;
    static final int MOST_TEXT = 1024;

    private static final JsonLimits LIMITS = new JsonLimits(64, 100_000, MOST_BYTES);

    /** What the hooks of another process can decide. */
    private static final HookResultKind[] DECISIONS = {
        HookResultKind.CONTINUE, HookResultKind.MODIFIED, HookResultKind.REPLACE, HookResultKind.CANCEL
    };

    private final JsonCodec json;
    private final Seal seal;

    ContextCodec(JsonCodec json, Seal seal) {
        this.json = json;
        this.seal = seal;
    }

    /**
     * What was read.
     *
     * @param context the context
     * @param key the key that signed it
     */
    record Read(DistributedHookContext context, PeerKey key) {}

    Bytes write(DistributedHookContext context) {
        checkMetadata("context", context.context().metadata());
        checkMetadata("metadata", context.metadata());
        byte[] payload = json.bytes(shown(context));
        if (payload.length > MOST_BYTES) {
            throw Refusal.tooLarge("the context", payload.length, MOST_BYTES + " bytes");
        }
        Bytes sealed = seal.close(payload);
        checkSize(sealed);
        return sealed;
    }

    private static void checkSize(Bytes sealed) {
        if (sealed.length() > MOST_BYTES) {
            throw Refusal.tooLarge("the context", sealed.length(), MOST_BYTES + " bytes");
        }
    }

    private static void checkMetadata(String where, Map<String, String> texts) {
        if (texts.size() > MOST_KEYS) {
            throw Refusal.tooLarge("the metadata of " + where, texts.size(), MOST_KEYS + " keys");
        }
        texts.forEach((key, value) -> {
            int longest = Math.max(
                    key.getBytes(StandardCharsets.UTF_8).length, value.getBytes(StandardCharsets.UTF_8).length);
            if (longest > MOST_TEXT) {
                throw Refusal.tooLarge("a text in the metadata of " + where, longest, MOST_TEXT + " bytes");
            }
        });
    }

    // ---- writing ----

    private static JsonObject shown(DistributedHookContext context) {
        return JsonObject.of(
                "context", context.context().json(),
                "source", source(context.source()),
                "audience", context.audience(),
                "propagation", propagation(context.propagation()),
                "security", security(context.security()),
                "network_correlation_id", context.networkCorrelationId(),
                "traceparent", context.traceparent(),
                "in_reply_to", context.inReplyTo(),
                "remote_results",
                        context.remoteResults().stream()
                                .map(ContextCodec::result)
                                .toList(),
                "metadata", new TreeMap<>(context.metadata()));
    }

    private static JsonObject source(DistributedHookContext.Source source) {
        return JsonObject.of(
                "node_id", source.nodeId(),
                "agent_id", source.agentId(),
                "address", source.address(),
                "capabilities", sorted(source.capabilities()));
    }

    private static JsonObject propagation(Propagation where) {
        return JsonObject.of(
                "broadcast", where.broadcast(),
                "target_agents", sorted(where.targetAgents()),
                "max_hops", where.maxHops(),
                "hops", where.hops(),
                "await_remote", where.awaitRemote(),
                "remote_timeout_ms", where.remoteTimeout().toMillis(),
                "continue_on_failure", where.continueOnFailure(),
                "network_priority", where.priority().id());
    }

    private static JsonObject security(DistributedHookContext.Security security) {
        return JsonObject.of(
                "allowed_points", sorted(security.allowedPoints()),
                "trusted_agents", sorted(security.trustedAgents()),
                "allowed_ips", sorted(security.allowedIps()),
                "expires_at", security.expiresAt().toString(),
                "nonce", security.nonce());
    }

    private static JsonObject result(RemoteResult result) {
        HookResultKind kind = result.result();
        return JsonObject.of(
                "node_id", result.nodeId(),
                "agent_id", result.agentId(),
                "result", kind == null ? null : kind.id(),
                "reason", result.reason(),
                "data", result.data(),
                "error", result.error(),
                "took_ms", Math.min(Integer.MAX_VALUE, result.took().toMillis()));
    }

    private static List<String> sorted(Set<String> texts) {
        return new ArrayList<>(new TreeSet<>(texts));
    }

    // ---- reading ----

    /** Reads what was received; throws the refusal that fits. */
    Read read(Bytes sealed) {
        checkSize(sealed);
        Seal.Opened opened = seal.open(sealed);
        try {
            Object value = json.parse(opened.payload().toArray(), LIMITS);
            return new Read(context(Fields.of("context", value)), opened.key());
        } catch (HookException refusal) {
            throw refusal.code().equals(ErrorCode.UNKNOWN_HOOK_POINT)
                    ? Refusal.invalid(refusal.text(), refusal)
                    : refusal;
        } catch (LlmSpellException malformed) {
            throw Refusal.invalid(malformed.text(), malformed);
        } catch (RuntimeException malformed) { // instants and ids of the JDK
            throw Refusal.invalid("an instant, id or number is malformed", malformed);
        }
    }

    private static DistributedHookContext context(Fields from) {
        DistributedHookContext read = new DistributedHookContext(
                readSnapshot(from.object("context")),
                readSource(from.object("source")),
                from.text("audience"),
                readPropagation(from.object("propagation")),
                readSecurity(from.object("security")),
                from.text("network_correlation_id"),
                readTraceparent(from.textOrNull("traceparent")),
                from.textOrNull("in_reply_to"),
                from.objects("remote_results").stream()
                        .map(ContextCodec::readResult)
                        .toList(),
                from.textMap("metadata"));
        from.end();
        checkMetadata("context", read.context().metadata());
        checkMetadata("metadata", read.metadata());
        return read;
    }

    private static @Nullable String readTraceparent(@Nullable String text) {
        if (text != null && !Traceparent.valid(text)) {
            throw Refusal.invalid("context.traceparent is no W3C traceparent", null);
        }
        return text;
    }

    private static HookSnapshot readSnapshot(Fields from) {
        Fields component = from.object("component");
        HookSnapshot read = new HookSnapshot(
                new HookPoint(from.text("point")),
                new Component(
                        new ComponentType(component.text("type")),
                        component.text("name"),
                        UUID.fromString(component.text("id"))),
                from.text("operation_id"),
                from.text("principal"),
                new CorrelationId(from.text("correlation_id")),
                from.textOrNull("parent_id"),
                Language.of(from.text("language")),
                Instant.parse(from.text("timestamp")),
                from.any("data"),
                from.textMap("metadata"),
                from.small("attempt"));
        component.end();
        from.end();
        return read;
    }

    private static DistributedHookContext.Source readSource(Fields from) {
        DistributedHookContext.Source read = new DistributedHookContext.Source(
                from.text("node_id"), from.text("agent_id"), from.textOrNull("address"), from.texts("capabilities"));
        from.end();
        return read;
    }

    private static Propagation readPropagation(Fields from) {
        Propagation read = new Propagation(
                from.flag("broadcast"),
                from.texts("target_agents"),
                from.small("max_hops"),
                from.small("hops"),
                from.flag("await_remote"),
                Duration.ofMillis(from.integer("remote_timeout_ms")),
                from.flag("continue_on_failure"),
                choice(from.text("network_priority"), NetworkPriority.values()));
        from.end();
        return read;
    }

    private static DistributedHookContext.Security readSecurity(Fields from) {
        DistributedHookContext.Security read = new DistributedHookContext.Security(
                from.texts("allowed_points"),
                from.texts("trusted_agents"),
                from.texts("allowed_ips"),
                Instant.parse(from.text("expires_at")),
                from.text("nonce"));
        from.end();
        return read;
    }

    private static RemoteResult readResult(Fields from) {
        String kind = from.textOrNull("result");
        RemoteResult read = new RemoteResult(
                from.text("node_id"),
                from.text("agent_id"),
                kind == null ? null : choice(kind, DECISIONS),
                from.textOrNull("reason"),
                from.any("data"),
                from.textOrNull("error"),
                Duration.ofMillis(from.small("took_ms")));
        from.end();
        return read;
    }

    private static <E extends Enum<E>> E choice(String text, E[] all) {
        for (E each : all) {
            if (each.name().toLowerCase(Locale.ROOT).equals(text)) {
                return each;
            }
        }
        throw Refusal.invalid(
                "\"" + (text.length() <= 40 ? text : text.substring(0, 40)) + "\" is no known word", null);
    }
}

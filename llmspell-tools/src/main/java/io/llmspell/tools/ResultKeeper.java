package io.llmspell.tools;

import io.llmspell.core.error.InternalException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.identity.Language;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.ScopeKind;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateView;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps results of tools and gives them again to the same principal for the same parameters of the same registration.
 *
 * <p>They are ephemeral values in the scope of each tool: in memory only, as many as state allows of these, the one that was
 * not used for longest going first, each for its time. Their keys are hashes, so that no parameter can be read from them.
 * <b>Threads:</b> safe; two calls at once may both run the tool.
 */
final class ResultKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(ResultKeeper.class);
    private static final JsonCodec CODEC = JsonCodec.create();

    private final StateManager state;
    private final IdGenerator ids;
    private final ToolSettings settings;

    ResultKeeper(StateManager state, IdGenerator ids, ToolSettings settings) {
        this.state = state;
        this.ids = ids;
        this.settings = settings;
    }

    /** The place of a call's result; null if results of its tool are not kept. */
    @Nullable StateKey key(Invocation call, JsonObject parameters, Caller caller) {
        if (!settings.keeps(call.name())) {
            return null;
        }
        try {
            return StateKey.of(
                    Scope.of(ScopeKind.TOOL, call.name()),
                    "result:" + hash(call.entry().number(), caller.principal().text(), parameters));
        } catch (LlmSpellException unfit) { // a name that cannot be a scope
            return null;
        }
    }

    private static String hash(long registration, String principal, JsonObject parameters) {
        MessageDigest digest = sha256();
        digest.update((registration + "\n" + principal + "\n").getBytes(StandardCharsets.UTF_8));
        digest.update(CODEC.bytes(sorted(parameters)));
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            // every Java platform has SHA-256
            throw InternalException.coded("hashing the parameters of a tool", e);
        }
    }

    /** The order of members is no difference. */
    private static @Nullable Object sorted(@Nullable Object json) {
        if (json instanceof Map<?, ?> members) {
            Map<String, @Nullable Object> ordered = new TreeMap<>();
            members.forEach((name, value) -> ordered.put(String.valueOf(name), sorted(value)));
            return ordered;
        }
        if (json instanceof List<?> items) {
            List<@Nullable Object> all = new ArrayList<>(items.size());
            items.forEach(item -> all.add(sorted(item)));
            return all;
        }
        return json;
    }

    /** What is kept; null if nothing is. */
    @Nullable JsonObject get(StateKey key) {
        try {
            Object kept = view().get(key).map(value -> value.json()).orElse(null);
            return kept instanceof Map<?, ?> result ? JsonValues.object(result, JsonLimits.TOOL) : null;
        } catch (LlmSpellException unreadable) {
            LOG.warn("a kept result of a tool could not be read: {}", LogText.masked(unreadable.text()));
            return null;
        }
    }

    /** Keeps a result, unless it is larger than a value of state may be. */
    void put(StateKey key, JsonObject result) {
        if (JsonValues.bytes(result) > JsonLimits.VALUE.bytes()) {
            return;
        }
        try {
            view().apply(List.of(new StateChange.Put(key, result, settings.cacheTtl(), StateClass.EPHEMERAL)))
                    .orThrow();
        } catch (LlmSpellException refused) {
            LOG.debug("a result of a tool was not kept: {}", LogText.masked(refused.text()));
        }
    }

    private StateView view() {
        return state.as(Caller.of(
                new Principal.RuntimePart("tools"),
                Language.JAVA,
                new CorrelationId(ids.next().toString())));
    }
}

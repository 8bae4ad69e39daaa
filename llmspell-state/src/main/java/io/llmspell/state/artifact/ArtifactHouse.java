package io.llmspell.state.artifact;

import io.llmspell.core.artifact.ArtifactContent;
import io.llmspell.core.artifact.ArtifactInfo;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.session.SessionManager;
import io.llmspell.core.state.Scope;
import io.llmspell.core.time.TimeSource;
import io.llmspell.state.RecordBatch;
import io.llmspell.state.StateScopes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What all operations of artifacts need.
 *
 * @param store the records
 * @param scopes who may use what
 * @param sessions the sessions that artifacts belong to
 * @param events the bus, or null
 * @param time the clock
 * @param ids makes ids
 * @param redactor masks secrets
 */
record ArtifactHouse(
        ArtifactStore store,
        StateScopes scopes,
        SessionManager sessions,
        @Nullable EventBus events,
        TimeSource time,
        IdGenerator ids,
        Redactor redactor) {
    private static final ComponentType TYPE = new ComponentType("artifact");
    private static final String AGENT = "agent:";
    private static final String WORKFLOW = "workflow:";

    static Component component(String id, String name) {
        return new Component(TYPE, name, UUID.fromString(id));
    }

    /** Whose rights decide about an artifact: its agent's or workflow's, else its session's, else everybody's. */
    static Scope owner(ArtifactInfo info) {
        return owner(info.origin().creator(), info.origin().sessionId());
    }

    static Scope owner(String creator, @Nullable String sessionId) {
        if (creator.startsWith(AGENT)) {
            return Scope.agent(creator.substring(AGENT.length()));
        }
        if (creator.startsWith(WORKFLOW)) {
            return Scope.workflow(creator.substring(WORKFLOW.length()));
        }
        return sessionId == null ? Scope.GLOBAL : Scope.session(sessionId);
    }

    /** Whether something is recognised as secret in a version, so that it must not stand in clear; bytes are not looked at. */
    boolean secret(ArtifactContent content, ArtifactInfo info) {
        if (content instanceof ArtifactContent.Text text && secret(text.text())) {
            return true;
        }
        if (content instanceof ArtifactContent.Json json && redactor.value(json.value()) != json.value()) {
            return true;
        }
        return info.tags().stream().anyMatch(this::secret);
    }

    private boolean secret(String text) {
        return !redactor.text(text).equals(text);
    }

    RecordBatch batch() {
        return new RecordBatch(store.backend(), events, redactor);
    }

    static Map<String, @Nullable Object> payload(ArtifactInfo info) {
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        payload.put("artifact_id", info.id());
        payload.put("artifact_name", info.name());
        payload.put("artifact_type", info.type());
        payload.put("version", info.version());
        if (info.origin().sessionId() != null) {
            payload.put("session_id", info.origin().sessionId());
        }
        return payload;
    }
}

package io.llmspell.bridge.globals;

import io.llmspell.core.artifact.ArtifactContent;
import io.llmspell.core.artifact.ArtifactInfo;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptObject;
import io.llmspell.core.script.ScriptObjectType;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One version of an artifact in scripts. */
final class ArtifactObject implements ScriptObject {
    private static final ScriptObjectType TYPE = ScriptObjectType.of(
            "artifact",
            memberTable(),
            List.of(ScriptFunction.waiting(
                    "content",
                    "",
                    "The content: a text, a value, or bytes in Base64; nil if the artifact is gone.",
                    call -> self(call).content(call))));

    private final GlobalServices services;
    private final ArtifactInfo info;

    ArtifactObject(GlobalServices services, ArtifactInfo info) {
        this.services = services;
        this.info = info;
    }

    private static ArtifactObject self(ScriptCall call) {
        return call.self(ArtifactObject.class);
    }

    private static Map<String, Function<ScriptObject, @Nullable Object>> memberTable() {
        Map<String, Function<ArtifactInfo, @Nullable Object>> table = new LinkedHashMap<>();
        table.put("artifact_id", ArtifactInfo::id);
        table.put("id", ArtifactInfo::id);
        table.put("artifact_name", ArtifactInfo::name);
        table.put("name", ArtifactInfo::name);
        table.put("artifact_type", ArtifactInfo::type);
        table.put("type", ArtifactInfo::type);
        table.put("version", ArtifactInfo::version);
        table.put("form", ArtifactInfo::form);
        table.put("content_hash", ArtifactInfo::contentHash);
        table.put("size", ArtifactInfo::size);
        table.put("session_id", info -> info.origin().sessionId());
        table.put("creator", info -> info.origin().creator());
        table.put("correlation_id", info -> info.origin().correlationId());
        table.put("parents", info -> info.origin().parents());
        table.put("state_keys", info -> info.origin().stateKeys());
        table.put("event_ids", info -> info.origin().eventIds());
        table.put("hook_executions", info -> info.origin().hookExecutions());
        table.put("created_at", info -> info.origin().createdAt().toString());
        table.put("permanent", ArtifactInfo::permanent);
        table.put("tags", ArtifactInfo::tags);
        table.put("metadata", ArtifactInfo::metadata);
        Map<String, Function<ScriptObject, @Nullable Object>> members = new LinkedHashMap<>();
        table.forEach((name, member) -> members.put(name, object -> member.apply(((ArtifactObject) object).info)));
        return members;
    }

    private @Nullable Object content(ScriptCall call) {
        return services.sessions()
                .results()
                .get(info.id(), info.version(), call.caller())
                .map(artifact -> shown(artifact.content()))
                .orElse(null);
    }

    private static @Nullable Object shown(ArtifactContent content) {
        if (content instanceof ArtifactContent.Text text) {
            return text.text();
        }
        return content instanceof ArtifactContent.Json json
                ? json.value()
                : Base64.getEncoder()
                        .encodeToString(
                                ((ArtifactContent.Binary) content).bytes().toArray());
    }

    @Override
    public ScriptObjectType type() {
        return TYPE;
    }

    @Override
    public String id() {
        return info.id();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ArtifactObject that && info.equals(that.info);
    }

    @Override
    public int hashCode() {
        return info.hashCode();
    }
}

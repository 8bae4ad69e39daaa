package io.llmspell.bridge.globals;

import io.llmspell.core.artifact.Artifact;
import io.llmspell.core.artifact.ArtifactContent;
import io.llmspell.core.artifact.ArtifactDraft;
import io.llmspell.core.artifact.ArtifactManager;
import io.llmspell.core.artifact.ArtifactQuery;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptModule;
import io.llmspell.core.script.ScriptObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The global {@code Artifact}: named, versioned results. */
final class ArtifactGlobal {
    private static final Set<String> STORE_OPTIONS =
            Set.of("name", "type", "content", "tags", "metadata", "session", "permanent", "parents", "derivation");
    private static final Set<String> FILTER =
            Set.of("name", "type", "session", "correlation_id", "creator", "tag", "parent", "limit");

    private final GlobalServices services;

    private ArtifactGlobal(GlobalServices services) {
        this.services = services;
    }

    static ScriptModule describe(GlobalServices services) {
        ArtifactGlobal artifact = new ArtifactGlobal(services);
        return ScriptModule.of(
                "Artifact",
                "Named, versioned results of a script, with what they came from.",
                List.of(
                        ScriptFunction.waiting(
                                "store",
                                "{name, type, content, tags, metadata, permanent=false, parents, derivation, session}",
                                "Stores a content of at most 10 MiB, under a present name as a new version.",
                                artifact::store),
                        ScriptFunction.waiting(
                                "get", "id, version?", "Gives an artifact, or nil; the newest version.", artifact::get),
                        ScriptFunction.waiting(
                                "list",
                                "{name, type, session, correlation_id, creator, tag, parent, limit=1000}?",
                                "The artifacts that fit.",
                                artifact::list),
                        ScriptFunction.waiting(
                                "delete",
                                "id",
                                "Removes an artifact with its versions; gives whether it was there.",
                                artifact::delete)));
    }

    private ArtifactManager manager() {
        return services.sessions().results();
    }

    private Object store(ScriptCall call) {
        OptionReader options = new OptionReader(call.function(), call.map(0, "artifact"), STORE_OPTIONS);
        ArtifactContent content = content(call, options);
        String type = options.text("type", content.form());
        ArtifactDraft draft = ArtifactDraft.of(options.requiredText("name"), type, content)
                .withSession(session(call, options))
                .withPermanent(options.flag("permanent", false))
                .withTags(options.texts("tags"));
        List<String> parents = ids(call, options.raw("parents"));
        if (!parents.isEmpty() || options.has("derivation")) {
            draft = draft.withParents(options.text("derivation", draft.derivation()), parents);
        }
        Object metadata = ScriptCall.plain(options.map("metadata"));
        if (metadata instanceof Map<?, ?> map && !map.isEmpty()) {
            draft = draft.withMetadata(SessionGlobal.texts(map));
        }
        return new ArtifactObject(services, manager().store(draft, call.caller()));
    }

    private static ArtifactContent content(ScriptCall call, OptionReader options) {
        if (!options.has("content")) {
            throw new ArgumentException(call.function() + ": option \"content\" is missing");
        }
        Object content = ScriptCall.plain(options.raw("content"));
        return content instanceof String text ? new ArtifactContent.Text(text) : new ArtifactContent.Json(content);
    }

    /** The session that is named, else the script's current one; agents and workflows have theirs beside sessions. */
    private @Nullable String session(ScriptCall call, OptionReader options) {
        if (Boolean.FALSE.equals(options.raw("session"))) {
            return null;
        }
        if (options.has("session")) {
            return options.text("session", "");
        }
        Principal principal = call.caller().principal();
        boolean own = principal instanceof Principal.Agent || principal instanceof Principal.Workflow;
        return own ? null : services.sessions().ofRun(call).id();
    }

    private static List<String> ids(ScriptCall call, @Nullable Object value) {
        if (value == null || (value instanceof Map<?, ?> map && map.isEmpty())) {
            return List.of();
        }
        List<String> ids = new ArrayList<>();
        for (Object each : value instanceof List<?> list ? list : List.of(value)) {
            if (each instanceof ScriptObject object) {
                ids.add(object.id());
            } else if (each instanceof String text) {
                ids.add(text);
            } else {
                throw new ArgumentException(
                        call.function() + ": option \"parents\" must be an array of artifacts or their ids");
            }
        }
        return ids;
    }

    private @Nullable Object get(ScriptCall call) {
        String id = call.text(0, "id");
        Optional<Artifact> found = call.has(1)
                ? manager().get(id, version(call), call.caller())
                : manager().get(id, call.caller());
        return found.map(artifact -> new ArtifactObject(services, artifact.info()))
                .orElse(null);
    }

    private static long version(ScriptCall call) {
        Number version = call.number(1, "version", 1L);
        if (version.doubleValue() != Math.rint(version.doubleValue())) {
            throw new ArgumentException(call.function() + ": version", version.toString(), "a whole number");
        }
        return version.longValue();
    }

    private Object list(ScriptCall call) {
        OptionReader filter = new OptionReader(call.function(), call.map(0, "filter"), FILTER);
        ArtifactQuery query = new ArtifactQuery(
                filter.optionalText("name"),
                filter.optionalText("type"),
                filter.optionalText("session"),
                filter.optionalText("correlation_id"),
                filter.optionalText("creator"),
                filter.optionalText("tag"),
                filter.optionalText("parent"),
                (int) filter.whole("limit", 1_000, 1, 10_000));
        return manager().query(query, call.caller()).stream()
                .map(info -> new ArtifactObject(services, info))
                .toList();
    }

    private Object delete(ScriptCall call) {
        return manager().delete(call.text(0, "id"), call.caller());
    }
}

package io.llmspell.bridge.globals;

import io.llmspell.core.artifact.ArtifactQuery;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptObject;
import io.llmspell.core.script.ScriptObjectType;
import io.llmspell.core.session.Checkpoint;
import io.llmspell.core.session.Session;
import io.llmspell.core.session.SessionInfo;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.state.StateView;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A session in scripts. */
final class SessionObject implements ScriptObject {
    private static final List<String> CHANGING = List.of("status", "ended_at", "checkpoints");

    private static final ScriptObjectType TYPE = new ScriptObjectType(
            "session",
            memberTable(),
            List.of(
                    ScriptFunction.waiting(
                            "checkpoint",
                            "name?",
                            "Copies the state of the session; gives the id of the copy.",
                            call -> self(call).checkpoint(call)),
                    ScriptFunction.waiting(
                            "restore",
                            "checkpoint",
                            "Puts the state back as it was at a checkpoint, given by id or name.",
                            call -> self(call).restore(call)),
                    ScriptFunction.waiting(
                            "finish",
                            "",
                            "Ends the session; its state, checkpoints and artifacts go unless it keeps them.",
                            call -> self(call).finish(call)),
                    ScriptFunction.waiting(
                            "get",
                            "key",
                            "Gives a value of the session's state, or nil.",
                            call -> self(call).get(call)),
                    ScriptFunction.waiting(
                            "set",
                            "key, value",
                            "Stores a value in the session's state; nil removes it.",
                            call -> self(call).set(call)),
                    ScriptFunction.waiting(
                            "artifacts",
                            "",
                            "The artifacts of the session.",
                            call -> self(call).artifacts(call))),
            null,
            (object, name) ->
                    CHANGING.contains(name) ? ((SessionObject) object).now().get(name) : null,
            null,
            false);

    private final GlobalServices services;
    private final Session session;

    SessionObject(GlobalServices services, Session session) {
        this.services = services;
        this.session = session;
    }

    private Map<String, @Nullable Object> now() {
        return shown(session.info());
    }

    /** What stays as it is. */
    private static Map<String, Function<ScriptObject, @Nullable Object>> memberTable() {
        Map<String, Function<ScriptObject, @Nullable Object>> table = new LinkedHashMap<>();
        for (String name : List.of("session_id", "name", "parent_id", "started_at", "tags", "metadata", "keep_state")) {
            table.put(name, object -> ((SessionObject) object).now().get(name));
        }
        table.put("id", ScriptObject::id);
        return table;
    }

    static Map<String, @Nullable Object> shown(SessionInfo info) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("session_id", info.id());
        shown.put("name", info.name());
        shown.put("parent_id", info.parentId());
        shown.put("status", info.status().id());
        shown.put("started_at", info.startedAt().toString());
        Instant ended = info.endedAt();
        shown.put("ended_at", ended == null ? null : ended.toString());
        shown.put(
                "checkpoints",
                info.checkpoints().stream().map(SessionObject::shown).toList());
        shown.put("tags", info.tags());
        shown.put("metadata", info.metadata());
        shown.put("keep_state", info.keepState());
        return shown;
    }

    private static Map<String, @Nullable Object> shown(Checkpoint checkpoint) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("checkpoint_id", checkpoint.id());
        shown.put("name", checkpoint.name());
        shown.put("created_at", checkpoint.createdAt().toString());
        shown.put("keys", checkpoint.keys());
        shown.put("annotations", checkpoint.annotations());
        return shown;
    }

    private static SessionObject self(ScriptCall call) {
        return call.self(SessionObject.class);
    }

    private Object checkpoint(ScriptCall call) {
        String name = call.has(0) ? call.text(0, "name") : null;
        return session.checkpoint(name, RuntimeSessions.inRun(call)).id();
    }

    private Object restore(ScriptCall call) {
        session.restore(call.text(0, "checkpoint"), RuntimeSessions.inRun(call));
        return true;
    }

    private Object finish(ScriptCall call) {
        session.finish(RuntimeSessions.inRun(call));
        return true;
    }

    private StateView state(ScriptCall call) {
        session.requireActive();
        return services.state().as(call.caller());
    }

    private StateKey key(ScriptCall call) {
        return StateKey.of(session.scope(), call.text(0, "key"));
    }

    private @Nullable Object get(ScriptCall call) {
        return state(call).get(key(call)).map(StateValue::json).orElse(null);
    }

    private Object set(ScriptCall call) {
        session.requireActive();
        session.set(call.text(0, "key"), call.has(1) ? call.json(1, JsonLimits.VALUE) : null, call.caller());
        return true;
    }

    private Object artifacts(ScriptCall call) {
        return services.sessions().results().query(ArtifactQuery.all().session(session.id()), call.caller()).stream()
                .map(info -> new ArtifactObject(services, info))
                .toList();
    }

    /** What changes. */
    @Override
    public Map<String, @Nullable Object> listed() {
        Map<String, @Nullable Object> now = now();
        now.keySet().retainAll(CHANGING);
        return now;
    }

    @Override
    public ScriptObjectType type() {
        return TYPE;
    }

    @Override
    public String id() {
        return session.id();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SessionObject that && session.equals(that.session);
    }

    @Override
    public int hashCode() {
        return session.hashCode();
    }
}

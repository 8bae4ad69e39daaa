package io.llmspell.bridge.globals;

import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptModule;
import io.llmspell.core.session.Session;
import io.llmspell.core.session.SessionManager;
import io.llmspell.core.session.SessionOptions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The global {@code Session}: spans of work with state of their own. */
final class SessionGlobal {
    private static final Set<String> START_OPTIONS = Set.of("name", "tags", "metadata", "keep_state");

    private final GlobalServices services;

    private SessionGlobal(GlobalServices services) {
        this.services = services;
    }

    static ScriptModule describe(GlobalServices services) {
        SessionGlobal session = new SessionGlobal(services);
        return ScriptModule.of(
                "Session",
                "Spans of work with state of their own.",
                List.of(
                        ScriptFunction.waiting(
                                "start",
                                "name? or {name, metadata, tags, keep_state=false}",
                                "Starts a session, which is then the current one.",
                                session::start),
                        ScriptFunction.waiting(
                                "current",
                                "",
                                "The session that was started last and goes on, or else the script's own.",
                                session::current),
                        ScriptFunction.waiting("get", "id", "Finds a session.", session::get),
                        ScriptFunction.waiting("list", "", "All sessions as maps, oldest first.", session::list)));
    }

    private SessionManager manager() {
        return services.sessions().manager();
    }

    private SessionObject object(Session session) {
        return new SessionObject(services, session);
    }

    private Object start(ScriptCall call) {
        return object(manager().start(options(call), RuntimeSessions.inRun(call)));
    }

    private static SessionOptions options(ScriptCall call) {
        if (!call.has(0)) {
            return SessionOptions.DEFAULT;
        }
        if (call.raw(0) instanceof String name) {
            return SessionOptions.named(name);
        }
        OptionReader options = new OptionReader(call.function(), call.map(0, "options"), START_OPTIONS);
        SessionOptions wanted = new SessionOptions(
                options.optionalText("name"), options.texts("tags"), SessionOptions.DEFAULT.metadata(), null);
        Object metadata = ScriptCall.plain(options.map("metadata"));
        if (metadata instanceof Map<?, ?> map && !map.isEmpty()) {
            wanted = wanted.withMetadata(texts(map));
        }
        return options.has("keep_state") ? wanted.withKeepState(options.flag("keep_state", false)) : wanted;
    }

    @SuppressWarnings("unchecked") // engines give maps with text keys only
    static Map<String, @Nullable Object> texts(Map<?, ?> map) {
        return (Map<String, @Nullable Object>) map;
    }

    private Object current(ScriptCall call) {
        return object(services.sessions().ofRun(call));
    }

    private Object get(ScriptCall call) {
        return object(manager().get(call.text(0, "id"), call.caller()));
    }

    private Object list(ScriptCall call) {
        return manager().list(call.caller()).stream().map(SessionObject::shown).toList();
    }
}

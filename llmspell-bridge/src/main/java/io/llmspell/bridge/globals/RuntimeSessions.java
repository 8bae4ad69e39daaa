package io.llmspell.bridge.globals;

import io.llmspell.core.artifact.ArtifactManager;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.concurrent.Lazy;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.session.Session;
import io.llmspell.core.session.SessionManager;
import io.llmspell.core.state.Scope;
import io.llmspell.state.artifact.Artifacts;
import io.llmspell.state.session.SessionContents;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sessions and artifacts of a runtime, made at their first use: a script that has none does not wait for them.
 *
 * <p><b>Threads:</b> safe. {@code made} is written under the lock of the lazy value, once.
 */
public final class RuntimeSessions implements Handle {
    private static final String CURRENT = "session";

    private final Lazy<SessionManager> manager;
    private final Lazy<Artifacts> artifacts;
    private volatile @Nullable SessionManager made;

    /**
     * Remembers how to make them.
     *
     * @param sessions makes the manager of sessions from what ends with them
     * @param results makes artifacts from the manager of sessions
     */
    public RuntimeSessions(
            Function<Supplier<SessionContents>, SessionManager> sessions, Function<SessionManager, Artifacts> results) {
        this.manager = new Lazy<>(() -> {
            SessionManager fresh = sessions.apply(() -> artifacts().contents());
            made = fresh;
            return fresh;
        });
        this.artifacts = new Lazy<>(() -> results.apply(manager()));
    }

    /**
     * Sessions.
     *
     * @return the manager
     */
    public SessionManager manager() {
        return manager.get();
    }

    private Artifacts artifacts() {
        return artifacts.get();
    }

    /**
     * Artifacts.
     *
     * @return the manager
     */
    public ArtifactManager results() {
        return artifacts().manager();
    }

    /**
     * The end of a script: the session of its run ends, if it has one.
     *
     * @param run the caller of the script
     */
    public void endRun(Caller run) {
        SessionManager present = made;
        if (present != null) {
            present.endRun(run);
        }
    }

    /** Whoever calls, within the run of the engine that calls: hooks and handlers of a script are in its session. */
    static Caller inRun(ScriptCall call) {
        return call.caller().correlated(call.session().caller().correlation());
    }

    /** The current session of the script that calls, made if there is none. */
    Session ofRun(ScriptCall call) {
        return manager().ofRun(inRun(call));
    }

    /** Reads a scope text; {@code session} alone is the current session. */
    Scope scope(ScriptCall call, String text) {
        return text.equals(CURRENT) ? ofRun(call).scope() : Scope.parse(text);
    }

    /** As {@link #scope}, but makes no session: empty if the script has none. For hooks, whose reads change nothing. */
    Optional<Scope> presentScope(ScriptCall call, String text) {
        if (!text.equals(CURRENT)) {
            return Optional.of(Scope.parse(text));
        }
        SessionManager present = made;
        return present == null ? Optional.empty() : present.current(inRun(call)).map(Session::scope);
    }

    @Override
    public void close() {
        SessionManager present = made;
        if (present != null) {
            present.close();
        }
    }
}

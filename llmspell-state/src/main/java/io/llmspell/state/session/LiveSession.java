package io.llmspell.state.session;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.session.Checkpoint;
import io.llmspell.core.session.Session;
import io.llmspell.core.session.SessionInfo;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateOperation;
import io.llmspell.core.storage.Entry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A session by its id; what is true of it is in the store. */
final class LiveSession implements Session {
    private static final int LONGEST_NAME = 256;

    private final SessionManagerImpl manager;
    private final String id;

    LiveSession(SessionManagerImpl manager, String id) {
        this.manager = manager;
        this.id = id;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public SessionInfo info() {
        manager.enter();
        return manager.house().store().get(id).row().info();
    }

    @Override
    public void requireActive() {
        manager.enter();
        manager.used(id, "its use");
    }

    @Override
    public void set(String key, @Nullable Object value, Caller caller) {
        manager.enter();
        StateKey at = StateKey.of(scope(), key);
        StateChange change = value == null ? new StateChange.Delete(at) : StateChange.Put.of(at, value);
        Handle use = manager.using(id, "its use");
        try {
            manager.house()
                    .scopes()
                    .apply(List.of(change), () -> manager.house().store().expectActive(id, "its use"), caller)
                    .orThrow();
        } finally {
            use.close();
        }
    }

    @Override
    public Checkpoint checkpoint(@Nullable String name, Caller caller) {
        manager.enter(scope(), StateOperation.READ, caller);
        if (name != null && (name.isBlank() || name.length() > LONGEST_NAME)) {
            throw new ArgumentException("checkpoint name", name, "1 to " + LONGEST_NAME + " characters");
        }
        Handle use = manager.using(id, "a checkpoint");
        try {
            String checkpointId = manager.house().nextId();
            return manager.operations()
                    .checkpoint(
                            new SessionViews.Checkpointing(
                                    id,
                                    checkpointId,
                                    name == null
                                            ? null
                                            : manager.house().store().masked(name),
                                    JsonObject.empty()),
                            caller);
        } finally {
            use.close();
        }
    }

    @Override
    public int restore(String checkpoint, Caller caller) {
        manager.enter(scope(), StateOperation.WRITE, caller);
        SessionInfo info = manager.house().store().active(id, "a restore").row().info();
        Checkpoint wanted =
                SessionCheckpoints.named(info, manager.house().store().masked(checkpoint));
        List<Entry> records = new SessionCheckpoints(manager.house()).records(id, wanted);
        if (records.size() != wanted.keys()) { // a newer checkpoint has taken its place since the look at the list
            throw SessionCheckpoints.none(info, checkpoint);
        }
        Handle use = manager.using(id, "a restore");
        try {
            List<String> keys = manager.house().scopes().touched(scope(), records);
            return manager.operations().restore(id, wanted.id(), records, keys, caller);
        } finally {
            use.close();
        }
    }

    @Override
    public void finish(Caller caller) {
        manager.finish(id, caller);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LiveSession that && id.equals(that.id) && manager == that.manager;
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return "session " + id;
    }
}

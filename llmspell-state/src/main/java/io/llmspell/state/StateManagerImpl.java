package io.llmspell.state;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateAccess;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateOperation;
import io.llmspell.core.state.StateReader;
import io.llmspell.core.state.StateView;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Ties the parts together; {@code closed} is read by every call and only ever goes from false to true. */
final class StateManagerImpl implements StateManager {
    private final StateStore store;
    private final StateReads reads;
    private final StateReads quiet;
    private final StateWrites writes;
    private final ClassRules classes;
    private final AccessControl control;
    private volatile boolean closed;

    StateManagerImpl(StateStore store, Gate gate, StateWrites writes, ClassRules classes, AccessControl control) {
        this.store = store;
        this.reads = new StateReads(store, gate, false);
        this.quiet = new StateReads(store, gate, true);
        this.writes = writes;
        this.classes = classes;
        this.control = control;
    }

    StateStore store() {
        return store;
    }

    StateReads reads() {
        return reads;
    }

    /** Reads that observers do not see. */
    StateReads quiet() {
        return quiet;
    }

    StateWrites writes() {
        return writes;
    }

    ClassRules classes() {
        return classes;
    }

    void checkOpen() {
        if (closed) {
            throw new InvalidStateException("the state manager is closed; open a new one to go on");
        }
    }

    /** Refuses callers that come too late or may not do something with a key, null for the whole scope. */
    void enter(Caller caller, Scope scope, StateOperation operation, @Nullable String key) {
        checkOpen();
        control.enter(caller, scope, operation, key);
    }

    /** Whether a caller may use a scope; leaves no trace. */
    boolean allows(Caller caller, Scope scope, StateOperation operation) {
        return control.allows(caller.principal(), scope, operation, null);
    }

    @Override
    public StateView as(Caller caller) {
        return new BoundStateView(this, caller);
    }

    @Override
    public StateReader reader(Caller caller) {
        return new QuietReader(this, caller);
    }

    @Override
    public int reseal(Caller caller) {
        Principal principal = caller.principal();
        if (!(principal instanceof Principal.Host || principal instanceof Principal.RuntimePart)) {
            throw new StateException(
                    ErrorCode.ACCESS_DENIED,
                    principal.text() + " may not seal state again, which is for the host program",
                    Map.of("principal", principal.text()),
                    null);
        }
        return Reseal.run(store, () -> closed);
    }

    @Override
    public StateAccess access(Caller caller) {
        return new BoundStateAccess(this, control, caller);
    }

    @Override
    public void close() {
        closed = true;
        store.watches().close();
        control.close();
    }
}

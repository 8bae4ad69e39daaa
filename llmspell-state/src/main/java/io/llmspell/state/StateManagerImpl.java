package io.llmspell.state;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.notice.Violation;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateReader;
import io.llmspell.core.state.StateView;
import java.util.Map;

/** Ties the parts together; {@code closed} is read by every call and only ever goes from false to true. */
final class StateManagerImpl implements StateManager {
    private final StateStore store;
    private final StateReads reads;
    private final StateReads quiet;
    private final StateWrites writes;
    private final ClassRules classes;
    private final Notices notices;
    private volatile boolean closed;

    StateManagerImpl(StateStore store, Gate gate, StateWrites writes, ClassRules classes, Notices notices) {
        this.store = store;
        this.reads = new StateReads(store, gate, false);
        this.quiet = new StateReads(store, gate, true);
        this.writes = writes;
        this.classes = classes;
        this.notices = notices;
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

    /** Refuses callers that come too late or may not use the scope. */
    void enter(Caller caller, Scope scope, String action) {
        if (closed) {
            throw new InvalidStateException("the state manager is closed; open a new one to go on");
        }
        try {
            AccessRules.check(caller.principal(), scope, action);
        } catch (StateException denied) {
            notices.violated(Violation.denied("state_access", scope.text()), ChangeEvents.STATE, caller);
            throw denied;
        }
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
    public void close() {
        closed = true;
    }
}

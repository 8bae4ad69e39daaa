package io.llmspell.state;

import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateAccess;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateOperation;
import io.llmspell.core.state.StateReader;
import io.llmspell.core.state.StateView;
import java.util.function.Predicate;
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

    /** The class of a value that a caller is about to store; refuses one that is not his to give. */
    StateClass classOf(StateKey key, @Nullable StateClass given, Caller caller) {
        if (!ClassRules.may(given, caller.principal())) {
            throw control.refusal(
                    caller,
                    key.scope().text(),
                    StateOperation.WRITE.id(),
                    "class trusted",
                    caller.principal().text() + " may not store " + key + " with class trusted, which is for the host"
                            + " program; use class standard");
        }
        return classes.of(key, given, caller.principal());
    }

    /** Which keys of a scope a caller who may list it may read too; all of them unless a rule decides on each. */
    Predicate<String> readable(Caller caller, Scope scope) {
        Principal principal = caller.principal();
        return control.rules().keysDiffer(principal)
                ? key -> control.allows(principal, scope, StateOperation.READ, key)
                : key -> true;
    }

    /** Whether a caller may do something with a key; leaves no trace. */
    boolean allows(Caller caller, StateKey key, StateOperation operation) {
        return control.allows(caller.principal(), key.scope(), operation, key.key());
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
            throw control.refusal(
                    caller,
                    "all state",
                    "reseal",
                    "not the host",
                    principal.text() + " may not seal state again, which is for the host program");
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

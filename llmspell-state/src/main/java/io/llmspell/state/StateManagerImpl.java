package io.llmspell.state;

import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateView;

/** Ties the parts together; {@code closed} is read by every call and only ever goes from false to true. */
final class StateManagerImpl implements StateManager {
    private final StateStore store;
    private final StateReads reads;
    private final StateWrites writes;
    private final ClassRules classes;
    private volatile boolean closed;

    StateManagerImpl(StateStore store, StateReads reads, StateWrites writes, ClassRules classes) {
        this.store = store;
        this.reads = reads;
        this.writes = writes;
        this.classes = classes;
    }

    StateStore store() {
        return store;
    }

    StateReads reads() {
        return reads;
    }

    StateWrites writes() {
        return writes;
    }

    ClassRules classes() {
        return classes;
    }

    void refuseClosed() {
        if (closed) {
            throw new InvalidStateException("the state manager is closed; open a new one to go on");
        }
    }

    @Override
    public StateView as(Caller caller) {
        return new BoundStateView(this, caller);
    }

    @Override
    public void close() {
        closed = true;
    }
}

package io.llmspell.state;

import io.llmspell.core.identity.Caller;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateOperation;
import io.llmspell.core.state.StateReader;
import io.llmspell.core.state.StateValue;
import java.util.List;
import java.util.Optional;

/** State as a hook reads it for a caller: with the caller's rights and past the guards, but unseen by observers. */
final class QuietReader implements StateReader {
    private final StateManagerImpl manager;
    private final Caller caller;

    QuietReader(StateManagerImpl manager, Caller caller) {
        this.manager = manager;
        this.caller = caller;
    }

    @Override
    public Optional<StateValue> get(StateKey key) {
        manager.enter(caller, key.scope(), StateOperation.READ, key.key());
        return manager.quiet().get(key, caller);
    }

    @Override
    public List<String> keys(Scope scope) {
        manager.enter(caller, scope, StateOperation.LIST, null);
        return manager.quiet().keys(scope, caller);
    }
}

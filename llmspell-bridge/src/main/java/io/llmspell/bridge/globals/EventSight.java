package io.llmspell.bridge.globals;

import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateOperation;
import org.jspecify.annotations.Nullable;

/** Which events code may see: events of state tell values, so what runs for an agent sees those of its scopes alone. */
final class EventSight {
    private static final String STATE_EVENTS = "state.";

    private EventSight() {}

    static boolean sees(StateManager state, Caller caller, UniversalEvent event) {
        return !Rights.bound(caller.principal())
                || !event.type().startsWith(STATE_EVENTS)
                || (event.payload() instanceof JsonObject told
                        && told.get("scope") instanceof String scope
                        && allowed(state, caller, scope, told.get("key")));
    }

    private static boolean allowed(StateManager state, Caller caller, String scope, @Nullable Object key) {
        try {
            return state.access(caller)
                    .allows(Scope.parse(scope), StateOperation.WATCH, key instanceof String text ? text : null);
        } catch (StateException noScope) { // somebody's own event of that name: nothing tells whose it is
            return false;
        }
    }
}

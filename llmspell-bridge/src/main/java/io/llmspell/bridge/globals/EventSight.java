package io.llmspell.bridge.globals;

import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateOperation;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What code may see of events: events of state tell values, so what runs for an agent sees those of its scopes alone; the
 * text of an error may quote whatever failed code had in hand, so of the failures of others it sees the error's code.
 */
final class EventSight {
    private static final String STATE_EVENTS = "state.";
    private static final String ERROR = "error";

    /** The areas of the runtime's own events; what others publish is meant for whoever hears it. */
    private static final Set<String> RUNTIME = Set.of("agent", "event", "hook", "script", "tool", "workflow");

    private EventSight() {}

    /** The event as a caller may see it, null if he may not see it at all. */
    static @Nullable UniversalEvent seen(StateManager state, Caller caller, UniversalEvent event) {
        if (!Rights.bound(caller.principal())) {
            return event;
        }
        if (event.type().startsWith(STATE_EVENTS)) {
            return sees(state, caller, event) ? event : null;
        }
        return event.payload() instanceof JsonObject told
                        && told.get(ERROR) instanceof JsonObject error
                        && RUNTIME.contains(area(event.type()))
                        && !own(caller.principal(), told)
                ? UniversalEvent.of(
                        event.draft().withPayload(told.with(ERROR, JsonObject.of("code", error.get("code")))),
                        event.stamp())
                : event;
    }

    private static boolean sees(StateManager state, Caller caller, UniversalEvent event) {
        return event.payload() instanceof JsonObject told
                && told.get("scope") instanceof String scope
                && allowed(state, caller, scope, told.get("key"));
    }

    private static boolean allowed(StateManager state, Caller caller, String scope, @Nullable Object key) {
        try {
            return state.access(caller)
                    .allows(Scope.parse(scope), StateOperation.WATCH, key instanceof String text ? text : null);
        } catch (StateException noScope) { // somebody's own event of that name: nothing tells whose it is
            return false;
        }
    }

    private static String area(String type) {
        int dot = type.indexOf('.');
        return dot < 0 ? type : type.substring(0, dot);
    }

    /** Whether an event is about what the principal itself did. */
    private static boolean own(Principal principal, JsonObject told) {
        if (principal.text().equals(told.get("caller"))) {
            return true;
        }
        return principal instanceof Principal.Agent agent
                ? agent.id().equals(told.get("agent_id"))
                : principal instanceof Principal.Workflow workflow
                        && workflow.runId().equals(told.get("run_id"));
    }
}

package io.llmspell.state;

import io.llmspell.core.state.Boundary;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateGrant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one agent's rights; never changed, only replaced.
 *
 * @param cutOff whether it may do nothing
 * @param boundary how far it reaches without grants
 * @param next the boundary that is being stored, null if none is: until it is stored, what both allow is allowed
 * @param grants its grants, expired ones perhaps among them
 */
record AgentRights(
        boolean cutOff, Boundary boundary, @Nullable Boundary next, Map<Scope, StateGrant> grants) {
    /** An agent of which nothing is known. */
    static final AgentRights NONE = new AgentRights(false, Boundary.STRICT, null, Map.of());

    AgentRights {
        grants = Map.copyOf(grants);
    }

    AgentRights with(StateGrant grant) {
        Map<Scope, StateGrant> more = new HashMap<>(grants);
        more.put(grant.scope(), grant);
        return new AgentRights(cutOff, boundary, next, more);
    }

    AgentRights without(Scope scope) {
        Map<Scope, StateGrant> fewer = new HashMap<>(grants);
        fewer.remove(scope);
        return new AgentRights(cutOff, boundary, next, fewer);
    }

    AgentRights with(Boundary other) {
        return new AgentRights(cutOff, other, null, grants);
    }

    /** While another boundary is stored. */
    AgentRights until(Boundary other) {
        return new AgentRights(cutOff, boundary, other, grants);
    }

    AgentRights cutOff(boolean off) {
        return new AgentRights(off, boundary, next, grants);
    }

    boolean nothing() {
        return plain() && next == null && grants.isEmpty();
    }

    /** Whether the part that is stored as one record, all but the grants, is worth a record. */
    boolean plain() {
        return !cutOff && boundary == Boundary.STRICT;
    }
}

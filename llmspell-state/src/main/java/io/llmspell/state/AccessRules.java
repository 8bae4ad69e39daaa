package io.llmspell.state;

import io.llmspell.core.identity.Principal;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.state.Boundary;
import io.llmspell.core.state.BoundaryRule;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.ScopeKind;
import io.llmspell.core.state.StateGrant;
import io.llmspell.core.state.StateOperation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may use which scope; the one place that decides it, anew for each operation.
 *
 * <p>The host, the runtime and top-level scripts use every scope; a workflow run its own, those of its steps and the
 * global one. For an agent: owner, boundary, grant, else denied; one that is cut off may do nothing.
 */
final class AccessRules {
    private static final Logger LOG = LoggerFactory.getLogger(AccessRules.class);

    private final AccessTable table;
    private final StateClock clock;

    AccessRules(AccessTable table, StateClock clock) {
        this.table = table;
        this.clock = clock;
    }

    Verdict decide(Principal principal, Scope scope, StateOperation operation, @Nullable String key) {
        if (principal instanceof Principal.Agent agent) {
            return decide(agent, scope, operation, key);
        }
        if (principal instanceof Principal.Workflow) {
            return owns(principal, scope)
                    ? Verdict.OWNER
                    : scope.kind() == ScopeKind.GLOBAL ? Verdict.GLOBAL : Verdict.DENIED;
        }
        return Verdict.EVERYTHING;
    }

    private Verdict decide(Principal.Agent agent, Scope scope, StateOperation operation, @Nullable String key) {
        AgentRights rights = table.rights(agent.id());
        if (rights.cutOff()) {
            return Verdict.CUT_OFF;
        }
        if (owns(agent, scope)) {
            return Verdict.OWNER;
        }
        Boundary next = rights.next();
        if (reaches(rights.boundary(), agent, scope, operation, key)
                && (next == null || reaches(next, agent, scope, operation, key))) {
            return scope.kind() == ScopeKind.GLOBAL ? Verdict.GLOBAL : Verdict.BOUNDARY;
        }
        StateGrant grant = rights.grants().get(scope);
        boolean counts = grant != null && grant.access().allows(operation) && !AccessTable.expired(grant, clock);
        return counts ? Verdict.GRANT : Verdict.DENIED;
    }

    /** Whether it takes the key to tell what a principal may do: code of the host program decides on each. */
    boolean keysDiffer(Principal principal) {
        return principal instanceof Principal.Agent agent
                && table.rights(agent.id()).boundary().rule().isPresent();
    }

    /** Whether a scope is a principal's own; such a principal may grant it to others. */
    boolean owns(Principal principal, Scope scope) {
        return switch (scope.kind()) {
            case AGENT -> principal instanceof Principal.Agent agent && isId(scope, agent.id());
            case WORKFLOW, STEP -> principal instanceof Principal.Workflow workflow && isId(scope, workflow.runId());
            case CUSTOM -> {
                String owner = table.sharedBy(scope);
                yield owner != null && owner.equals(principal.text());
            }
            default -> false;
        };
    }

    private boolean reaches(
            Boundary boundary, Principal.Agent agent, Scope scope, StateOperation operation, @Nullable String key) {
        return switch (boundary.kind()) {
            case STRICT -> scope.kind() == ScopeKind.GLOBAL;
            case READ_ONLY_SHARED -> !operation.writing() && shared(scope);
            case SHARED_ACCESS -> shared(scope);
            case CUSTOM ->
                (boundary.readAll() && !operation.writing())
                        || (boundary.writeShared() && shared(scope))
                        || boundary.rule()
                                .filter(rule -> asks(rule, agent, scope, operation, key))
                                .isPresent();
        };
    }

    private boolean shared(Scope scope) {
        return scope.kind() == ScopeKind.GLOBAL || table.sharedBy(scope) != null;
    }

    private static boolean asks(
            BoundaryRule rule, Principal.Agent agent, Scope scope, StateOperation operation, @Nullable String key) {
        try {
            return rule.allows(agent.id(), scope, operation, key);
        } catch (RuntimeException failed) { // code of the host program: a rule that fails allows nothing
            LOG.warn("the boundary rule of {} failed, so it allows nothing", agent.text(), LogText.maskedError(failed));
            return false;
        }
    }

    private static boolean isId(Scope scope, String id) {
        String first = scope.ids().get(0);
        return first.equals(id) || first.equals(AccessTable.normal(id));
    }

    /** What a principal may use anyway, for messages. */
    static String own(Principal principal) {
        return principal instanceof Principal.Workflow workflow
                ? "workflow:" + workflow.runId() + ", step:" + workflow.runId() + ":STEP"
                : principal.text();
    }
}

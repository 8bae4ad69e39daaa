package io.llmspell.state;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.ScopeKind;
import io.llmspell.core.state.StateException;
import java.text.Normalizer;
import java.util.Map;

/**
 * Who may use which scope; the one place that decides it.
 *
 * <p>The host, the runtime and top-level scripts may use every scope; an agent its own and the global one; a workflow
 * run its own, those of its steps and the global one.
 */
final class AccessRules {
    private AccessRules() {}

    static void check(Principal principal, Scope scope, String action) {
        if (!allowed(principal, scope)) {
            throw new StateException(
                    ErrorCode.ACCESS_DENIED,
                    principal.text() + " may not " + action + " scope " + scope.text() + "; it may use "
                            + own(principal) + " and global",
                    Map.of("principal", principal.text(), "scope", scope.text(), "action", action),
                    null);
        }
    }

    private static boolean allowed(Principal principal, Scope scope) {
        if (scope.kind() == ScopeKind.GLOBAL) {
            return true;
        }
        if (principal instanceof Principal.Agent agent) {
            return scope.kind() == ScopeKind.AGENT && isId(scope, agent.id());
        }
        if (principal instanceof Principal.Workflow workflow) {
            return (scope.kind() == ScopeKind.WORKFLOW || scope.kind() == ScopeKind.STEP)
                    && isId(scope, workflow.runId());
        }
        return true;
    }

    private static boolean isId(Scope scope, String id) {
        String first = scope.ids().get(0);
        return first.equals(id) || first.equals(Normalizer.normalize(id, Normalizer.Form.NFC));
    }

    private static String own(Principal principal) {
        return principal instanceof Principal.Workflow workflow
                ? "workflow:" + workflow.runId() + ", step:" + workflow.runId() + ":STEP"
                : principal.text();
    }
}

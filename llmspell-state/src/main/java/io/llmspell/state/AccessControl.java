package io.llmspell.state;

import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.notice.Violation;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateOperation;
import io.llmspell.core.storage.Write;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What every use of state passes: asks the rules, refuses, tells of refusals and has them written down. */
final class AccessControl implements Handle {
    private final AccessTable table;
    private final AccessRules rules;
    private final StateClock clock;
    private final @Nullable AccessAudit audit;
    private final Notices notices;

    AccessControl(AccessTable table, StateClock clock, @Nullable AccessAudit audit, Notices notices) {
        this.table = table;
        this.rules = new AccessRules(table, clock);
        this.clock = clock;
        this.audit = audit;
        this.notices = notices;
    }

    AccessTable table() {
        return table;
    }

    AccessRules rules() {
        return rules;
    }

    StateClock clock() {
        return clock;
    }

    /** Whether an operation would be allowed; leaves no trace. */
    boolean allows(Principal principal, Scope scope, StateOperation operation, @Nullable String key) {
        return rules.decide(principal, scope, operation, key).allowed();
    }

    /** Refuses an operation that is not allowed. */
    void enter(Caller caller, Scope scope, StateOperation operation, @Nullable String key) {
        Verdict verdict = rules.decide(caller.principal(), scope, operation, key);
        if (!verdict.audited()) {
            return;
        }
        AccessAudit writing = audit;
        if (writing != null) {
            writing.note(caller, scope, operation, key, verdict);
        }
        if (!verdict.allowed()) {
            throw refused(caller, scope, operation.id(), verdict);
        }
    }

    private StateException refused(Caller caller, Scope scope, String operation, Verdict verdict) {
        notices.violated(Violation.denied("state_access", scope.text()), ChangeEvents.STATE, caller);
        Principal principal = caller.principal();
        String text = verdict == Verdict.CUT_OFF
                ? principal.text() + " is cut off and may not " + operation + " scope " + scope.text()
                        + " or any other until it is restored"
                : principal.text() + " may not " + operation + " scope " + scope.text() + "; it may use "
                        + AccessRules.own(principal) + ", global and what it is granted";
        return error(principal, scope.text(), operation, verdict.reason(), text);
    }

    private static StateException error(
            Principal principal, String scope, String operation, String reason, String text) {
        return new StateException(
                ErrorCode.ACCESS_DENIED,
                text,
                Map.of("principal", principal.text(), "scope", scope, "action", operation, "reason", reason),
                null);
    }

    // ---- changes of rights ----

    /** Whether a principal rules over everything. */
    static boolean unbound(Principal principal) {
        return !(principal instanceof Principal.Agent) && !(principal instanceof Principal.Workflow);
    }

    /** Refuses those who may not change the rights to a scope. */
    void checkOwner(Caller caller, Scope scope, String action) {
        Principal principal = caller.principal();
        boolean cutOff = principal instanceof Principal.Agent agent
                && table.rights(agent.id()).cutOff();
        if (unbound(principal) || (!cutOff && rules.owns(principal, scope))) {
            return;
        }
        throw administrationRefused(
                caller, scope, action, "; that is for the host, top-level scripts and whoever owns the scope");
    }

    /** Refuses those who may not declare a shared scope. */
    void checkShares(Caller caller, Scope scope) {
        if (caller.principal() instanceof Principal.Agent agent
                && table.rights(agent.id()).cutOff()) {
            throw administrationRefused(caller, scope, "share", ", for it is cut off");
        }
    }

    /** Refuses those who may not change the rights of agents. */
    void checkHost(Caller caller, Scope agent, String action) {
        if (!unbound(caller.principal())) {
            throw administrationRefused(caller, agent, action, "; that is for the host and top-level scripts");
        }
    }

    private StateException administrationRefused(Caller caller, Scope scope, String action, String instead) {
        return refusal(
                caller,
                scope.text(),
                action,
                "not the owner",
                caller.principal().text() + " may not " + action + " scope " + scope.text() + instead);
    }

    /** Has a refusal written down and tells of it; gives its error. */
    StateException refusal(Caller caller, String target, String action, String reason, String text) {
        AccessAudit writing = audit;
        if (writing != null) {
            writing.refused(caller, action, target, reason);
        }
        notices.violated(Violation.denied("state_access", target), ChangeEvents.STATE, caller);
        return error(caller.principal(), target, action, reason, text);
    }

    /** Refuses those who may not declare a shared scope, for it is another's or something stands in it. */
    StateException cannotShare(Caller caller, Scope scope, String why) {
        return administrationRefused(caller, scope, "share", why);
    }

    /** What a change of rights takes along into its batch. */
    AccessTable.Along along(Caller caller, String action, Scope target, String reason) {
        AccessAudit writing = audit;
        List<Write> staged = writing == null
                ? List.of()
                : List.of(writing.log().stage(writing.administration(caller, action, target, reason)));
        return new AccessTable.Along(caller.correlation(), staged);
    }

    /** The audit log, with everything that was counted in it. */
    AuditLog audited() {
        AccessAudit writing = audit;
        if (writing == null) {
            throw new InvalidStateException("this state manager has no audit log; give it one with"
                    + " StatesBuilder.audit to keep what is refused");
        }
        writing.flush();
        return writing.log();
    }

    @Override
    public void close() {
        AccessAudit writing = audit;
        if (writing != null) {
            writing.close();
        }
    }
}

package io.llmspell.state;

import io.llmspell.core.audit.AuditQuery;
import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.state.Boundary;
import io.llmspell.core.state.GrantAccess;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateAccess;
import io.llmspell.core.state.StateGrant;
import io.llmspell.core.state.StateOperation;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rights as one caller sees and changes them. */
final class BoundStateAccess implements StateAccess {
    private static final String ACTIONS = "state.";

    private final StateManagerImpl manager;
    private final AccessControl control;
    private final Caller caller;

    BoundStateAccess(StateManagerImpl manager, AccessControl control, Caller caller) {
        this.manager = manager;
        this.control = control;
        this.caller = caller;
    }

    private AccessTable table() {
        manager.checkOpen();
        return control.table();
    }

    /** The id in the form of scopes; a malformed one is refused as such. */
    private static String agentId(String agent) {
        return Scope.agent(agent).ids().get(0);
    }

    private static Scope sharedScope(String id) {
        return Scope.custom(AccessTable.SHARED + Scope.custom(id).ids().get(0));
    }

    @Override
    public StateGrant grant(Scope scope, String agent, GrantAccess access, @Nullable Duration ttl) {
        return grant(scope, agent, access, ttl, true);
    }

    @Override
    public StateGrant lend(Scope scope, String agent, GrantAccess access, @Nullable Duration ttl) {
        return grant(scope, agent, access, ttl, false);
    }

    private StateGrant grant(Scope scope, String agent, GrantAccess access, @Nullable Duration ttl, boolean stored) {
        AccessTable table = table();
        String id = agentId(agent);
        if (ttl != null && (ttl.isNegative() || ttl.isZero())) {
            throw new ArgumentException("time to live of a grant", ttl.toString(), "positive");
        }
        control.checkOwner(caller, scope, "grant");
        long expiry = ttl == null ? Cell.NEVER : control.clock().after(ttl);
        StateGrant grant = new StateGrant(
                scope,
                id,
                access,
                caller.principal().text(),
                expiry == Cell.NEVER ? null : Instant.ofEpochMilli(expiry));
        String how = access.id() + " to agent:" + id + (grant.expiry() == null ? "" : " until " + grant.expiry());
        table.grant(grant, stored, control.along(caller, "grant", scope, how));
        return grant;
    }

    @Override
    public boolean revoke(Scope scope, String agent) {
        AccessTable table = table();
        String id = agentId(agent);
        control.checkOwner(caller, scope, "revoke");
        return table.revoke(scope, id, control.along(caller, "revoke", scope, "from agent:" + id));
    }

    @Override
    public List<StateGrant> grants() {
        Principal principal = caller.principal();
        return table().grants().stream()
                .filter(grant -> AccessControl.unbound(principal)
                        || isSelf(grant.agent())
                        || control.rules().owns(principal, grant.scope()))
                .sorted(Comparator.comparing((StateGrant grant) -> grant.scope().text())
                        .thenComparing(StateGrant::agent))
                .toList();
    }

    private boolean isSelf(String id) {
        return caller.principal() instanceof Principal.Agent agent
                && AccessTable.normal(agent.id()).equals(id);
    }

    @Override
    public boolean allows(Scope scope, StateOperation operation, @Nullable String key) {
        manager.checkOpen();
        return control.allows(caller.principal(), scope, operation, key);
    }

    @Override
    public void check(Scope scope, StateOperation operation, @Nullable String key) {
        manager.enter(caller, scope, operation, key);
    }

    @Override
    public Scope share(String id) {
        AccessTable table = table();
        Scope scope = sharedScope(id);
        String self = caller.principal().text();
        control.checkShares(caller, scope);
        boolean unbound = AccessControl.unbound(caller.principal());
        String owner = table.share(
                scope,
                self,
                control.along(caller, "share", scope, "declared"),
                () -> unbound || manager.store().list(scope, false).isEmpty());
        if (owner == null) {
            throw control.cannotShare(
                    caller, scope, ", for something stands in it that is not its own; take another id");
        }
        if (!owner.equals(self) && !unbound) {
            throw control.cannotShare(caller, scope, ", which belongs to somebody else; take another id");
        }
        return scope;
    }

    @Override
    public boolean unshare(String id) {
        AccessTable table = table();
        Scope scope = sharedScope(id);
        control.checkOwner(caller, scope, "unshare");
        return table.unshare(scope, control.along(caller, "unshare", scope, "with its grants"));
    }

    @Override
    public List<Scope> shared() {
        return table().shared().stream()
                .sorted(Comparator.comparing(Scope::text))
                .toList();
    }

    @Override
    public void setBoundary(String agent, Boundary boundary) {
        AccessTable table = table();
        String id = agentId(agent);
        Scope scope = Scope.agent(id);
        control.checkHost(caller, scope, "bound");
        table.bound(id, boundary, control.along(caller, "bound", scope, boundary.toString()));
    }

    @Override
    public Boundary boundary(String agent) {
        AccessTable table = table();
        String id = agentId(agent);
        if (!isSelf(id)) {
            control.checkHost(caller, Scope.agent(id), "look at the boundary of");
        }
        return table.rights(id).boundary();
    }

    @Override
    public void cutOff(String agent, String reason) {
        AccessTable table = table();
        String id = agentId(agent);
        Scope scope = Scope.agent(id);
        control.checkHost(caller, scope, "cut_off");
        table.cutOff(id, control.along(caller, "cut_off", scope, reason));
    }

    @Override
    public boolean restore(String agent) {
        AccessTable table = table();
        String id = agentId(agent);
        Scope scope = Scope.agent(id);
        control.checkHost(caller, scope, "restore");
        return table.restore(id, control.along(caller, "restore", scope, "no longer cut off"));
    }

    @Override
    public List<String> cutOffAgents() {
        return table().cutOff().stream()
                .filter(id -> AccessControl.unbound(caller.principal()) || isSelf(id))
                .sorted()
                .toList();
    }

    @Override
    public List<AuditRecord> audit(AuditQuery query) {
        manager.checkOpen();
        Principal principal = caller.principal();
        AuditQuery wanted = query;
        if (!AccessControl.unbound(principal)) {
            String asked = query.principal();
            if (asked != null && !asked.equals(principal.text())) {
                throw control.refusal(
                        caller,
                        asked,
                        "audit",
                        "not its own",
                        principal.text() + " may not read what the audit log says of " + asked
                                + ", but what it says of " + principal.text());
            }
            wanted = query.by(principal.text());
        }
        String action = wanted.action();
        if (action == null || !action.startsWith(ACTIONS)) {
            wanted = wanted.doing(ACTIONS);
        }
        return control.audited().query(wanted);
    }
}

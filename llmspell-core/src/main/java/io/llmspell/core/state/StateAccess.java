package io.llmspell.core.state;

import io.llmspell.core.audit.AuditQuery;
import io.llmspell.core.audit.AuditRecord;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may use which scope, as one caller may see and change it.
 *
 * <p>The host, the runtime and top-level scripts use every scope. For an agent the first that allows an operation decides:
 * it owns the scope, its {@link Boundary}, a grant; else the operation is denied. An agent that is cut off may do
 * nothing. What is changed here is stored, holds for the next operation and outlives the process.
 *
 * <p>Scopes are granted by the host, the runtime, top-level scripts and whoever owns the scope: the agent of an agent's
 * scope, and who declared a shared one. Boundaries and cut-offs are for the host, the runtime and top-level scripts.
 * <b>Threads:</b> safe. <b>Errors:</b> {@link StateException} {@code access_denied} for those who may not, and the codes
 * of storage.
 */
public interface StateAccess {
    /**
     * Allows an agent to use a scope; takes the place of an earlier grant of the same scope to the same agent.
     *
     * @param scope the scope
     * @param agent the agent's id
     * @param access what is allowed
     * @param ttl how long, from now; null for until it is revoked
     * @return the grant
     * @throws StateException {@code access_denied} if the caller may not grant the scope; {@code invalid_key} if the id
     *     is malformed
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if the time is not positive
     * @throws io.llmspell.core.error.LimitException {@code limit_exceeded} if there are too many grants
     */
    StateGrant grant(Scope scope, String agent, GrantAccess access, @Nullable Duration ttl);

    /**
     * As {@link #grant}, but the grant itself is kept in memory alone and ends with the manager: for agents whose ids no
     * later process knows. That it was given is in the audit log all the same.
     *
     * @param scope the scope
     * @param agent the agent's id
     * @param access what is allowed
     * @param ttl how long, from now; null for until it is revoked or the manager closes
     * @return the grant
     * @throws StateException {@code access_denied} if the caller may not grant the scope; {@code invalid_key} if the id
     *     is malformed
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if the time is not positive
     * @throws io.llmspell.core.error.LimitException {@code limit_exceeded} if there are too many grants
     */
    StateGrant lend(Scope scope, String agent, GrantAccess access, @Nullable Duration ttl);

    /**
     * Takes a grant back; the agent's next operation is refused. If that cannot be stored, it still holds as long as the
     * manager is open, and the error says so.
     *
     * @param scope the scope
     * @param agent the agent's id
     * @return whether there was a grant
     * @throws StateException {@code access_denied} if the caller may not grant the scope
     */
    boolean revoke(Scope scope, String agent);

    /**
     * The grants that count now.
     *
     * @return for an agent those to it and those of scopes it owns, for others all; by scope and agent
     */
    List<StateGrant> grants();

    /**
     * Whether the caller may do something; asking is no attempt and leaves no trace.
     *
     * @param scope the scope
     * @param operation what it would do
     * @param key the key, or null for the whole scope
     * @return whether it may at this moment
     */
    boolean allows(Scope scope, StateOperation operation, @Nullable String key);

    /**
     * Makes sure that the caller may do something, for parts that keep something in state on its behalf: counts as an
     * attempt, in the audit log too.
     *
     * @param scope the scope
     * @param operation what is about to be done
     * @param key the key, or null for the whole scope
     * @throws StateException {@code access_denied} if the caller may not
     */
    void check(Scope scope, StateOperation operation, @Nullable String key);

    /**
     * Declares a shared scope, {@code custom:shared:ID}, which the caller then owns. A scope that is shared already stays
     * its owner's; one in which something stands is not to be had by agents and workflows.
     *
     * @param id the id after {@code shared:}
     * @return the scope
     * @throws StateException {@code invalid_key} if the id is malformed; {@code access_denied} if another agent has it,
     *     or if values stand in it and the caller is an agent or workflow
     * @throws io.llmspell.core.error.LimitException {@code limit_exceeded} if there are too many
     */
    Scope share(String id);

    /**
     * Ends the sharing of a declared scope and takes back its grants; what stands in it stays, and keeps
     * agents and workflows from declaring it again.
     *
     * @param id the id after {@code shared:}
     * @return whether it was shared
     * @throws StateException {@code access_denied} if the caller does not own it
     */
    boolean unshare(String id);

    /**
     * The declared shared scopes.
     *
     * @return in the order of their texts, without {@link Scope#GLOBAL}
     */
    List<Scope> shared();

    /**
     * Sets how far an agent reaches without grants.
     *
     * @param agent the agent's id
     * @param boundary the boundary
     * @throws StateException {@code access_denied} for agents and workflows
     */
    void setBoundary(String agent, Boundary boundary);

    /**
     * How far an agent reaches without grants.
     *
     * @param agent the agent's id
     * @return its boundary, {@link Boundary#STRICT} if none was set
     * @throws StateException {@code access_denied} if the caller is another agent
     */
    Boundary boundary(String agent);

    /**
     * Refuses every operation of an agent from its next one on, in its own scope too, wherever its code runs. If that
     * cannot be stored, it still holds as long as the manager is open, and the error says so.
     *
     * @param agent the agent's id
     * @param reason why; stands in the audit log
     * @throws StateException {@code access_denied} for agents and workflows
     */
    void cutOff(String agent, String reason);

    /**
     * Ends a cut-off; grants and boundary are as before.
     *
     * @param agent the agent's id
     * @return whether the agent was cut off
     * @throws StateException {@code access_denied} for agents and workflows
     */
    boolean restore(String agent);

    /**
     * The agents that are cut off.
     *
     * @return their ids, in order
     */
    List<String> cutOffAgents();

    /**
     * What the audit log says of access to state: every refusal, every use of another's scope, every change of rights.
     * Attempts that are alike and fall into one second are at most two records, the first and the exact number of the
     * others.
     *
     * @param query which records; only those whose action begins with {@code state.} are looked at
     * @return the records, newest first
     * @throws StateException {@code access_denied} if an agent asks for other records than its own
     * @throws io.llmspell.core.error.InvalidStateException {@code invalid_state} if the manager has no audit log
     */
    List<AuditRecord> audit(AuditQuery query);
}

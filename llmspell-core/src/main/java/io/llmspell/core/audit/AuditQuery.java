package io.llmspell.core.audit;

import io.llmspell.core.error.ArgumentException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which audit records are wanted; what is null is not looked at.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param principal the text of who asked, such as {@code agent:planner}, or null
 * @param action what the action begins with, such as {@code state.}, or null
 * @param target the whole target, or null
 * @param allowed whether it was allowed, or null
 * @param since the earliest timestamp, or null
 * @param limit how many records at most, the newest ones
 */
public record AuditQuery(
        @Nullable String principal,
        @Nullable String action,
        @Nullable String target,
        @Nullable Boolean allowed,
        @Nullable Instant since,
        int limit) {
    /** The largest limit. */
    public static final int MOST = 10_000;

    /**
     * Checks the limit.
     *
     * @param principal who asked, or null
     * @param action what the action begins with, or null
     * @param target the target, or null
     * @param allowed whether it was allowed, or null
     * @param since the earliest timestamp, or null
     * @param limit 1 to 10,000
     * @throws ArgumentException {@code invalid_argument} if the limit is out of range
     */
    public AuditQuery {
        if (limit < 1 || limit > MOST) {
            throw new ArgumentException("limit", String.valueOf(limit), "1 to " + MOST);
        }
    }

    /**
     * The newest records, whatever they are about.
     *
     * @param limit how many at most, 1 to 10,000
     * @return the query
     */
    public static AuditQuery newest(int limit) {
        return new AuditQuery(null, null, null, null, null, limit);
    }

    /**
     * A copy for one principal.
     *
     * @param text such as {@code agent:planner}
     * @return the copy
     */
    public AuditQuery by(String text) {
        return new AuditQuery(text, action, target, allowed, since, limit);
    }

    /**
     * A copy for one kind of action.
     *
     * @param prefix what the action begins with
     * @return the copy
     */
    public AuditQuery doing(String prefix) {
        return new AuditQuery(principal, prefix, target, allowed, since, limit);
    }

    /**
     * A copy for one target.
     *
     * @param text the whole target
     * @return the copy
     */
    public AuditQuery on(String text) {
        return new AuditQuery(principal, action, text, allowed, since, limit);
    }

    /**
     * A copy for what was allowed, or for what was refused.
     *
     * @param verdict true for what was allowed
     * @return the copy
     */
    public AuditQuery allowed(boolean verdict) {
        return new AuditQuery(principal, action, target, verdict, since, limit);
    }

    /**
     * A copy without what is older.
     *
     * @param earliest the earliest timestamp
     * @return the copy
     */
    public AuditQuery since(Instant earliest) {
        return new AuditQuery(principal, action, target, allowed, earliest, limit);
    }

    /**
     * Whether a record is among the wanted ones, the limit aside.
     *
     * @param record the record
     * @return true if it is
     */
    public boolean matches(AuditRecord record) {
        return (principal == null || principal.equals(record.principal().text()))
                && (action == null || record.action().startsWith(action))
                && (target == null || target.equals(record.target()))
                && (allowed == null || allowed == record.allowed())
                && (since == null || !record.timestamp().isBefore(since));
    }
}

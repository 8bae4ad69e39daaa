package io.llmspell.core.state;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far an agent reaches beyond its own scope without a grant.
 *
 * <p>Shared scopes are {@link Scope#GLOBAL} and those that were declared with {@link StateAccess#share}. <b>Threads:</b>
 * immutable.
 */
public final class Boundary {
    /** The default: the agent uses the global scope; all else needs a grant. */
    public static final Boundary STRICT = new Boundary(Kind.STRICT, false, false, null);

    /** The agent reads all shared scopes, and writes none of them without a grant. */
    public static final Boundary READ_ONLY_SHARED = new Boundary(Kind.READ_ONLY_SHARED, false, false, null);

    /** The agent reads and writes all shared scopes. */
    public static final Boundary SHARED_ACCESS = new Boundary(Kind.SHARED_ACCESS, false, false, null);

    /** The kinds of boundaries. */
    public enum Kind {
        /** See {@link Boundary#STRICT}. */
        STRICT,
        /** See {@link Boundary#READ_ONLY_SHARED}. */
        READ_ONLY_SHARED,
        /** See {@link Boundary#SHARED_ACCESS}. */
        SHARED_ACCESS,
        /** See {@link Boundary#custom}. */
        CUSTOM;

        private final String id = name().toLowerCase(Locale.ROOT);

        /**
         * The name in stored records and messages.
         *
         * @return such as {@code read_only_shared}
         */
        public String id() {
            return id;
        }
    }

    private final Kind kind;
    private final boolean readAll;
    private final boolean writeShared;
    private final @Nullable BoundaryRule rule;

    private Boundary(Kind kind, boolean readAll, boolean writeShared, @Nullable BoundaryRule rule) {
        this.kind = kind;
        this.readAll = readAll;
        this.writeShared = writeShared;
        this.rule = rule;
    }

    /**
     * A boundary of the program's own: what none of the three parts allows is denied unless there is a grant.
     *
     * @param readAll whether the agent reads every scope, those of other agents too
     * @param writeShared whether the agent reads and writes all shared scopes
     * @param rule decides the rest, or null to deny it; it lasts as long as the manager: after a restart the rest is
     *     denied until the boundary is set again
     * @return the boundary
     */
    public static Boundary custom(boolean readAll, boolean writeShared, @Nullable BoundaryRule rule) {
        return new Boundary(Kind.CUSTOM, readAll, writeShared, rule);
    }

    /**
     * Its kind.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Whether the agent reads every scope.
     *
     * @return true only for custom boundaries that say so
     */
    public boolean readAll() {
        return readAll;
    }

    /**
     * Whether a custom boundary opens the shared scopes.
     *
     * @return true only for custom boundaries that say so
     */
    public boolean writeShared() {
        return writeShared;
    }

    /**
     * The program's own decision.
     *
     * @return the rule of a custom boundary, empty if it has none
     */
    public Optional<BoundaryRule> rule() {
        return Optional.ofNullable(rule);
    }

    @Override
    public String toString() {
        return kind.id();
    }
}
